import { describeValue, mustBe } from "../../arguments/found-value.js";

/** For whom Wise sent an event. */
export interface EventOrigin {
  readonly subscriptionId: string | null;
  readonly clientId: string | null;
}

/**
 * Reads a list of ids that are yours, to be compared in any letter case: a UUID is the same in both.
 *
 * @throws {KioskArgumentError} if it is not a list of ids, or is empty: that would refuse every event.
 */
export function parseIdList(ids: unknown, argument: string): ReadonlySet<string> | undefined {
  if (ids === undefined) return undefined;
  if (!Array.isArray(ids) || ids.length === 0) {
    throw mustBe(argument, "an array of ids, or be left out to accept the events of all", describeValue(ids));
  }
  const list = Array.from<unknown>(ids);
  if (list.every(isId)) return new Set(list.map(normalizeId));
  throw mustBe(argument, "an array of non-empty strings without white space", "an array with other values");
}

/**
 * Whether the lists say that an event is yours: every id that it carries is in its list, and at least one is. Without lists
 * every event is.
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

/** `undefined` where there is nothing to compare. */
function isListed(id: string | null, list: ReadonlySet<string> | undefined): boolean | undefined {
  return id === null ? undefined : list?.has(normalizeId(id));
}

function isId(id: unknown): id is string {
  return typeof id === "string" && /^\S+$/.test(id);
}

function normalizeId(id: string): string {
  return id.toLowerCase();
}
