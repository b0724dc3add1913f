import type { ProductionErrorCode, RequestErrorCode } from "./error-codes.js";

/** The fields that every {@link Production} has. */
export interface ProductionDetails {
  /** The kiosk that produces the card; `null` while the card is `READY`, or if Wise sent none. */
  readonly kioskId: string | null;
  /**
   * When the production request was sent to the kiosk: the exact text that Wise sent, or `null`. Wise documents ISO 8601, but
   * also shows an example that does not parse.
   */
  readonly occurredAt: string | null;
  /** Wise's description of the state or the error, or `null`. */
  readonly description: string | null;
}

/** The card can be produced: call `produceCard`. */
export interface ReadyProduction extends ProductionDetails {
  /** The card can be produced. */
  readonly status: "READY";
  /** Always `null`: only failures have an error code. */
  readonly errorCode: null;
}

/** The kiosk is producing the card. */
export interface InProgressProduction extends ProductionDetails {
  /** The kiosk is producing the card. */
  readonly status: "IN_PROGRESS";
  /** Always `null`: only failures have an error code. */
  readonly errorCode: null;
}

/** The card is produced and collected. This is final. */
export interface ProducedProduction extends ProductionDetails {
  /** The card is produced and collected. */
  readonly status: "PRODUCED";
  /** Always `null`: only failures have an error code. */
  readonly errorCode: null;
}

/**
 * The kiosk failed to produce the card, or no one collected it. Once the cause is fixed, `produceCard` can be called again.
 */
export interface FailedProduction extends ProductionDetails {
  /** The kiosk failed, or no one collected the card. */
  readonly status: "PRODUCTION_ERROR";
  /** What failed. `null` is what an uncollected card looks like. Unknown codes are passed through unchanged. */
  readonly errorCode: ProductionErrorCode | (string & {}) | null;
}

/** Wise or the kiosk did not accept the production request. */
export interface RefusedProduction extends ProductionDetails {
  /** The request was refused. This is not the state of the card. */
  readonly status: "REQUEST_ERROR";
  /** Why the request was not accepted. Unknown codes are passed through unchanged. */
  readonly errorCode: RequestErrorCode | (string & {}) | null;
}

/** A status that this version does not know. */
export interface UnrecognizedProduction extends ProductionDetails {
  /** Wise sent a status that this version does not know: see `rawStatus`. */
  readonly status: "UNRECOGNIZED";
  /** The status as Wise sent it. */
  readonly rawStatus: string;
  /** The error code as Wise sent it, or `null`. */
  readonly errorCode: (string & {}) | null;
}

/**
 * The state of a card's production, discriminated on `status`. API responses, webhooks and the simulator share this type. It is
 * plain data and survives JSON.
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
