import { decodeProduction } from "../../decoding/decode-production.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import type { Production } from "../../production/production.js";
import { isFinal } from "../../production/production-flow.js";
import { compareProductions } from "../../production/production-order.js";
import { isSameProduction } from "../../production/same-production.js";
import { parseTimestamp } from "../../production/timestamp.js";
import { parseEventArgument, parseStateArgument } from "./production-arguments.js";
import type { KioskProductionEvent } from "./webhook-event.js";

/** What is known of one card from its events and from reads. Plain data that survives JSON. */
export interface ProductionState {
  readonly profileId: number;
  readonly cardToken: string;
  readonly production: Production;
}

/** A card that was read: the same as for `getProductionStatus`. */
export interface ProductionStateCard {
  /** The profile that owns the card: a positive safe integer, or the same in decimal digits as a string or bigint. */
  readonly profileId: number | string | bigint;
  /** The token of the card. */
  readonly cardToken: string;
}

/**
 * The effect of an event or a read:
 * - `applied`: the card is in another state now; store the state and act on it;
 * - `stale`: something newer was known before;
 * - `duplicate`: this was known before, perhaps in other words or with a time in whole seconds: do not act on it again;
 * - `unordered`: it is not known whether this is newer, and the state stays as it was. After an event, read the status and give
 *   the result to {@link applyProductionRead}. After a read, look at what was read: it has no time.
 */
export type ProductionEventOutcome = "applied" | "stale" | "duplicate" | "unordered";

/** The result of {@link applyProductionEvent}. Only an `unordered` event can leave a card without a state. */
export type AppliedProductionEvent =
  | { readonly outcome: "applied" | "stale" | "duplicate"; readonly state: ProductionState }
  | { readonly outcome: "unordered"; readonly state: ProductionState | undefined };

/** The result of {@link applyProductionRead}. After a read there is always a state. */
export interface AppliedProductionRead {
  readonly outcome: ProductionEventOutcome;
  readonly state: ProductionState;
}

/**
 * Takes an event into what is known of its card. Wise delivers events at least once and in any order; the state after all of
 * them, and after any reads in between, is the same in every order and with every repetition. Pure: load the state, apply, and
 * store it, all in one transaction that locks the card.
 *
 * The state is the greatest of all that was known so far, by the first of these that differs:
 * 1. `PRODUCED` is final and above everything: nothing may follow it.
 * 2. `occurredAt`. Wise describes it as the time when the request was sent to the kiosk, not as that of the status change. So
 *    `READY`, which comes before any request, has an earlier one; all statuses of one attempt share one; and the next attempt
 *    after a `PRODUCTION_ERROR` has a later one. (Were it the time of the change after all, the order would be the same.)
 * 3. The place of the status in an attempt: `READY`, `IN_PROGRESS`, an unknown status, `REQUEST_ERROR`, `PRODUCTION_ERROR`.
 * 4. The rest of the content, only so that the state never depends on what came first.
 *
 * Two attempts that share an `occurredAt` cannot be told apart. There `PRODUCTION_ERROR` wins over `IN_PROGRESS`: if that is
 * wrong, one more `produceCard` is refused; the other way round, a customer might wait forever. For the same reason an unknown
 * status, which may be an end, wins over `IN_PROGRESS`.
 *
 * Schema version 2.0.0 has times in whole seconds, later versions and reads have milliseconds. A time in whole seconds counts
 * from the start of its second for `READY` and `IN_PROGRESS`, and from its end for what ends an attempt, so that both forms of one
 * attempt are in order; attempts in the same second then share an `occurredAt`.
 *
 * An event whose `occurredAt` is missing or cannot be ordered, or that names no card, is `unordered` and changes nothing: read the
 * status with `getProductionStatus`, and give the result to {@link applyProductionRead}. Store the `eventKey` of such an event only
 * together with that result: if the read fails, throw, and Wise delivers the event again.
 *
 * @param current the state of this card so far; `undefined` or `null` if there is none.
 * @throws {KioskArgumentError} if an argument is not what it must be, such as its JSON text, or if `event` is of another card.
 * @see https://docs.wise.com/guides/developer/webhooks/event-ordering
 */
export function applyProductionEvent(
  current: ProductionState | null | undefined,
  event: KioskProductionEvent,
): AppliedProductionEvent {
  const known = parseStateArgument(current);
  const { profileId, cardToken, production } = parseEventArgument(event);
  if (known !== undefined && isOtherCard(known, event)) throw otherCard("event", "is of");
  if (cardToken === null || !isOrderable(production)) return { state: known, outcome: "unordered" };
  return applied(known, { profileId, cardToken, production });
}

/**
 * Takes a state that was read into what is known of the card, by the same order as {@link applyProductionEvent}: reads and events
 * may come mixed, in any order and repeatedly. A read may lag behind the kiosk, so an older state that was read is `stale` too.
 *
 * Give it what `getProductionStatus`, `waitForProduction` or `watchProduction` returned; never the `REQUEST_ERROR` with which
 * `produceCard` resolved, which is the response to one request and not a state of the card.
 *
 * A state without a time that can be ordered counts as older than any with one, except that `PRODUCED` is final whenever it was.
 * It is `applied` if nothing else is known. If something else is known, it is `unordered`; a `READY`, which comes before any
 * attempt, is `stale`.
 *
 * @param current the state of this card so far; `undefined` or `null` if there is none.
 * @param card the card that was read.
 * @param production what was read.
 * @throws {KioskArgumentError} if `card` is another one than that of `current`, or an argument is not valid.
 */
export function applyProductionRead(
  current: ProductionState | null | undefined,
  card: ProductionStateCard,
  production: Production,
): AppliedProductionRead {
  const known = parseStateArgument(current);
  const read = { ...parseCardKey(card), production: checkProduction(production) };
  if (known !== undefined && isOtherCard(known, read)) throw otherCard("card", "is");
  const result = applied(known, read);
  const isUnordered =
    result.outcome === "stale" &&
    !isOrderable(read.production) &&
    read.production.status !== "READY" &&
    isOrderable(result.state.production) &&
    !isFinal(result.state.production);
  return isUnordered ? { ...result, outcome: "unordered" } : result;
}

/** The greater of two states of one card. Which one that is depends on their content alone, so that their order never matters. */
function applied(
  known: ProductionState | undefined,
  next: ProductionState,
): { readonly outcome: "applied" | "stale" | "duplicate"; readonly state: ProductionState } {
  if (known === undefined) return { state: next, outcome: "applied" };
  const order = compareProductions(next.production, known.production);
  const state = order > 0 ? next : known;
  if (isKnown(next.production, known.production)) return { state, outcome: "duplicate" };
  return { state, outcome: order > 0 ? "applied" : "stale" };
}

/** Whether nobody needs to act on a state: another source may tell the same one in other words, and the end comes once. */
function isKnown(next: Production, known: Production): boolean {
  return isSameProduction(next, known) || (isFinal(next) && isFinal(known));
}

function isOrderable({ occurredAt }: Production): boolean {
  return parseTimestamp(occurredAt) !== undefined;
}

function isOtherCard(state: ProductionState, card: { profileId: number; cardToken: string | null }): boolean {
  return state.profileId !== card.profileId || (card.cardToken !== null && state.cardToken !== card.cardToken);
}

function otherCard(argument: string, verb: string): KioskArgumentError {
  return new KioskArgumentError(
    argument,
    `${verb} another card than the current state: load the state by profile and card token`,
  );
}

function parseCardKey(card: ProductionStateCard): { readonly profileId: number; readonly cardToken: string } {
  const { profileId, cardToken } = card ?? {};
  const isDigits = typeof profileId === "bigint" || (typeof profileId === "string" && /^[1-9]\d*$/.test(profileId));
  const number = isDigits ? Number(profileId) : profileId;
  if (typeof number !== "number" || !Number.isSafeInteger(number) || number <= 0) {
    throw new KioskArgumentError(
      "card",
      "must have the `profileId` for which the status was read, as a number or its digits",
    );
  }
  if (typeof cardToken !== "string" || cardToken === "") {
    throw new KioskArgumentError("card", "must have the `cardToken` for which the status was read");
  }
  return { profileId: number, cardToken };
}

function checkProduction(value: unknown): Production {
  const decoded = decodeProduction(value);
  if (decoded.ok) return decoded.value;
  throw new KioskArgumentError("production", "must be the state that was read: what `getProductionStatus` returned");
}
