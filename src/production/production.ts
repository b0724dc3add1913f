import type { ProductionErrorCode, RequestErrorCode } from "./error-codes.js";

/** What every member of {@link Production} carries. */
export interface ProductionDetails {
  /** The kiosk that produces the card; `null` while the card is `READY`, or where Wise sent none. */
  readonly kioskId: string | null;
  /**
   * When the production request was sent to the kiosk: the exact text that Wise sent (ISO 8601 by its documentation, which
   * also shows one that does not parse), or `null`.
   */
  readonly occurredAt: string | null;
  /** Wise's own words on the state or the error, or `null`. */
  readonly description: string | null;
}

/** The card can be produced: call `produceCard`. */
export interface ReadyProduction extends ProductionDetails {
  readonly status: "READY";
  readonly errorCode: null;
}

/** The kiosk is producing the card. */
export interface InProgressProduction extends ProductionDetails {
  readonly status: "IN_PROGRESS";
  readonly errorCode: null;
}

/** The card is produced and collected. This is final. */
export interface ProducedProduction extends ProductionDetails {
  readonly status: "PRODUCED";
  readonly errorCode: null;
}

/**
 * The kiosk failed to produce the card, or no one collected it. Once the cause is fixed, `produceCard` can be called again.
 */
export interface FailedProduction extends ProductionDetails {
  readonly status: "PRODUCTION_ERROR";
  /** What failed. `null` is what an uncollected card looks like. Unknown codes are passed through unchanged. */
  readonly errorCode: ProductionErrorCode | (string & {}) | null;
}

/** Wise or the kiosk did not accept the production request. */
export interface RefusedProduction extends ProductionDetails {
  readonly status: "REQUEST_ERROR";
  /** Why the request was not accepted. Unknown codes are passed through unchanged. */
  readonly errorCode: RequestErrorCode | (string & {}) | null;
}

/** A status that this version does not know. */
export interface UnrecognizedProduction extends ProductionDetails {
  readonly status: "UNRECOGNIZED";
  /** The status as Wise sent it. */
  readonly rawStatus: string;
  readonly errorCode: string | null;
}

/**
 * The state of a card's production, discriminated on `status`: the same type for answers of the API, webhooks and the
 * simulator. Plain data that survives JSON.
 *
 * @see https://docs.wise.com/api-reference/card-kiosk-collection
 */
export type Production =
  | ReadyProduction
  | InProgressProduction
  | ProducedProduction
  | FailedProduction
  | RefusedProduction
  | UnrecognizedProduction;
