import * as z from "zod";

/** Matches text that is not blank. */
const NOT_BLANK = /\S/;

/** Matches text that is not blank and has no whitespace around it: the id is compared with the one that Wise reports. */
const KIOSK_ID_PATTERN = /^\S(.*\S)?$/s;

/**
 * The body of the request to produce a card.
 *
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export const produceRequestSchema = z.compile(z.object({ kioskId: z.string().regex(KIOSK_ID_PATTERN) }));

/**
 * The body of the request that simulates the end of a production in the sandbox: `PRODUCED`, or `PRODUCTION_ERROR` with an
 * optional production error code.
 *
 * @see https://docs.wise.com/api-reference/simulation
 */
export const simulationRequestSchema = z.compile(
  z.discriminatedUnion("status", [
    z.object({ status: z.literal("PRODUCED"), errorCode: z.null().optional() }),
    z.object({ status: z.literal("PRODUCTION_ERROR"), errorCode: z.string().regex(NOT_BLANK).optional() }),
  ]),
);
