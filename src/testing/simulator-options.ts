import * as z from "zod";
import { decodeIssues } from "../decoding/decode-issues.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import type { Production } from "../production/production.js";
import { decodedProductionSchema } from "../schemas/production.js";
import { DEFAULT_ASSUMPTIONS, type KioskSimulatorAssumptions } from "./assumptions.js";
import type { CardBeginning } from "./card-state.js";
import type { OnUnhandledRequest } from "./on-unhandled-request.js";
import type { WebhookSchemaVersion } from "./production-event-body.js";
import { readyProduction } from "./production-states.js";
import type { SimulatedOutcome } from "./simulated-outcome.js";

/** A card that was ordered with the delivery option `KIOSK_COLLECTION`. */
export interface SimulatedCardOptions {
  readonly profileId: number | string | bigint;
  readonly cardToken: string;
  /** Where the card stands at the beginning; `null`: not yet `READY`. Default: `READY`. */
  readonly production?: Production | null | undefined;
  /** When the card was created; it can be produced for 60 days. Default: the simulator's time when the card is added. */
  readonly createdAt?: Date | string | undefined;
  /**
   * What comes of each production request in turn, without a hand on it: `['PRT_RIBBON_ENDED', 'PRODUCED']` fails the first
   * and lets the second succeed. When none is left, the card stays `IN_PROGRESS`. Default: none.
   */
  readonly outcomes?: readonly SimulatedOutcome[] | undefined;
  /** How long the kiosk takes for each of `outcomes`, in milliseconds from 0. Default: the simulator's `productionDelayMs`. */
  readonly productionDelayMs?: number | undefined;
}

/** How the simulator plays the sender of webhooks. */
export interface SimulatorWebhookOptions {
  /** The version of the event that was subscribed. `2.0.0` has whole seconds in its times. Default: `4.0.0`. */
  readonly schemaVersion?: WebhookSchemaVersion | undefined;
  /** Default: that of Wise's example, `01234567-89ab-cdef-0123-456789abcdef`. */
  readonly subscriptionId?: string | undefined;
  /** Default: that of Wise's example, `your-bank`. */
  readonly clientId?: string | undefined;
}

/** Options of `createKioskSimulator`. */
export interface KioskSimulatorOptions {
  /** The kiosks that exist. Default: `['WIS00001']`. */
  readonly kiosks?: readonly string[] | undefined;
  /** The cards that exist; more can be added later. Default: none. */
  readonly cards?: readonly SimulatedCardOptions[] | undefined;
  /** The access token that is accepted, for all profiles. Default: one made up for this simulator, see `clientOptions()`. */
  readonly token?: string | undefined;
  /** Decides itself which tokens are accepted, instead of `token`: to try expiry, and tokens that belong to one customer. */
  readonly acceptsToken?: ((token: string, context: { readonly profileId: string }) => boolean) | undefined;
  /** The time at which the simulator's clock stands until it is moved. Default: it follows the system's clock. */
  readonly now?: Date | string | undefined;
  /** How long each answer takes, in milliseconds from 0. Default: 0. */
  readonly latencyMs?: number | undefined;
  /**
   * How much a read lags, in milliseconds from 0: `GET` shows the state that many milliseconds ago, by the simulator's clock. The
   * state in which a card begins is shown at once. Webhooks and {@link SimulatedCard} do not lag. Default: 0.
   */
  readonly readLagMs?: number | undefined;
  /** How long a kiosk takes to produce a card that has `outcomes`, in milliseconds from 0. Default: 0. */
  readonly productionDelayMs?: number | undefined;
  /**
   * What becomes of a request through `dispatcher` whose path is none of the kiosk collection's: it fails with an error that
   * names the nearest path, or goes to the network. Default: `'error'`.
   */
  readonly onUnhandledRequest?: OnUnhandledRequest | undefined;
  /** The subscription to which webhooks are sent. */
  readonly webhooks?: SimulatorWebhookOptions | undefined;
  /** How the simulator behaves where Wise's documentation is silent. */
  readonly assumptions?: Partial<KioskSimulatorAssumptions> | undefined;
}

const profileId = z
  .union([z.number(), z.bigint(), z.string()])
  .transform(String)
  .refine((digits) => /^[1-9]\d*$/.test(digits) && Number.isSafeInteger(Number(digits)), {
    error: "has to be a positive integer up to 9007199254740991, as a number, a bigint or a string of digits",
  });
const text = z.string("has to be a string").regex(/\S/, "must not be empty");
const time = z
  .union([z.date(), z.string()], "has to be a Date, or a text in ISO 8601")
  .pipe(z.coerce.date("has to be a Date, or a text in ISO 8601"));
const durationMs = z.number("has to be a number of milliseconds").min(0, "must not be negative").max(2_147_483_647);

const cardSchema = z.object({
  profileId,
  cardToken: text,
  production: decodedProductionSchema.nullish(),
  createdAt: time.optional(),
  outcomes: z.array(z.union([text, z.object({ refuse: text })])).default([]),
  productionDelayMs: durationMs.optional(),
});

const optionsSchema = z.object({
  kiosks: z.array(text).min(1, "has to name a kiosk").default(["WIS00001"]),
  cards: z.array(z.custom<SimulatedCardOptions>()).default([]),
  token: z
    .string()
    .regex(/^[\x21-\x7e]+$/, "has to be of visible ASCII characters")
    .optional(),
  acceptsToken: z.custom<KioskSimulatorOptions["acceptsToken"]>((value) => typeof value === "function").optional(),
  now: time.optional(),
  latencyMs: durationMs.default(0),
  readLagMs: durationMs.default(0),
  productionDelayMs: durationMs.default(0),
  onUnhandledRequest: z.enum(["error", "bypass"]).default("error"),
  webhooks: z
    .object({
      schemaVersion: z.enum(["2.0.0", "4.0.0"]).default("4.0.0"),
      subscriptionId: text.default("01234567-89ab-cdef-0123-456789abcdef"),
      clientId: text.default("your-bank"),
    })
    .prefault({}),
  assumptions: z.custom<Partial<KioskSimulatorAssumptions>>((value) => typeof value === "object").default({}),
});

/** The options with their defaults. The cards are read one by one, as those that are added later are. */
export function readSimulatorOptions(options: KioskSimulatorOptions) {
  const { assumptions, ...rest } = checked(optionsSchema, options, "options");
  return { ...rest, assumptions: { ...DEFAULT_ASSUMPTIONS, ...assumptions } };
}

/** How a card begins by its options. */
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
