import { expect, it } from "vitest";
import { CallIntents } from "../../src/calls/call-intents.js";
import type { ProductionIntent } from "../../src/calls/production-intent.js";
import { isSetBack, WiseClock } from "../../src/calls/wise-clock.js";
import { Clock } from "../../src/time/clock.js";
import { createTestCall, respondedWith } from "../support/test-call.js";

it.each([
  [2900, true],
  [2901, false],
])("a response that took %d ms shows Wise's time: %s", (tookMs, shows) => {
  const wiseClock = new WiseClock();
  const { response } = respondedWith(200, { date: "Thu, 01 Jan 2026 12:00:00 GMT" });
  const arrivedAt = new Clock().now();
  wiseClock.observe(response, { ...arrivedAt, wallMs: arrivedAt.wallMs - tookMs }, arrivedAt);
  const time = { at: Date.UTC(2026, 0, 1, 12), atOurs: arrivedAt.wallMs };
  expect(wiseClock.read()).toEqual(shows ? time : undefined);
});

it("keeps Wise's time if the next response comes from a cache", () => {
  const wiseClock = new WiseClock();
  const date = "Thu, 01 Jan 2026 12:00:00 GMT";
  const arrivedAt = new Clock().now();
  wiseClock.observe(respondedWith(200, { date }).response, arrivedAt, arrivedAt);
  const later = { ...arrivedAt, wallMs: arrivedAt.wallMs + 25 };
  wiseClock.observe(respondedWith(200, { date, age: "25" }).response, later, later);
  expect(wiseClock.read()).toEqual({ at: Date.UTC(2026, 0, 1, 12), atOurs: arrivedAt.wallMs });
});

it.each([
  [2000, false],
  [2001, true],
])("our clock counts as set back if it lags by %d ms: %s", (lagMs, isBack) => {
  const from = { monotonicMs: 0, wallMs: 0, firedMs: 0 };
  expect(isSetBack(from, { ...from, monotonicMs: lagMs })).toBe(isBack);
});

it("an intent has no time by Wise's clock if no response has shown that clock yet", async () => {
  const intents: ProductionIntent[] = [];
  const print = { profileId: "123456", cardToken: "ca0c8154", kioskId: "WIS00001" };
  const call = createTestCall(() => new Promise(() => {}));
  const permit = new CallIntents(call, print, (intent) => intents.push(intent)).permit(undefined);
  await permit.obtain(new AbortController().signal);
  expect(intents).toMatchObject([{ ...print, wiseAt: null, wiseAtOurs: null }]);
});
