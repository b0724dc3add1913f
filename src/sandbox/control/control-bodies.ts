import * as z from "zod";
import { quoteValue } from "../../arguments/found-value.js";
import { isCardToken } from "../../production/card-token.js";
import { SIMULATED_OPERATIONS } from "../../production/operation.js";
import {
  durationMs,
  endText,
  errorCodeText,
  errorParams,
  kioskIdText,
  nonBlankText,
} from "../../testing/api/option-schema.js";
import { toTime } from "../../testing/simulator/to-time.js";
import { CARD_TOKEN_FAULT } from "../state/card-token-fault.js";

// The bodies that the control API accepts. The OpenAPI document is made from these schemas.

const A_COUNT = errorParams("a positive integer, or 'always'", quoteValue);
const A_STATUS = errorParams("an integer from 200 to 599");
const AN_OUTCOME = errorParams(
  "'PRODUCED', a production error code, or { refuse } with a request error code",
  quoteValue,
);
const AN_OPERATION = errorParams(`one of ${SIMULATED_OPERATIONS.map((name) => `'${name}'`).join(", ")}`, quoteValue);
const TRUE_OR_FALSE = errorParams("true or false");

/** A nested object that refuses unknown names. The names of the bodies themselves are checked before. */
function onlyKnown<Shape extends z.ZodRawShape>(shape: Shape) {
  const names = Object.keys(shape).join(", ");
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === "unrecognized_keys" ? `must contain only ${names}, not ${quoteValue(issue.keys[0])}` : undefined,
  });
}

const trueOrFalse = z.boolean(TRUE_OR_FALSE);
const time = nonBlankText
  .refine((text) => toTime(text) !== undefined, errorParams("a time in ISO 8601 with a time zone", quoteValue))
  .describe("A time in ISO 8601 with a time zone.");
const operation = z.enum(SIMULATED_OPERATIONS, AN_OPERATION);
const count = z.union([z.int(A_COUNT).min(1, A_COUNT), z.literal("always")], A_COUNT);
const responseStatus = z.int(A_STATUS).min(200, A_STATUS).max(599, A_STATUS);
const errorCode = z
  .string(errorParams("an error code, or null if Wise sends none"))
  .nullable()
  .describe("Default: null, because Wise may send no code.");

export const cardBody = z.object({
  profileId: z
    .union([z.int(), z.string()], errorParams("a positive integer, or its digits as a string"))
    .optional()
    .describe("Default: that of the first card."),
  cardToken: nonBlankText.refine(isCardToken, CARD_TOKEN_FAULT).optional().describe("Default: a random UUID."),
  ready: trueOrFalse.optional().describe("Whether the card is READY already. Default: true."),
  createdAt: time.optional().describe("A time in ISO 8601 with a time zone. Default: now."),
  outcomes: z
    .array(z.union([endText, onlyKnown({ refuse: errorCodeText })], AN_OUTCOME), errorParams("an array"))
    .optional()
    .describe("The outcome of each print: PRODUCED, a production error code, or a request error code to refuse with."),
  productionDelayMs: durationMs.optional().describe("How long the kiosk takes for each of the outcomes."),
});

export const produceBody = z.object({
  kioskId: kioskIdText.optional().describe("Default: the first kiosk."),
});

export const failBody = z.object({ errorCode: errorCode.optional() });

export const faultBody = z.object({
  fault: z
    .union(
      [
        z.enum(["connection-reset", "lost-response", "timeout", "malformed-json", "truncated-body"]),
        onlyKnown({
          httpStatus: responseStatus,
          headers: z
            .record(z.string(), z.string())
            .optional()
            .describe("Those of a connection, such as `transfer-encoding`, and `content-encoding` are left out."),
          body: z.unknown().optional(),
        }),
        onlyKnown({ arrivesAfterMs: durationMs }),
      ],
      errorParams(
        "{ httpStatus, headers?, body? }, { arrivesAfterMs } or one of 'connection-reset', 'lost-response', 'timeout', " +
          "'malformed-json', 'truncated-body'",
        (value) =>
          value === "connection-refused"
            ? "'connection-refused': the sandbox's page and control API share its port. Use 'connection-reset'"
            : quoteValue(value),
      ),
    )
    .describe("What goes wrong."),
  operation: operation.optional().describe("Default: any."),
  times: count.optional().describe("How many requests the fault applies to. Default: 1."),
  takesEffect: trueOrFalse
    .optional()
    .describe(
      "Whether the request takes effect nevertheless. Default: true for lost-response, malformed-json, truncated-body and arrivesAfterMs, otherwise false.",
    ),
});

export const settingsBody = z.object({
  readLagMs: durationMs.optional(),
  latencyMs: durationMs.optional(),
  auto: trueOrFalse.optional(),
  webhookUrl: z.string(errorParams("a URL, or null for none")).nullable().optional(),
});

export const clockBody = z.object({
  advanceMs: z
    .number(errorParams("a number of milliseconds, 0 or more"))
    .min(0, errorParams("a number of milliseconds, 0 or more"))
    .optional()
    .describe("How far to advance the clock, in milliseconds."),
  now: time.optional().describe("The time at which the clock stops, in ISO 8601 with a time zone."),
});

export const releaseBody = z.object({
  order: z
    .enum(["original", "reversed"], errorParams("'original' or 'reversed'", quoteValue))
    .optional()
    .describe("Default: original."),
  deliveryIds: z
    .array(z.string(), errorParams("an array of delivery ids"))
    .optional()
    .describe("Which of the held deliveries go out, in this order. An id may occur twice, or not at all."),
});

export const requestsQuery = z.object({
  cardToken: z.string().optional().describe("Only requests about this card."),
  operation: operation.optional().describe("Only requests for this operation."),
  limit: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, errorParams("an integer from 1 to 9999", quoteValue))
    .transform(Number)
    .optional()
    .describe("The number of newest requests to return. Default: all of the last 1000."),
});

/** The schemas by their names in the OpenAPI document. */
export const NAMED_BODIES = {
  NewCard: cardBody,
  NewPrint: produceBody,
  NewFailure: failBody,
  NewFault: faultBody,
  SettingsChange: settingsBody,
  ClockChange: clockBody,
  Release: releaseBody,
} as const;
