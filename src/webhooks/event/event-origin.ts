import { describeValue, mustBe } from "../../arguments/found-value.js";

/** The subscription and client that Wise sent an event for. */
export interface EventOrigin {
  /** The id of the subscription; `null` if the event names none. */
  readonly subscriptionId: string | null;
  /** The id of the client; `null` if the event names none. */
  readonly clientId: string | null;
}

/**
 * Validates a list of your ids and returns it as a set. Letter case does not matter, because a UUID is the same in both cases.
 *
 * @throws {KioskArgumentError} if it is not a list of ids, or if it is empty: an empty list would reject every event.
 */
export function parseIdList(ids: unknown, argument: string): ReadonlySet<string> | undefined {
  if (ids === undefined) return undefined;
  if (!Array.isArray(ids) || ids.length === 0) {
    throw mustBe(argument, "a non-empty array of ids (omit it to accept every id)", describeValue(ids));
  }
  const list = Array.from<unknown>(ids);
  if (list.every(isId)) return new Set(list.map(normalizeId));
  throw mustBe(argument, "an array of non-empty strings without whitespace", "an array with other values");
}

/**
 * Returns whether an event is yours according to the lists: it carries an id that is in its list, and none that is not. An id
 * without a list is not compared. Without any list, every event is yours.
 */
export function isExpectedOrigin(
  { subscriptionId, clientId }: EventOrigin,
  subscriptionIds: ReadonlySet<string> | undefined,
  clientIds: ReadonlySet<string> | undefined,
): boolean {
  if (subscriptionIds === undefined && clientIds === undefined) return true;
  const matches = [isListed(subscriptionId, subscriptionIds), isListed(clientId, clientIds)];
  return matches.includes(true) && !matches.includes(false);
}

/** Returns whether a list contains an id; `undefined` if either is missing. */
function isListed(id: string | null, list: ReadonlySet<string> | undefined): boolean | undefined {
  return id === null ? undefined : list?.has(normalizeId(id));
}

function isId(id: unknown): id is string {
  return typeof id === "string" && /^\S+$/.test(id);
}

function normalizeId(id: string): string {
  return id.toLowerCase();
}
