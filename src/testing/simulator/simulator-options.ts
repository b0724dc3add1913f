import type { Production } from "../../production/production.js";
import type { GivenAssumptions } from "../api/assumptions.js";
import type { SimulatedOutcome } from "../api/simulated-card.js";
import type { WebhookSchemaVersion } from "../webhooks/production-event-body.js";

/** A card to simulate, ordered with the delivery option `KIOSK_COLLECTION`. */
export interface SimulatedCardOptions {
  /**
   * The profile that the card belongs to: an integer from 1 to 9007199254740991, also as a bigint or a string of digits without
   * leading zeros.
   */
  readonly profileId: number | string | bigint;
  /** The token of the card: a string that is not blank and is unique in the simulator. */
  readonly cardToken: string;
  /** The initial state of the card; `null` if it is not `READY` yet. Default: `READY`. */
  readonly production?: Production | null | undefined;
  /**
   * When the card was created: a `Date`, or ISO 8601 with a time zone. It can be produced for 60 days. Default: when it is added.
   */
  readonly createdAt?: Date | string | undefined;
  /**
   * The scripted outcomes, one for each production request, applied automatically: with `['PRT_RIBBON_ENDED', 'PRODUCED']` the
   * first production fails and the second succeeds. If none is left, the card stays `IN_PROGRESS`. Default: none.
   */
  readonly outcomes?: readonly SimulatedOutcome[] | undefined;
  /**
   * How long the kiosk takes for each of `outcomes`, in milliseconds of the simulator's clock: 0 to 2147483647. Default: the
   * simulator's `productionDelayMs`.
   */
  readonly productionDelayMs?: number | undefined;
}

/** Options for the webhooks that a simulator sends. */
export interface SimulatorWebhookOptions {
  /** The schema version of the events. Times have whole seconds in `2.0.0`, and milliseconds in `4.0.0`. Default: `4.0.0`. */
  readonly schemaVersion?: WebhookSchemaVersion | undefined;
  /** The id of the subscription, not blank. Default: `01234567-89ab-cdef-0123-456789abcdef`, as in Wise's example. */
  readonly subscriptionId?: string | undefined;
  /** The client id of the bank, not blank. Default: `your-bank`, as in Wise's example. */
  readonly clientId?: string | undefined;
}

/** Options for `createKioskSimulator`. */
export interface KioskSimulatorOptions {
  /** The ids of the kiosks: at least one, none of them blank. Default: `['WIS00001']`. */
  readonly kiosks?: readonly string[] | undefined;
  /** The cards at the beginning. Add more with `addCard`. Default: none. */
  readonly cards?: readonly SimulatedCardOptions[] | undefined;
  /**
   * The access token that is accepted for all profiles: visible ASCII characters. Default: a random one, see `clientOptions()`.
   */
  readonly token?: string | undefined;
  /**
   * Decides which tokens are accepted, in place of `token`, for tests of tokens that expire or belong to one customer. Default:
   * only `token` is accepted.
   */
  readonly acceptsToken?: AcceptsToken | undefined;
  /**
   * The time at which the simulator's clock is stopped: a `Date`, or ISO 8601 with a time zone. It then moves only if you set or
   * advance it. Default: the clock follows `Date`.
   */
  readonly now?: Date | string | undefined;
  /** How long each response takes, in milliseconds, measured by a timer: 0 to 2147483647. Default: 0. */
  readonly latencyMs?: number | undefined;
  /**
   * How far reads lag behind, in milliseconds: 0 to 2147483647. `GET` shows the state of that many milliseconds ago, by the
   * simulator's clock. The initial state of a card, webhooks and `SimulatedCard` do not lag. Default: 0.
   */
  readonly readLagMs?: number | undefined;
  /**
   * How long a kiosk takes to produce a card that has `outcomes`, in milliseconds of the simulator's clock: 0 to 2147483647.
   * Default: 0.
   */
  readonly productionDelayMs?: number | undefined;
  /**
   * What happens to a request through `dispatcher` to a path outside the kiosk collection: with `'error'` it fails, with
   * `'bypass'` it goes to the network. Default: `'error'`.
   */
  readonly onUnhandledRequest?: OnUnhandledRequest | undefined;
  /** The schema version and the ids in webhooks. Default: the defaults of {@link SimulatorWebhookOptions}. */
  readonly webhooks?: SimulatorWebhookOptions | undefined;
  /** How the simulator behaves in cases that Wise does not document. Default: those of `KioskSimulatorAssumptions`. */
  readonly assumptions?: GivenAssumptions | undefined;
}

/**
 * Returns whether an access token is accepted for requests about the cards of a profile: `true` or `false`. A promise is refused:
 * the connection of the request fails with a `KioskArgumentError`. Through MSW, it gets a 500 that quotes the error.
 */
export type AcceptsToken = (token: string, context: { readonly profileId: string }) => boolean;

/**
 * What happens to a request through the simulator's `dispatcher` to a path outside the kiosk collection: with `'error'` it fails
 * with an error that names the nearest path; with `'bypass'` it goes to the network.
 */
export type OnUnhandledRequest = "error" | "bypass";
