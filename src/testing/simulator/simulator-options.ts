import type { Production } from "../../production/production.js";
import type { GivenAssumptions } from "../api/assumptions.js";
import type { SimulatedOutcome } from "../api/simulated-card.js";
import type { WebhookSchemaVersion } from "../webhooks/production-event-body.js";

/** A card that was ordered with the delivery option `KIOSK_COLLECTION`. */
export interface SimulatedCardOptions {
  /** The profile that the card belongs to: a positive safe integer, or the same in decimal digits. */
  readonly profileId: number | string | bigint;
  /** The token of the card: text that is not blank, and that no other card of the simulator has. */
  readonly cardToken: string;
  /** Where the card stands at the beginning; `null` if it is not `READY` yet. Default: `READY`. */
  readonly production?: Production | null | undefined;
  /** When the card was created; it can be produced for 60 days. Default: the simulator's time when the card is added. */
  readonly createdAt?: Date | string | undefined;
  /**
   * What comes of each production request in turn, without anyone's doing: `['PRT_RIBBON_ENDED', 'PRODUCED']` fails the first and
   * lets the second succeed. If none is left, the card stays `IN_PROGRESS`. Default: none.
   */
  readonly outcomes?: readonly SimulatedOutcome[] | undefined;
  /**
   * How long the kiosk takes for each of `outcomes`, in milliseconds of the simulator's clock: 0 to 2147483647. Default: the
   * simulator's `productionDelayMs`.
   */
  readonly productionDelayMs?: number | undefined;
}

/** How the simulator plays the sender of webhooks. */
export interface SimulatorWebhookOptions {
  /** The version of the event that is subscribed. In `2.0.0` times have whole seconds. Default: `4.0.0`. */
  readonly schemaVersion?: WebhookSchemaVersion | undefined;
  /** The id of the subscription. Default: that of Wise's example, `01234567-89ab-cdef-0123-456789abcdef`. */
  readonly subscriptionId?: string | undefined;
  /** The client id of the bank. Default: that of Wise's example, `your-bank`. */
  readonly clientId?: string | undefined;
}

/** Options of `createKioskSimulator`. */
export interface KioskSimulatorOptions {
  /** The ids of the kiosks that exist, at least one. Default: `['WIS00001']`. */
  readonly kiosks?: readonly string[] | undefined;
  /** The cards that exist; more can be added later. Default: none. */
  readonly cards?: readonly SimulatedCardOptions[] | undefined;
  /**
   * The access token that is accepted for all profiles: visible ASCII characters. Default: one that is made up for this
   * simulator, see `clientOptions()`.
   */
  readonly token?: string | undefined;
  /** Decides which tokens are accepted, instead of `token`: for tests of tokens that expire or belong to one customer. */
  readonly acceptsToken?: AcceptsToken | undefined;
  /** The time at which the simulator's clock stands until it is moved. Default: the clock follows `Date`. */
  readonly now?: Date | string | undefined;
  /** How long each response takes, in milliseconds: 0 to 2147483647. Default: 0. */
  readonly latencyMs?: number | undefined;
  /**
   * How much a read lags, in milliseconds: 0 to 2147483647. `GET` shows the state that many milliseconds ago, by the simulator's
   * clock. The state in which a card begins is shown at once. Webhooks and {@link SimulatedCard} do not lag. Default: 0.
   */
  readonly readLagMs?: number | undefined;
  /**
   * How long a kiosk takes to produce a card that has `outcomes`, in milliseconds of the simulator's clock: 0 to 2147483647.
   * Default: 0.
   */
  readonly productionDelayMs?: number | undefined;
  /**
   * What happens to a request through `dispatcher` whose path is not one of the kiosk collection: it fails with an error that
   * names the nearest path, or goes to the network. Default: `'error'`.
   */
  readonly onUnhandledRequest?: OnUnhandledRequest | undefined;
  /** The subscription that webhooks are sent to. */
  readonly webhooks?: SimulatorWebhookOptions | undefined;
  /** How the simulator behaves where Wise's documentation is silent. */
  readonly assumptions?: GivenAssumptions | undefined;
}

/** Decides whether an access token is accepted for requests about the cards of a profile. */
export type AcceptsToken = (token: string, context: { readonly profileId: string }) => boolean;

/**
 * What happens to a request through the simulator's dispatcher whose path is not one of the kiosk collection: `'error'`, it fails
 * with an error that names the nearest path; `'bypass'`, it goes to the network.
 */
export type OnUnhandledRequest = "error" | "bypass";
