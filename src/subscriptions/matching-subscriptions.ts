import { parseTimestamp } from "../production/timestamp.js";
import { PRODUCTION_EVENT_TYPE } from "../schemas/webhook-event.js";
import type { KioskSubscription } from "./kiosk-subscription.js";
import type { WantedSubscription } from "./subscription-request.js";

/** Stands for the time of a subscription without one: later than every time. */
const NO_TIME_MS = Number.MAX_VALUE;

/** What a subscription must have to match. */
type Wanted = Pick<WantedSubscription, "url" | "version">;

/** Returns the subscriptions of the kiosk event with the wanted URL and version. */
export function matchingSubscriptions(
  listed: readonly KioskSubscription[],
  wanted: Wanted,
): readonly KioskSubscription[] {
  return listed.filter((subscription) => findMismatches(subscription, wanted).length === 0);
}

/** Returns the fields that keep a subscription from matching, by their paths in a body. */
export function findMismatches({ triggerOn, delivery }: KioskSubscription, { url, version }: Wanted): string[] {
  const mismatches: string[] = [];
  if (triggerOn !== PRODUCTION_EVENT_TYPE) mismatches.push("trigger_on");
  if (shortenVersion(delivery.version ?? "") !== shortenVersion(version)) mismatches.push("delivery.version");
  if (normalizeUrl(delivery.url ?? "") !== normalizeUrl(url)) mismatches.push("delivery.url");
  return mismatches;
}

/** Returns whether a list shows a subscription without its event, URL or version, and it may be one of the kiosk event. */
export function lacksDetails({ triggerOn, delivery }: KioskSubscription): boolean {
  if (triggerOn === null) return true;
  return triggerOn === PRODUCTION_EVENT_TYPE && (delivery.url === null || delivery.version === null);
}

/**
 * Returns subscriptions in the order in which they win if only one may stay: the earliest first, and the smallest id first if
 * they were created at the same time. A subscription without a time comes after those with one.
 *
 * The order depends on nothing else, so every process that lists the same subscriptions finds the same winner.
 */
export function inWinningOrder(subscriptions: readonly KioskSubscription[]): readonly KioskSubscription[] {
  return [...subscriptions].sort(
    (a, b) => toCreationMs(a, NO_TIME_MS) - toCreationMs(b, NO_TIME_MS) || (a.id < b.id ? -1 : 1),
  );
}

/** Returns when a subscription was created, in milliseconds since 1970; `unknown` if it has no usable time. */
export function toCreationMs({ createdAt }: KioskSubscription, unknown: number): number {
  return parseTimestamp(createdAt) ?? unknown;
}

/** Returns a version without zeros at its end, because Wise may write 4.0 for 4.0.0. */
function shortenVersion(version: string): string {
  return version.replace(/(\.0)+$/, "");
}

/** Returns a URL as `URL` writes it, because Wise may add a slash to a host or change the case of its letters. */
function normalizeUrl(text: string): string {
  return URL.canParse(text) ? new URL(text).href : text;
}
