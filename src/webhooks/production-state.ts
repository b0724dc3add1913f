import { describeValue, mustBe } from "../arguments/found-value.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { orderableTime } from "../production/orderable-time.js";
import type { Production } from "../production/production.js";
import { compareProductions } from "../production/production-order.js";
import type { KioskProductionEvent } from "./webhook-event.js";

/** What is known of one card from its events. Plain data that survives JSON; all of it was signed. */
export interface ProductionState {
  readonly profileId: number;
  readonly cardToken: string;
  readonly production: Production;
}

/**
 * What came of an event:
 * - `applied`: the state has changed, store it and act on it;
 * - `stale`: a newer event was there before;
 * - `duplicate`: this event was there before;
 * - `unordered`: it can not be told whether it is newer. The state is as it was: read the status.
 */
export type ProductionEventOutcome = "applied" | "stale" | "duplicate" | "unordered";

/** What {@link applyProductionEvent} gives. Only an `unordered` event can leave a card without a state. */
export type AppliedProductionEvent =
  | { readonly outcome: "applied" | "stale" | "duplicate"; readonly state: ProductionState }
  | { readonly outcome: "unordered"; readonly state: ProductionState | undefined };

/**
 * Takes an event into what is known of its card. Wise delivers events at least once and in any order; the state after all of
 * them is the same in every order and with every repetition. Pure: load the state, apply, and store it, all in one transaction
 * that locks the card.
 *
 * The state is simply the greatest event so far, by the first of these that differs:
 * 1. `PRODUCED` is final and above everything: nothing may follow it.
 * 2. `occurredAt`. Wise describes it as the time when the request was sent to the kiosk, not as that of the status change. So
 *    `READY`, which comes before any request, has an earlier one; all statuses of one attempt share one; and the next attempt
 *    after a `PRODUCTION_ERROR` has a later one. (Were it the time of the change after all, the order would be the same.)
 * 3. The place of the status in an attempt: `READY`, `IN_PROGRESS`, an unknown status, `REQUEST_ERROR`, `PRODUCTION_ERROR`.
 * 4. The rest of the content, only so that the outcome never depends on who came first.
 *
 * Two attempts that share an `occurredAt` can not be told apart. There `PRODUCTION_ERROR` wins over `IN_PROGRESS`: if that is
 * wrong, one more `produceCard` is refused; were it the other way round, a customer might wait for ever. For the same reason an
 * unknown status, which may be an end, wins over `IN_PROGRESS`.
 *
 * An event whose `occurredAt` can not be ordered, or that names no card, is `unordered` and changes nothing: read the status with
 * `getProductionStatus`.
 *
 * Schema version 2.0.0 has times in whole seconds, later ones in milliseconds. Within one subscription that is consistent; do
 * not apply the events of two subscriptions with different versions to one state.
 *
 * @param current the state of this card so far; `undefined` or `null` where there is none.
 * @throws {KioskArgumentError} if `current` is not a state, such as its JSON text, or if `event` is of another card.
 * @see https://docs.wise.com/guides/developer/webhooks/event-ordering
 */
export function applyProductionEvent(
  current: ProductionState | null | undefined,
  event: KioskProductionEvent,
): AppliedProductionEvent {
  const known = readState(current);
  const { profileId, cardToken, production } = event;
  if (known !== undefined && isOtherCard(known, event)) {
    throw new KioskArgumentError(
      "event",
      "is of another card than the current state: load the state by profile and card token",
    );
  }
  if (cardToken === null || orderableTime(production.occurredAt) === undefined) {
    return { state: known, outcome: "unordered" };
  }
  const order = known === undefined ? 1 : compareProductions(production, known.production);
  if (known === undefined || order > 0) return { state: { profileId, cardToken, production }, outcome: "applied" };
  return { state: known, outcome: order < 0 ? "stale" : "duplicate" };
}

function readState(current: ProductionState | null | undefined): ProductionState | undefined {
  if (current === undefined || current === null) return undefined;
  if (isState(current)) return current;
  const found = typeof current === "string" ? "text: call `JSON.parse` on it first" : describeValue(current);
  throw mustBe("current", "a state that `applyProductionEvent` returned, null or undefined", found);
}

function isState({ profileId, cardToken, production }: Partial<ProductionState>): boolean {
  const names = typeof profileId === "number" && typeof cardToken === "string";
  return names && typeof production === "object" && typeof production?.status === "string";
}

function isOtherCard(state: ProductionState, { profileId, cardToken }: KioskProductionEvent): boolean {
  return state.profileId !== profileId || (cardToken !== null && state.cardToken !== cardToken);
}
