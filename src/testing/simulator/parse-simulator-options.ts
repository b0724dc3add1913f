import * as z from "zod";
import { describeValue, mustBe, quoteValue } from "../../arguments/found-value.js";
import { toPredicate } from "../../arguments/parse-function.js";
import { type OptionNames, parseNestedOptions, parseOptions, parseReference } from "../../arguments/parse-options.js";
import { tokenFault } from "../../arguments/token-fault.js";
import { decodeProduction } from "../../decoding/decode-production.js";
import type { Production } from "../../production/production.js";
import { A_PROFILE_ID, toProfileId } from "../../production/profile-id.js";
import type { InitialCardState } from "../api/card-state.js";
import {
  durationMs,
  endText,
  errorCodeText,
  errorParams,
  kioskIdText,
  nonBlankText,
  parseWithSchema,
} from "../api/option-schema.js";
import { assumptionsSchema, parseAssumptions } from "../api/parse-assumptions.js";
import { readyProduction } from "../api/production-states.js";
import type { SimulatedRefusal } from "../api/simulated-card.js";
import type {
  AcceptsToken,
  KioskSimulatorOptions,
  SimulatedCardOptions,
  SimulatorWebhookOptions,
} from "./simulator-options.js";
import { A_TIME, describeTime, toTime } from "./to-time.js";

const SIMULATOR_OPTION_NAMES: OptionNames<KioskSimulatorOptions> = {
  kiosks: true,
  cards: true,
  token: true,
  acceptsToken: true,
  now: true,
  latencyMs: true,
  readLagMs: true,
  productionDelayMs: true,
  onUnhandledRequest: true,
  webhooks: true,
  assumptions: true,
};

const WEBHOOK_OPTION_NAMES: OptionNames<SimulatorWebhookOptions> = {
  schemaVersion: true,
  subscriptionId: true,
  clientId: true,
};

const CARD_OPTION_NAMES: OptionNames<SimulatedCardOptions> = {
  profileId: true,
  cardToken: true,
  production: true,
  createdAt: true,
  outcomes: true,
  productionDelayMs: true,
};

const REFUSAL_NAMES: OptionNames<SimulatedRefusal> = { refuse: true };

const profileId = z
  .custom<number | string | bigint>((value) => toProfileId(value) !== undefined, errorParams(A_PROFILE_ID))
  .transform(String);
const time = z
  .custom<Date | string>((value) => toTime(value) !== undefined, errorParams(A_TIME, describeTime))
  .transform((value) => toTime(value) as Date);
const outcome = z.union(
  [endText, z.object({ refuse: errorCodeText })],
  errorParams("'PRODUCED', a production error code or { refuse: 'a request error code' }"),
);

const cardSchema = z.object({
  profileId,
  cardToken: nonBlankText.refine((token) => !/^\.\.?$/.test(token) && token.isWellFormed(), {
    error: "must not be '.' or '..', nor contain a lone surrogate: no URL can contain these",
  }),
  createdAt: time.optional(),
  outcomes: z.array(outcome, errorParams("an array")).default([]),
  productionDelayMs: durationMs.optional(),
});

const optionsSchema = z.object({
  kiosks: z
    .array(kioskIdText, errorParams("an array of kiosk ids"))
    .min(1, "must name at least one kiosk")
    .default(["WIS00001"]),
  cards: z.array(z.custom<SimulatedCardOptions>(), errorParams("an array of cards")).default([]),
  token: z
    .custom<string>((value) => tokenFault(value) === undefined, errorParams("an access token", tokenFault))
    .optional(),
  acceptsToken: z
    .custom<AcceptsToken>((value) => typeof value === "function", errorParams("a function"))
    .transform((accepts) => toPredicate("acceptsToken", accepts))
    .optional(),
  now: time.optional(),
  latencyMs: durationMs.default(0),
  readLagMs: durationMs.default(0),
  productionDelayMs: durationMs.default(0),
  onUnhandledRequest: z.enum(["error", "bypass"], errorParams("'error' or 'bypass'", quoteValue)).default("error"),
  webhooks: z
    .object({
      schemaVersion: z.enum(["2.0.0", "4.0.0"], errorParams("'2.0.0' or '4.0.0'", quoteValue)).default("4.0.0"),
      subscriptionId: nonBlankText.default("01234567-89ab-cdef-0123-456789abcdef"),
      clientId: nonBlankText.default("your-bank"),
    })
    .prefault({}),
  assumptions: assumptionsSchema.prefault({}),
});

/**
 * Parses the options and adds the defaults. The cards are not parsed yet: {@link parseSimulatedCard} does so when they are added.
 *
 * @throws {KioskArgumentError} if an option is unknown or invalid; the message names the first one.
 */
export function parseSimulatorOptions(given: KioskSimulatorOptions) {
  const options = parseOptions("options", given, SIMULATOR_OPTION_NAMES);
  const { webhooks, assumptions } = options;
  const nested = {
    webhooks: webhooks === undefined ? undefined : parseNestedOptions("webhooks", webhooks, WEBHOOK_OPTION_NAMES),
    assumptions: assumptions === undefined ? undefined : parseAssumptions(assumptions),
  };
  return parseWithSchema(optionsSchema, { ...options, ...nested }, "options");
}

/**
 * Parses the initial state of a card. Names that resemble no option are allowed and ignored.
 *
 * @throws {KioskArgumentError} if an option is invalid, or its name looks misspelt; the message names the first one.
 */
export function parseSimulatedCard(
  given: SimulatedCardOptions,
  defaults: { now: Date; productionDelayMs: number; precisionMs: number },
): InitialCardState {
  const options = parseReference("card", given, CARD_OPTION_NAMES);
  const card = { ...options, outcomes: parseOutcomes(options.outcomes) };
  const { createdAt, productionDelayMs, ...rest } = parseWithSchema(cardSchema, card, "card");
  const production = parseCardProduction(options.production);
  return {
    ...rest,
    precisionMs: defaults.precisionMs,
    createdAt: createdAt ?? defaults.now,
    productionDelayMs: productionDelayMs ?? defaults.productionDelayMs,
    production: production === undefined ? readyProduction(defaults.now.toISOString()) : (production ?? undefined),
  };
}

/** Copies outcomes and rejects unknown names in them. The schema checks everything else. */
function parseOutcomes(outcomes: SimulatedCardOptions["outcomes"]): SimulatedCardOptions["outcomes"] {
  if (!Array.isArray(outcomes)) return outcomes;
  return outcomes.map((outcome, index) =>
    typeof outcome === "object" && outcome !== null
      ? parseNestedOptions(`outcomes.${index}`, outcome, REFUSAL_NAMES)
      : outcome,
  );
}

function parseCardProduction(production: unknown): Production | null | undefined {
  if (production === undefined || production === null) return production;
  const decoded = decodeProduction(production);
  if (decoded.ok) return decoded.value;
  throw mustBe("production", "a Production returned by this package, or null", describeValue(production));
}
