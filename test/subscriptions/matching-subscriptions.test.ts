import fc from "fast-check";
import { expect, it } from "vitest";
import { PRODUCTION_EVENT_TYPE } from "../../src/schemas/webhook-event.js";
import type { KioskSubscription } from "../../src/subscriptions/kiosk-subscription.js";
import { inWinningOrder, matchingSubscriptions } from "../../src/subscriptions/matching-subscriptions.js";

const URL_OF_RECEIVER = "https://bank.example/wise";

function subscription(id: string, createdAt: string | null, url: string | null = URL_OF_RECEIVER): KioskSubscription {
  const delivery = { version: "4.0.0", url, mtlsEnabled: null };
  return { id, name: null, triggerOn: PRODUCTION_EVENT_TYPE, delivery, scope: null, createdBy: null, createdAt };
}

const IN_WINNING_ORDER = [
  subscription("z", "2026-01-01T00:00:00Z"),
  subscription("c", "2026-01-01T00:00:01Z"),
  subscription("d", "2026-01-01T00:00:01.000Z"),
  subscription("e", "2026-01-01T02:00:01+02:00"),
  subscription("a", "2026-01-01T00:00:02Z"),
  subscription("0", null),
  subscription("1", "yesterday"),
  subscription("2", null),
  // Another time zone would read it as another time.
  subscription("3", "2026-01-01T00:00:00"),
  subscription("4", "2025-02-30T00:00:00Z"),
];

it("the earliest subscription wins, then the smallest id, and last one without a time, in whatever order a list shows them", () => {
  const anyOrder = fc.shuffledSubarray(IN_WINNING_ORDER, { minLength: IN_WINNING_ORDER.length });
  fc.assert(
    fc.property(anyOrder, (listed) => {
      expect(inWinningOrder(listed)).toEqual(IN_WINNING_ORDER);
    }),
  );
});

it.each<[string, string, boolean]>([
  ["4.0", "4.0.0", true],
  ["4.0.0", "4.0", true],
  ["4", "4.0.0", true],
  ["4.0.1", "4.0.0", false],
  ["4.0.1", "4.1.0", false],
  ["4.1", "4.1.0", true],
  ["14.0", "4.0.0", false],
  ["40", "4.0.0", false],
  ["4.0.10", "4.0.1", false],
])("a subscription to version %s matches the wanted version %s: %s", (version, wanted, matches) => {
  const one = subscription("1", null);
  const listed = [{ ...one, delivery: { ...one.delivery, version } }];
  expect(matchingSubscriptions(listed, { url: URL_OF_RECEIVER, version: wanted })).toEqual(matches ? listed : []);
});

it("a subscription without a URL, or with text that is not a URL, matches no wanted URL", () => {
  const listed = [subscription("1", null, null), subscription("2", null, "bank"), subscription("3", null)];
  const wanted = { url: URL_OF_RECEIVER, version: "4.0.0" };
  expect(matchingSubscriptions(listed, wanted)).toEqual([listed[2]]);
});
