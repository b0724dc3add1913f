import type { ProductionErrorCode, RequestErrorCode } from "../../production/error-codes.js";
import type { Production } from "../../production/production.js";

/**
 * Controls a card in the simulator. Each method changes the card, whatever its state was before, and returns the controls. Each
 * except `expire` also sends the webhook of the new status. The controls of a card from the simulator's options stay valid after
 * `reset()`.
 */
export interface SimulatedCard {
  /** The profile of the card, in decimal digits. */
  readonly profileId: string;
  /** The token of the card. */
  readonly cardToken: string;
  /** The current state of the card, without read lag; `undefined` before it is `READY`. */
  readonly production: Production | undefined;
  /**
   * Every state of the card so far, oldest first, without read lag. Each print has its own `IN_PROGRESS` with a different time:
   * count them to find a card that was printed twice.
   */
  readonly history: readonly Production[];
  /** Makes the card `READY`: its details are complete, and it can be produced. */
  ready(): SimulatedCard;
  /**
   * Makes the card `IN_PROGRESS`: a kiosk starts to produce it, as if someone else had requested it.
   *
   * @param kioskId the id of the kiosk. Default: the first of the simulator's kiosks.
   * @throws {KioskArgumentError} if `kioskId` is not an id, or has whitespace around it.
   */
  produce(kioskId?: string): SimulatedCard;
  /** Makes the card `PRODUCED`: it is printed and collected. */
  complete(): SimulatedCard;
  /**
   * Makes the card `PRODUCTION_ERROR`: the kiosk fails.
   *
   * @param errorCode what failed. Default: `null`, because Wise may send no code.
   * @throws {KioskArgumentError} if `errorCode` is neither a code nor `null`.
   */
  fail(errorCode?: ProductionErrorCode | (string & {}) | null): SimulatedCard;
  /** Makes the card `PRODUCED`: the customer takes it out of the kiosk. Does the same as `complete`. */
  collect(): SimulatedCard;
  /**
   * Makes the card `PRODUCTION_ERROR`: no one takes it, and the kiosk moves it to the reject box.
   *
   * @param errorCode the code; Wise does not document which one it sends. Default: `null`.
   * @throws {KioskArgumentError} if `errorCode` is neither a code nor `null`.
   * @see https://docs.wise.com/guides/product/issue-cards/card-kiosk-collection
   */
  reject(errorCode?: ProductionErrorCode | (string & {}) | null): SimulatedCard;
  /**
   * Makes the card older than 60 days, so that it can no longer be produced. Its status does not change.
   *
   * @throws {KioskArgumentError} if the simulator's clock shows a time less than 60 days after the earliest that a `Date` can have.
   */
  expire(): SimulatedCard;
}

/** The outcome of a production request that is refused. */
export interface SimulatedRefusal {
  /** The code with which the request is refused: 422 with the status `REQUEST_ERROR`. */
  readonly refuse: RequestErrorCode | (string & {});
}

/**
 * The outcome of a production request: `"PRODUCED"`; a production error code, with which the production fails; or `{ refuse }` with
 * a request error code, with which the request is refused. Codes may be new, but a misspelt `PRODUCED` is not a code.
 */
export type SimulatedOutcome = "PRODUCED" | ProductionErrorCode | (string & {}) | SimulatedRefusal;
