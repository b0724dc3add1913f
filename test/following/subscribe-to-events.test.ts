import { mock } from "node:test";
import { afterEach, expect, it, vi } from "vitest";
import type { KioskProductionEvent, KioskWebhookEvent, Production } from "wise-card-kiosk";
import { subscribeToEvents } from "../../src/following/subscribe-to-events.js";
import { EventFeed } from "../support/event-feed.js";

const card = { profileId: "123456", cardToken: "ca0c" };

const production: Production = {
  status: "PRODUCED",
  kioskId: "WIS00001",
  occurredAt: "2026-01-01T12:00:00.000Z",
  errorCode: null,
  description: null,
};

const produced: KioskProductionEvent = {
  type: "cards#card-production-status-change",
  production,
  profileId: 123456,
  cardToken: "ca0c",
  clientId: "your-bank",
  subscriptionId: null,
  schemaVersion: "4.0.0",
  sentAt: null,
  deliveryId: null,
  isTest: false,
};

const { setImmediate } = globalThis;

/** Lets everything run that waits for no timer. */
async function runImmediateWork(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

afterEach(() => {
  mock.timers.reset();
  vi.unstubAllGlobals();
});

it.each([
  ["there is no setImmediate", () => void vi.stubGlobal("setImmediate", undefined)],
  ["setTimeout is mocked", () => mock.timers.enable({ apis: ["setTimeout"] })],
])("passes on the production of an event if %s", async (_what, prepare) => {
  const events = new EventFeed();
  events.push(produced);
  prepare();
  const stops: (() => void)[] = [];
  const received = await new Promise((resolve) => stops.push(subscribeToEvents(events, card, resolve)));
  expect(received).toEqual(production);
  for (const stop of stops) stop();
});

it("requests no event after the last one", async () => {
  const onProduction = vi.fn();
  const next = vi.fn(async (): Promise<IteratorResult<KioskWebhookEvent>> => ({ done: true, value: produced }));
  const stop = subscribeToEvents({ [Symbol.asyncIterator]: () => ({ next }) }, card, onProduction);
  await runImmediateWork();
  stop();
  expect([next.mock.calls.length, onProduction.mock.calls.length]).toEqual([1, 0]);
});

it("requests and passes on no event after it was stopped, even if the feed still has some", async () => {
  const onProduction = vi.fn();
  const events = new EventFeed();
  const stop = subscribeToEvents(events, card, onProduction);
  stop();
  events.push(produced, produced);
  await runImmediateWork();
  expect([events.asked, events.closed, onProduction.mock.calls.length]).toEqual([1, 1, 0]);
});
