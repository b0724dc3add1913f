import * as z from "zod/mini";
import { KIOSK_ID_PATTERN } from "../production/kiosk-id.js";
import { define } from "./define.js";

/** Matches text that is not blank. */
export const NOT_BLANK = /\S/;

/**
 * The body of the request to produce a card.
 *
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export const produceRequestSchema = /* @__PURE__ */ define(() =>
  z.object({ kioskId: z.string().check(z.regex(KIOSK_ID_PATTERN)) }),
);

/**
 * The body of the request that simulates the end of a production in the sandbox: `PRODUCED`, or `PRODUCTION_ERROR` with an
 * optional production error code.
 *
 * @see https://docs.wise.com/api-reference/simulation
 */
export const simulationRequestSchema = /* @__PURE__ */ define(() =>
  z.discriminatedUnion("status", [
    z.object({ status: z.literal("PRODUCED"), errorCode: z.optional(z.literal(null)) }),
    z.object({ status: z.literal("PRODUCTION_ERROR"), errorCode: z.optional(z.string().check(z.regex(NOT_BLANK))) }),
  ]),
);
