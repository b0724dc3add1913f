import * as z from "zod";
import { SIMULATED_OPERATIONS } from "../../production/operation.js";
import { decodedProductionSchema } from "../../schemas/production.js";

// What the control API returns. The OpenAPI document is made from these schemas, and the page uses their types.

const time = z.string().describe("A time of the sandbox's clock, in ISO 8601.");
const durationMs = z.number().describe("In milliseconds.");
const operation = z.enum(SIMULATED_OPERATIONS);

/** A number of requests: an integer, or `always`. */
const requestCount = z.union([z.int().min(1), z.literal("always")]);

const adviceView = z.object({
  nextStep: z
    .enum(["retry-later", "fix-kiosk-and-retry", "fix-request", "check-status", "contact-wise"])
    .nullable()
    .describe("What to do next; null if nothing needs to be done."),
  meaning: z.string(),
  component: z.string().describe("The part that failed."),
  mayLeaveCard: z.boolean().describe("Whether a personalised card may be left in the machine or its reject box."),
  canProduce: z.boolean(),
});

export const cardView = z.object({
  profileId: z.string(),
  cardToken: z.string(),
  production: z.nullable(decodedProductionSchema).describe("The state of the card; null before it is READY."),
  shown: z.nullable(decodedProductionSchema).describe("The state that a read shows, which may lag."),
  advice: adviceView.nullable().describe("What the state means, and what to do."),
  expired: z.boolean().describe("Whether the card is older than 60 days, so that it cannot be produced."),
  createdAt: time,
  prints: z.int().describe("How many prints of the card have begun."),
  outcomes: z
    .array(z.union([z.string(), z.object({ refuse: z.string() })]))
    .describe("The outcomes of the next prints, in order."),
});

export const faultView = z.object({
  id: z.string(),
  fault: z.union([z.string(), z.record(z.string(), z.unknown())]),
  operation: operation.nullable().describe("The operation that the fault applies to; null for any."),
  remaining: requestCount.describe("How many more requests the fault applies to."),
  takesEffect: z
    .boolean()
    .nullable()
    .describe(
      "Whether the request takes effect nevertheless. Null: true for lost-response, malformed-json, truncated-body and arrivesAfterMs, otherwise false.",
    ),
});

const attemptView = z.object({
  at: time,
  attempt: z.int().describe("Counted from 1."),
  httpStatus: z.int().nullable().describe("The status of the receiver's response; null if none arrived."),
  failure: z.string().nullable().describe("Why no response arrived, such as timeout or ECONNREFUSED."),
  durationMs,
});

const eventView = z.object({
  deliveryId: z.string(),
  profileId: z.string().nullable(),
  cardToken: z.string().nullable(),
  status: z.string().nullable(),
  errorCode: z.string().nullable(),
  body: z.string().describe("The body exactly as it is signed."),
  headers: z.record(z.string(), z.string()),
});

const deliveryView = eventView.extend({
  at: time,
  url: z.string().nullable().describe("The receiver without its query; null if there was none."),
  attempts: z.array(attemptView),
});

export const deliveriesView = z.object({
  holding: z.boolean().describe("Whether deliveries are held back."),
  held: z.array(eventView).describe("What is held back, oldest first."),
  sent: z.array(deliveryView).describe("What went out, oldest first."),
});

export const requestView = z.object({
  at: time,
  operation: operation.nullable().describe("Null if Wise has no such path or method."),
  method: z.string(),
  path: z.string(),
  cardToken: z.string().nullable(),
  headers: z.record(z.string(), z.string()).describe("Without credentials."),
  body: z
    .unknown()
    .describe(
      "The parsed value if it is JSON with at most 4 KiB and 100 levels, otherwise the first 4 KiB of the text. Null if the request " +
        "had no body, or its token was refused.",
    ),
  response: z
    .object({ status: z.int(), headers: z.record(z.string(), z.string()), body: z.string() })
    .nullable()
    .describe("Null if no response was sent. The body is cut after 4 KiB."),
  fault: z.union([z.string(), z.record(z.string(), z.unknown())]).nullable(),
  tookEffect: z
    .boolean()
    .describe(
      "Whether the request changed something: a card, a subscription, a test notification or a token. A refusal changes nothing.",
    ),
});

export const settingsView = z.object({
  readLagMs: durationMs.describe("How far reads lag behind, in milliseconds."),
  latencyMs: durationMs.describe("How long each response takes, in milliseconds."),
  auto: z.boolean().describe("Whether each print becomes PRODUCED without further action."),
  webhookUrl: z.string().nullable().describe("The receiver of the webhooks."),
});

export const clockView = z.object({
  now: time,
  stopped: z.boolean().describe("Whether the clock stands still until it is set or advanced."),
});

export const stateView = z.object({
  clock: clockView,
  token: z.string().nullable().describe("The access token; null if this API requires it."),
  subscriptionId: z.string(),
  publicKey: z.string().describe("Verifies the webhooks, in SPKI PEM."),
  kiosks: z.array(z.string()),
  settings: settingsView,
  cards: z.array(cardView),
  faults: z.array(faultView),
  deliveries: deliveriesView,
  requests: z.array(requestView),
});

export const errorCodeView = z.object({
  code: z.string(),
  kind: z.enum(["request", "production"]),
  component: z.string(),
  meaning: z.string(),
  nextStep: z.string(),
  mayLeaveCard: z.boolean(),
});

export const healthView = z.object({ status: z.literal("ok") });

export const problemView = z.object({
  type: z.literal("about:blank"),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe("What is wrong, and what to do."),
  argument: z.string().optional().describe("The name of the invalid value."),
});

/** The schemas by their names in the OpenAPI document. */
export const NAMED_VIEWS = {
  Advice: adviceView,
  Attempt: attemptView,
  Card: cardView,
  Clock: clockView,
  Deliveries: deliveriesView,
  Delivery: deliveryView,
  ErrorCode: errorCodeView,
  Event: eventView,
  Fault: faultView,
  Health: healthView,
  Problem: problemView,
  Request: requestView,
  Settings: settingsView,
  State: stateView,
} as const;

export type ClockView = z.infer<typeof clockView>;
export type CardView = z.infer<typeof cardView>;
export type FaultView = z.infer<typeof faultView>;
export type EventView = z.infer<typeof eventView>;
export type DeliveryView = z.infer<typeof deliveryView>;
export type DeliveriesView = z.infer<typeof deliveriesView>;
export type RequestView = z.infer<typeof requestView>;
export type SettingsView = z.infer<typeof settingsView>;
export type StateView = z.infer<typeof stateView>;
export type ErrorCodeView = z.infer<typeof errorCodeView>;
export type ProblemView = z.infer<typeof problemView>;
