import type { ProductionErrorCode, RequestErrorCode } from "../../production/error-codes.js";
import type { Production } from "../../production/production.js";

/**
 * The controls of a card in the simulator. Each method puts the card in a state, whatever state it was in before, sends the
 * webhook of that state, and returns the controls. They stay valid when the simulator is reset.
 */
export interface SimulatedCard {
  /** The profile of the card, in decimal digits. */
  readonly profileId: string;
  /** The token of the card. */
  readonly cardToken: string;
  /** Where the card stands now, without any lag; `undefined` before it is `READY`. */
  readonly production: Production | undefined;
  /**
   * Every state of the card so far, the first one first, without any lag. Each print is an `IN_PROGRESS` with a time of its own:
   * count them to find a card that was printed twice.
   */
  readonly history: readonly Production[];
  /** Makes the card `READY`: its details are complete, and it can be produced. */
  ready(): SimulatedCard;
  /**
   * Makes the card `IN_PROGRESS`: a kiosk begins to produce it, as if someone else had requested it.
   *
   * @param kioskId default: the first of the simulator's kiosks.
   */
  produce(kioskId?: string): SimulatedCard;
  /** Makes the card `PRODUCED`: it is printed and collected. */
  complete(): SimulatedCard;
  /**
   * Makes the card `PRODUCTION_ERROR`: the kiosk fails.
   *
   * @param errorCode what failed. Default: `null`, because Wise may send no code.
   */
  fail(errorCode?: ProductionErrorCode | (string & {}) | null): SimulatedCard;
  /** Makes the card `PRODUCED`: the customer takes it out of the kiosk. Does the same as `complete`. */
  collect(): SimulatedCard;
  /**
   * Makes the card `PRODUCTION_ERROR`: no one takes it, and it ends in the reject hopper.
   *
   * @param errorCode Wise does not say which code comes with it. Default: `null`.
   * @see https://docs.wise.com/guides/product/issue-cards/card-kiosk-collection
   */
  reject(errorCode?: ProductionErrorCode | (string & {}) | null): SimulatedCard;
  /** Makes the card older than 60 days, so that it cannot be produced any more. Its status does not change. */
  expire(): SimulatedCard;
}

/** A production request that is refused. */
export interface SimulatedRefusal {
  /** The code with which the request is refused: 422 with the status `REQUEST_ERROR`. */
  readonly refuse: RequestErrorCode | (string & {});
}

/**
 * What comes of a production request: `"PRODUCED"`; a production error code, with which the production fails; or `{ refuse }`
 * with a request error code, with which the request is refused.
 */
export type SimulatedOutcome = "PRODUCED" | ProductionErrorCode | (string & {}) | SimulatedRefusal;
