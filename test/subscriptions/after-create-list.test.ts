import { expect, it } from "vitest";
import { beginReconciliation, type ReconcilePolicy, type Reconciliation } from "../../src/calls/reconciliation.js";
import { KioskConnectionError } from "../../src/errors/connection-error.js";
import { PRODUCTION_EVENT_TYPE } from "../../src/schemas/webhook-event.js";
import { afterCreateList, findPossiblyCreated } from "../../src/subscriptions/after-create-list.js";
import type { KioskSubscription } from "../../src/subscriptions/kiosk-subscription.js";
import type { Instant } from "../../src/time/clock.js";

const WANTED = { url: "https://bank.example/wise", version: "4.0.0", name: "Kiosks", mtlsEnabled: undefined };

function subscription(id: string, name: string | null, version = WANTED.version): KioskSubscription {
  const delivery = { version, url: WANTED.url, mtlsEnabled: null };
  return { id, name, triggerOn: PRODUCTION_EVENT_TYPE, delivery, scope: null, createdBy: null, createdAt: null };
}

const [named, other, unnamed] = [subscription("1", "Kiosks"), subscription("2", "Others"), subscription("3", null)];
const otherVersion = subscription("4", "Kiosks", "2.0.0");

it("a request may have created the subscriptions with its name, or those with any name if there are none", () => {
  expect(findPossiblyCreated([other, named, unnamed, otherVersion], WANTED)).toEqual([named]);
  expect(findPossiblyCreated([other, unnamed, otherVersion], WANTED)).toEqual([other, unnamed]);
  expect(findPossiblyCreated([otherVersion], WANTED)).toEqual([]);
});

const WINDOW_MS = 10_000;
const policy: ReconcilePolicy = {
  maxRetries: 2,
  reconcileWindowMs: WINDOW_MS,
  resend: true,
  retryDelayMs: () => 0,
};
const at = (ms: number): Instant => ({ monotonicMs: ms, wallMs: ms, firedMs: 0 });
const error = () => new KioskConnectionError("no response", { requestSent: true });

/** A request in doubt ended at 1000, and three lists followed. The last one failed. */
const inDoubt: Reconciliation = {
  ...beginReconciliation(undefined),
  sends: 2,
  since: at(0),
  windowBeganAt: at(1000),
  reads: 3,
  failedReads: 1,
  lastError: error,
};
const OVER_MS = 1000 + WINDOW_MS;
const stop = { do: "reject", error, mayHaveTakenEffect: true };

it.each<[string, ReconcilePolicy, Reconciliation, KioskSubscription[], number, unknown]>([
  ["resolves with one for the same URL and version", policy, inDoubt, [named], 2000, { do: "resolve", value: named }],
  ["lists again within the window, later each time", policy, inDoubt, [], 2000, { do: "read", waitMs: 250 * 1.5 ** 4 }],
  ["sends again after the window", policy, inDoubt, [otherVersion], OVER_MS, { do: "send", waitMs: 0 }],
  ["rejects after the window if it has sent too often", policy, { ...inDoubt, sends: 3 }, [], OVER_MS, stop],
  ["rejects after the window if it must not send again", { ...policy, resend: false }, inDoubt, [], OVER_MS, stop],
])("after a list that follows a request in doubt, create %s", (_what, allowed, known, listed, atMs, step) => {
  const span = { startedAt: at(atMs), endedAt: at(atMs) };
  const informed = { ...known, reads: 4, failedReads: 0 };
  expect(afterCreateList(allowed, known, listed, WANTED, span)).toEqual([informed, step]);
});
