import * as z from "zod";

/**
 * The body of the request that simulates the end of a production in the sandbox: `PRODUCED`, or `PRODUCTION_ERROR` with an
 * optional production error code.
 *
 * @see https://docs.wise.com/api-reference/simulation
 */
export const simulationRequestSchema = z.compile(
  z.discriminatedUnion("status", [
    z.object({ status: z.literal("PRODUCED"), errorCode: z.null().optional() }),
    z.object({ status: z.literal("PRODUCTION_ERROR"), errorCode: z.string().min(1).optional() }),
  ]),
);
