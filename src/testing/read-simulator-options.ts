import * as z from "zod";
import { decodeIssues } from "../decoding/decode-issues.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { decodedProductionSchema } from "../schemas/production.js";
import { DEFAULT_ASSUMPTIONS } from "./assumptions.js";
import type { CardBeginning } from "./card-state.js";
import { readyProduction } from "./production-states.js";
import type { AcceptsToken, KioskSimulatorOptions, SimulatedCardOptions } from "./simulator-options.js";
import { toTime } from "./to-time.js";

const LONGEST_MS = 2_147_483_647;

const profileId = z
  .union([z.number(), z.bigint(), z.string()])
  .transform(String)
  .refine((digits) => /^[1-9]\d*$/.test(digits) && Number.isSafeInteger(Number(digits)), {
    error: "must be a positive integer up to 9007199254740991, as a number, a bigint or a string of digits",
  });
const text = z.string("must be a string").regex(/\S/, "must not be blank");
const time = z.unknown().transform((value, context) => {
  const date = toTime(value);
  if (date === undefined) context.addIssue("must be a Date, or text in ISO 8601");
  return date ?? z.NEVER;
});
const milliseconds = `must be a number of milliseconds from 0 to ${LONGEST_MS}`;
const durationMs = z.number(milliseconds).min(0, milliseconds).max(LONGEST_MS, milliseconds);

const cardSchema = z.object({
  profileId,
  cardToken: text,
  production: decodedProductionSchema.nullish(),
  createdAt: time.optional(),
  outcomes: z.array(z.union([text, z.object({ refuse: text })])).default([]),
  productionDelayMs: durationMs.optional(),
});

const httpStatus = "must be an integer from 200 to 599";
const ownAnswer = z.object({
  httpStatus: z.int(httpStatus).min(200, httpStatus).max(599, httpStatus),
  body: z.unknown().optional(),
});
const answer = ownAnswer.or(z.never("must be { httpStatus, body? }"));
const acceptOrAnswer = z.union([z.literal("accept"), ownAnswer], "must be 'accept' or { httpStatus, body? }");
const produceAssumption = z.union([text, ownAnswer], "must be 'accept', a request error code or { httpStatus, body? }");
const trueOrFalse = z.boolean("must be true or false");

const assumptionsSchema = z.object({
  produceExpiredCard: produceAssumption.default(DEFAULT_ASSUMPTIONS.produceExpiredCard),
  produceBeforeReady: produceAssumption.default(DEFAULT_ASSUMPTIONS.produceBeforeReady),
  produceWhileInProgress: produceAssumption.default(DEFAULT_ASSUMPTIONS.produceWhileInProgress),
  produceAfterProduced: produceAssumption.default(DEFAULT_ASSUMPTIONS.produceAfterProduced),
  readBeforeReady: answer.default(DEFAULT_ASSUMPTIONS.readBeforeReady),
  simulateBeforeProduce: acceptOrAnswer.default(DEFAULT_ASSUMPTIONS.simulateBeforeProduce),
  simulateAfterResult: acceptOrAnswer.default(DEFAULT_ASSUMPTIONS.simulateAfterResult),
  occurredAtOfResult: z
    .enum(["sent", "result"], "must be 'sent' or 'result'")
    .default(DEFAULT_ASSUMPTIONS.occurredAtOfResult),
  refusalIsRead: trueOrFalse.default(DEFAULT_ASSUMPTIONS.refusalIsRead),
  decideByLaggingState: trueOrFalse.default(DEFAULT_ASSUMPTIONS.decideByLaggingState),
});

const optionsSchema = z.object({
  kiosks: z.array(text, "must be a list of kiosk ids").min(1, "must name a kiosk").default(["WIS00001"]),
  cards: z.array(z.custom<SimulatedCardOptions>(), "must be a list of cards").default([]),
  token: z
    .string("must be a string")
    .regex(/^[\x21-\x7e]+$/, "must consist of visible ASCII characters")
    .optional(),
  acceptsToken: z.custom<AcceptsToken>((value) => typeof value === "function", "must be a function").optional(),
  now: time.optional(),
  latencyMs: durationMs.default(0),
  readLagMs: durationMs.default(0),
  productionDelayMs: durationMs.default(0),
  onUnhandledRequest: z.enum(["error", "bypass"], "must be 'error' or 'bypass'").default("error"),
  webhooks: z
    .object({
      schemaVersion: z.enum(["2.0.0", "4.0.0"], "must be '2.0.0' or '4.0.0'").default("4.0.0"),
      subscriptionId: text.default("01234567-89ab-cdef-0123-456789abcdef"),
      clientId: text.default("your-bank"),
    })
    .prefault({}),
  assumptions: assumptionsSchema.prefault({}),
});

/**
 * The options with their defaults. The cards are read one by one, as those that are added later are.
 *
 * @throws {KioskArgumentError} if an option is not valid.
 */
export function readSimulatorOptions(options: KioskSimulatorOptions) {
  return checked(optionsSchema, options, "options");
}

/**
 * How a card begins by its options.
 *
 * @throws {KioskArgumentError} if an option is not valid.
 */
export function readCard(
  card: SimulatedCardOptions,
  defaults: { now: Date; productionDelayMs: number; precisionMs: number },
): CardBeginning {
  const { production, createdAt, productionDelayMs, ...rest } = checked(cardSchema, card, "card");
  return {
    ...rest,
    precisionMs: defaults.precisionMs,
    createdAt: createdAt ?? defaults.now,
    productionDelayMs: productionDelayMs ?? defaults.productionDelayMs,
    production: production === undefined ? readyProduction(defaults.now.toISOString()) : (production ?? undefined),
  };
}

function checked<T extends z.ZodType>(schema: T, value: unknown, name: string): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = decodeIssues(result.error.issues);
  throw new KioskArgumentError(issue?.path || name, issue?.message ?? "is not valid");
}
