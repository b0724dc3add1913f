import { afterEach, expect, it, vi } from "vitest";
import { readIntentOutcome } from "../../src/calls/read-intent-outcome.js";
import type { BeforeNextRead } from "../../src/calls/read-schedule.js";
import { Clock, type Instant } from "../../src/time/clock.js";
import { createIntent } from "../support/intents.js";
import { createTestCall, respondedWith, TEST_REQUEST } from "../support/test-call.js";

const BEGAN = Date.UTC(2026, 0, 1, 12);
/** When a window of length 0 ends by Wise's clock: a second later than `expiresAt`, because a `Date` has whole seconds. */
const END = BEGAN + 36_000;
const STUCK_DATE_MS = 5 * 60_000;

/** A clock that the test sets. Timers do not advance it. */
class SetClock extends Clock {
  ms = 0;
  override now(): Instant {
    return { monotonicMs: this.ms, wallMs: BEGAN + this.ms, firedMs: 0 };
  }
}

afterEach(() => void vi.useRealTimers());

interface Reads {
  /** The `Date` of every response. */
  readonly date: number;
  /** When each read begins. */
  readonly readAt: readonly number[];
  /** How long each read takes. */
  readonly tookMs?: number;
  readonly windowMs?: number;
  readonly beforeNextRead?: BeforeNextRead;
}

/** Reads until the outcome is known. Returns it, and the wait after each read. */
async function readAtTimes({ date, readAt, tookMs = 0, windowMs = 0, beforeNextRead }: Reads) {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const clock = new SetClock();
  const waits: (number | undefined)[] = [];
  const transport = async () => {
    clock.ms += tookMs;
    return respondedWith(200, { date: new Date(date).toUTCString() }, { status: "READY" });
  };
  const onExchange = ({ retryInMs }: { retryInMs?: number | undefined }) => {
    waits.push(retryInMs);
    clock.ms = readAt[waits.length] ?? clock.ms;
  };
  const reconcile = { reconcileWindowMs: windowMs, resend: true };
  const call = createTestCall(transport, { clock, onExchange, reconcile, timeoutMs: Number.POSITIVE_INFINITY });
  const reading = readIntentOutcome(call, TEST_REQUEST, createIntent(BEGAN), beforeNextRead);
  for (let reads = 1; reads < readAt.length; reads += 1) await vi.advanceTimersByTimeAsync(3000);
  return { ...(await reading), waits };
}

it("stops reading only more than 5 minutes after the window should have ended", async () => {
  const leftMs = 1000;
  const latest = leftMs + STUCK_DATE_MS;
  const { outcome, waits } = await readAtTimes({ date: END - leftMs, readAt: [0, latest, latest + 1] });
  expect([outcome, waits]).toEqual(["unknown", [250, 375, undefined]]);
});

it("waits a millisecond longer than what is left of the window, less the time that the read took", async () => {
  const { waits } = await readAtTimes({ date: END, windowMs: 300, tookMs: 20, readAt: [0, 1000, 2 * STUCK_DATE_MS] });
  expect(waits).toEqual([250, 301, undefined]);
});

it("stops reading while the window is open, and says how much of it is left, if the caller wants no other read", async () => {
  const beforeNextRead = vi.fn<BeforeNextRead>().mockResolvedValueOnce(false).mockResolvedValueOnce(true);
  const reads = { date: END - 1000, windowMs: 500, tookMs: 100, readAt: [0, 0] };
  const { outcome, waits } = await readAtTimes({ ...reads, beforeNextRead });
  expect([outcome, waits, beforeNextRead.mock.calls]).toEqual(["unknown", [250, undefined], [[1600], [1600]]]);
});
