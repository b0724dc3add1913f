import { describeValue, mustBe } from "../../arguments/found-value.js";
import { decodeProduction } from "../../decoding/decode-production.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import type { Production } from "../../production/production.js";
import { isFinal } from "../../production/production-flow.js";
import { compareProductions } from "../../production/production-order.js";
import { toProfileId } from "../../production/profile-id.js";
import { isSameProduction } from "../../production/same-production.js";
import { parseTimestamp } from "../../production/timestamp.js";
import { parseEventArgument, parseStateArgument } from "./production-arguments.js";
import type { KioskProductionEvent } from "./webhook-event.js";

/** The state of one card, as known from its events and from reads. It is plain data that survives JSON. */
export interface ProductionState {
  /** The profile that owns the card. */
  readonly profileId: number;
  /** The token of the card. */
  readonly cardToken: string;
  /** The state of its production. */
  readonly production: Production;
}

/** The card that was read: the same as for `getProductionStatus`. */
export interface ProductionStateCard {
  /** The profile that owns the card: a positive safe integer, or the same in decimal digits as a string or bigint. */
  readonly profileId: number | string | bigint;
  /** The token of the card. */
  readonly cardToken: string;
}

/**
 * The effect of an event or a read. Whatever it is, store the returned state if it is not the object that you passed:
 * - `applied`: the state of the card has changed: act on it;
 * - `stale`: something newer was known already: do not act on it;
 * - `duplicate`: this was known already, perhaps with another description or a time in whole seconds, or it lacks what was known:
 *   do not act on it again;
 * - `unordered`: it is unknown whether this is newer, and the state does not change. After an event, read the status and pass
 *   the result to {@link applyProductionRead}, unless the event names no card: see {@link applyProductionEvent}. After a read,
 *   decide yourself: what was read has no usable time.
 */
export type ProductionEventOutcome = "applied" | "stale" | "duplicate" | "unordered";

/** The result of {@link applyProductionEvent}. Only an `unordered` event can leave a card without a state. */
export type AppliedProductionEvent =
  | {
      /** The effect of the event. */
      readonly outcome: "applied" | "stale" | "duplicate";
      /** The state of the card after the event. */
      readonly state: ProductionState;
    }
  | {
      /** The event could not be ordered. */
      readonly outcome: "unordered";
      /** The state of the card, which the event did not change. */
      readonly state: ProductionState | undefined;
    };

/** The result of {@link applyProductionRead}. After a read there is always a state. */
export interface AppliedProductionRead {
  /** The effect of the read. */
  readonly outcome: ProductionEventOutcome;
  /** The state of the card after the read. */
  readonly state: ProductionState;
}

/**
 * Applies an event to the known state of its card. Wise delivers events at least once and in any order. The final state, with
 * any reads in between, is the same in every order and with every repetition. The function is pure: load the state, apply the
 * event and store the new state, all in one transaction that locks the card.
 *
 * The greatest of all known states wins. The first of these that differs decides:
 * 1. `PRODUCED` is final and wins over everything: nothing may follow it.
 * 2. The later `occurredAt` wins. Wise describes it as the time when the request was sent to the kiosk, so all statuses of one
 *    print share it, and the next print has a later one. (If it is the time of the status change after all, the order is the
 *    same.)
 * 3. Within one print the later step wins: `READY`, `IN_PROGRESS`, an unknown status, `REQUEST_ERROR`, `PRODUCTION_ERROR`.
 * 4. Of two reports of one state, the one with the error code wins, then the one with the kiosk and the description.
 * 5. The rest of the content decides, only so that the state never depends on the order of arrival.
 *
 * Two prints that share an `occurredAt` are indistinguishable. Then `PRODUCTION_ERROR`, or an unknown status, wins over
 * `IN_PROGRESS`: if that is wrong, one more `produceCard` is refused; the other way round, a customer might wait forever.
 *
 * Schema version 2.0.0 has times in whole seconds; later versions and reads have milliseconds. A time in whole seconds counts as
 * the start of its second for `READY` and `IN_PROGRESS`, and as its end for every other status, so that both forms of one
 * print are in order, with one exception: after an unknown status in whole seconds, a failure in milliseconds of that second is
 * `stale`. Prints in the same second then share an `occurredAt`, and of two reports of one state the later of these times wins,
 * even if it knows less. The milliseconds of `PRODUCED` win. Digits after the milliseconds do not count.
 *
 * An event is `unordered` and changes nothing if its `occurredAt` is missing or cannot be ordered. Read the status with
 * `getProductionStatus`, and pass the result to {@link applyProductionRead}. If the read fails, or shows neither the status of the
 * event nor `PRODUCED` because it lags, throw, and Wise delivers the event again: see `eventKey`.
 *
 * An event with `null` as its `cardToken` is `unordered` too, but there is no card to read, and Wise would only deliver the same
 * again. Log it, alert on it, and return, so that the response is 200.
 *
 * @example
 * ```ts
 * import { applyProductionEvent } from "wise-card-kiosk/webhooks";
 *
 * const { state, outcome } = applyProductionEvent(stored, event);
 * if (state && state !== stored) await saveState(state);
 * console.log(outcome);
 * // → applied
 * ```
 *
 * @param current the state of this card so far; `undefined` or `null` if there is none.
 * @throws {KioskArgumentError} if an argument is invalid, for example its JSON text, or if `event` is for another card.
 * @see https://docs.wise.com/guides/developer/webhooks/event-ordering
 */
export function applyProductionEvent(
  current: ProductionState | null | undefined,
  event: KioskProductionEvent,
): AppliedProductionEvent {
  const known = parseStateArgument(current);
  const { profileId, cardToken, production } = parseEventArgument(event);
  refuseOtherCard("event", known, event);
  if (cardToken === null || !isOrderable(production)) return { state: known, outcome: "unordered" };
  return applyState(known, { profileId, cardToken, production });
}

/**
 * Applies a state that was read to the known state of the card, in the same order as {@link applyProductionEvent}. You may mix
 * reads and events, in any order and repeatedly. A read may lag behind the kiosk, so a read of an older state is `stale` too.
 *
 * Pass it what `getProductionStatus`, `waitForProduction` or `watchProduction` returned. Never pass a `REQUEST_ERROR` that
 * `produceCard` returned: it is the response to one request and not the state of the card.
 *
 * A state without a usable time counts as older than any state with one, except for `PRODUCED`, which is always final. If no
 * state is known, or only an earlier step without a time, it is `applied`. If it is the known state, it is a `duplicate`. Otherwise
 * it is `unordered`, or `stale` if it is `READY`, which comes before any print, or if the known state is `PRODUCED`.
 *
 * @param current the state of this card so far; `undefined` or `null` if there is none.
 * @param card the card that was read.
 * @param production what was read.
 * @throws {KioskArgumentError} if `card` is not the card of `current`, or an argument is invalid.
 */
export function applyProductionRead(
  current: ProductionState | null | undefined,
  card: ProductionStateCard,
  production: Production,
): AppliedProductionRead {
  const known = parseStateArgument(current);
  const read = { ...parseCardKey(card), production: checkProduction(production) };
  refuseOtherCard("card", known, read);
  const result = applyState(known, read);
  const isUnordered =
    !isOrderable(read.production) &&
    read.production.status !== "READY" &&
    result.outcome === "stale" &&
    !isFinal(result.state.production);
  return isUnordered ? { ...result, outcome: "unordered" } : result;
}

/** Returns the greater of two states of one card. Only their content decides, so that the order of arrival never matters. */
function applyState(
  known: ProductionState | undefined,
  next: ProductionState,
): { readonly outcome: "applied" | "stale" | "duplicate"; readonly state: ProductionState } {
  if (known === undefined) return { state: next, outcome: "applied" };
  const isGreater = compareProductions(next.production, known.production) > 0;
  const state = isGreater ? next : known;
  if (isKnown(next.production, known.production)) return { state, outcome: "duplicate" };
  return { state, outcome: isGreater ? "applied" : "stale" };
}

/**
 * Returns whether a state is known already: another source may describe it differently or lack its error code or kiosk, and a card
 * is produced only once.
 */
function isKnown(next: Production, known: Production): boolean {
  const kioskId = next.kioskId ?? known.kioskId;
  const errorCode = next.errorCode ?? known.errorCode;
  return isSameProduction({ ...next, kioskId, errorCode } as Production, known) || (isFinal(next) && isFinal(known));
}

/** Returns whether a production has a time that can be ordered. */
export function isOrderable({ occurredAt }: Production): boolean {
  return parseTimestamp(occurredAt) !== undefined;
}

function refuseOtherCard(
  argument: string,
  known: ProductionState | undefined,
  { profileId, cardToken }: { readonly profileId: number; readonly cardToken: string | null },
): void {
  if (known === undefined) return;
  if (known.profileId === profileId && (cardToken === null || known.cardToken === cardToken)) return;
  throw new KioskArgumentError(
    argument,
    "must match the card of the current state: load the state by profile and card token",
  );
}

function parseCardKey(card: ProductionStateCard): { readonly profileId: number; readonly cardToken: string } {
  const { profileId, cardToken } = card ?? {};
  const digits = toProfileId(profileId);
  const isCard = digits !== undefined && typeof cardToken === "string" && cardToken !== "";
  if (isCard) return { profileId: Number(digits), cardToken };
  throw new KioskArgumentError(
    "card",
    "must have the `profileId`, a positive integer, and the `cardToken` that was read",
  );
}

function checkProduction(value: unknown): Production {
  const decoded = decodeProduction(value);
  if (decoded.ok) return decoded.value;
  throw mustBe("production", "a Production, as returned by `getProductionStatus`", describeValue(value));
}
