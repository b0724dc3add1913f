import * as z from "zod/mini";
import { define } from "./define.js";

/** Matches text that is not blank. */
const NOT_BLANK = /\S/;

/** Matches text that is not blank and has no whitespace around it: the id is compared with the one that Wise reports. */
const KIOSK_ID_PATTERN = /^\S(.*\S)?$/s;

/**
 * The body of the request to produce a card.
 *
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export const produceRequestSchema = /* @__PURE__ */ define(() =>
  z.object({ kioskId: z.string().check(z.regex(KIOSK_ID_PATTERN)) }),
);

/** An error code to simulate. */
export const simulatedErrorCodeSchema = /* @__PURE__ */ define(() => z.string().check(z.regex(NOT_BLANK)));

/**
 * The body of the request that simulates the end of a production in the sandbox: `PRODUCED`, or `PRODUCTION_ERROR` with an
 * optional production error code.
 *
 * @see https://docs.wise.com/api-reference/simulation
 */
export const simulationRequestSchema = /* @__PURE__ */ define(() =>
  z.discriminatedUnion("status", [
    z.object({ status: z.literal("PRODUCED"), errorCode: z.optional(z.literal(null)) }),
    z.object({ status: z.literal("PRODUCTION_ERROR"), errorCode: z.optional(simulatedErrorCodeSchema) }),
  ]),
);
