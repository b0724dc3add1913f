import type { ProductionErrorCode } from "../production/error-codes.js";
import type { Production } from "../production/production.js";

/**
 * A card in the simulator, and the hand of a test on it. Each of its methods puts the card in a state whatever state it was
 * in before, and gives the card itself.
 */
export interface SimulatedCard {
  /** In decimal digits. */
  readonly profileId: string;
  readonly cardToken: string;
  /** Where the card stands; `undefined` before it is `READY`. */
  readonly production: Production | undefined;
  /** Every state of the card so far, the first one first. */
  readonly history: readonly Production[];
  /** The card's details are complete: `READY`. */
  ready(): SimulatedCard;
  /**
   * A kiosk begins to produce the card: `IN_PROGRESS`, as by a request of somebody else.
   *
   * @param kioskId defaults to the first of the simulator's kiosks.
   */
  produce(kioskId?: string): SimulatedCard;
  /** The card is printed and collected: `PRODUCED`. */
  complete(): SimulatedCard;
  /**
   * The kiosk fails: `PRODUCTION_ERROR`.
   *
   * @param errorCode what failed. Default: `null`, for Wise may send none.
   */
  fail(errorCode?: ProductionErrorCode | (string & {}) | null): SimulatedCard;
  /** The customer takes the card out of the kiosk, which makes it `PRODUCED`. */
  collect(): SimulatedCard;
  /**
   * Nobody takes the card, and it ends in the reject hopper: `PRODUCTION_ERROR`.
   *
   * @param errorCode Wise does not say which one comes with it. Default: `null`.
   * @see https://docs.wise.com/guides/product/issue-cards/card-kiosk-collection
   */
  reject(errorCode?: ProductionErrorCode | (string & {}) | null): SimulatedCard;
  /** The card was created more than 60 days ago, and can not be produced any more. */
  expire(): SimulatedCard;
}
