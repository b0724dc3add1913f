import { describe, expect, it } from "vitest";
import { afterDeadline, afterFailedRead, afterRead } from "../../src/calls/after-read.js";
import { afterSend } from "../../src/calls/after-send.js";
import {
  beginReconciliation,
  type Conclusion,
  type ReconcilePolicy,
  type Reconciliation,
} from "../../src/calls/reconciliation.js";
import { KioskConnectionError } from "../../src/errors/connection-error.js";
import type { Production } from "../../src/production/production.js";
import type { FailedAttempt, WriteOutcome } from "../../src/response/attempt-outcome.js";
import type { Instant } from "../../src/time/clock.js";

const details = { kioskId: "WIS00001", occurredAt: "2026-01-01T00:00:00.000Z", description: null };
const inProgress: Production = { status: "IN_PROGRESS", ...details, errorCode: null };
const failure: Production = { status: "PRODUCTION_ERROR", ...details, errorCode: "PRD_HOPPER_JAM" };
const alreadyExists: Production = { status: "REQUEST_ERROR", ...details, errorCode: "REQUEST_ALREADY_EXISTS" };
const notReady: Production = { status: "REQUEST_ERROR", ...details, errorCode: "PRINTER_OR_SATELLITE_NOT_READY" };
const error = () => new KioskConnectionError("no answer", { requestSent: true });
const earlierError = () => new KioskConnectionError("no answer to an earlier request", { requestSent: true });

const WINDOW_MS = 10_000;
const policy: ReconcilePolicy = {
  maxRetries: 2,
  reconcileWindowMs: WINDOW_MS,
  resend: true,
  retryDelayMs: (retry, retryAfterMs) => retryAfterMs ?? 100 * 2 ** retry,
};
const trusting: ReconcilePolicy = { ...policy, reconcileWindowMs: 0 };
const noRetries: ReconcilePolicy = { ...policy, maxRetries: 0 };

const at = (ms: number): Instant => ({ monotonicMs: ms, wallMs: ms, firedMs: 0 });
const span = (startedAt: number, endedAt = startedAt) => ({ startedAt: at(startedAt), endedAt: at(endedAt) });

const noDoubt: Reconciliation = beginReconciliation(undefined);
/** After one request in doubt, which began at 0 and ended at 1000, and whose backoff is over. */
const inDoubt: Reconciliation = { ...noDoubt, sends: 1, since: at(0), doubtEnded: at(1000), lastError: earlierError };
const lastTry: Reconciliation = { ...noDoubt, sends: 2 };
const lastTryInDoubt: Reconciliation = { ...inDoubt, sends: 2 };
const OVER = 1000 + WINDOW_MS;

type Verdict = WriteOutcome<Production>;
const done: Verdict = { kind: "done", value: inProgress };
const refused = (production: Production): Verdict => ({ kind: "refused", production });
const notTaken = (retryAfterMs: number | null) => ({ kind: "not-taken", error, retryAfterMs }) as const;
const ambiguous = (retryAfterMs: number | null) => ({ kind: "ambiguous", error, retryAfterMs }) as const;
const unauthorized = { kind: "unauthorized", error } as const;
const rejected = { kind: "rejected", error } as const;
const expired = (requestSent: boolean) => ({ kind: "expired", error, requestSent }) as const;

const send = (waitMs: number) => ({ do: "send", waitMs });
const read = (waitMs: number) => ({ do: "read", waitMs });
const reject = (mayHaveTakenEffect: boolean) => ({ do: "reject", error, mayHaveTakenEffect });
const resolve = (value: Production) => ({ do: "resolve", value });
const stop = { do: "reject", error: earlierError, mayHaveTakenEffect: true };

describe("after a request without doubt", () => {
  it.each<[string, ReconcilePolicy, Reconciliation, Verdict, unknown]>([
    ["success", policy, noDoubt, done, resolve(inProgress)],
    ["refused", policy, noDoubt, refused(notReady), resolve(notReady)],
    ["REQUEST_ALREADY_EXISTS", policy, noDoubt, refused(alreadyExists), read(250)],
    ["REQUEST_ALREADY_EXISTS, trusting reads", trusting, noDoubt, refused(alreadyExists), read(0)],
    ["REQUEST_ALREADY_EXISTS, no retries wanted", noRetries, noDoubt, refused(alreadyExists), resolve(alreadyExists)],
    ["not taken", policy, noDoubt, notTaken(null), send(100)],
    ["not taken for the second time", policy, { ...noDoubt, sends: 1 }, notTaken(null), send(200)],
    ["not taken, no retries left", policy, lastTry, notTaken(null), reject(false)],
    ["not taken, no retries wanted", noRetries, noDoubt, notTaken(null), reject(false)],
    ["not taken, Retry-After of 60 s", policy, noDoubt, notTaken(60_000), send(60_000)],
    ["not taken, Retry-After above 60 s", policy, noDoubt, notTaken(60_001), reject(false)],
    ["unauthorized", policy, noDoubt, unauthorized, send(0)],
    ["rejected", policy, noDoubt, rejected, reject(false)],
    ["rejected by a gateway that gave up", policy, noDoubt, { ...rejected, mayHaveTakenEffect: true }, reject(true)],
    ["the deadline passed before sending", policy, noDoubt, expired(false), reject(false)],
    ["the deadline passed after sending", policy, noDoubt, expired(true), reject(true)],
    ["ambiguous", policy, noDoubt, ambiguous(null), read(250)],
    ["ambiguous, without resending", { ...policy, resend: false }, noDoubt, ambiguous(null), read(250)],
    ["ambiguous, no retries left", policy, lastTry, ambiguous(null), read(250)],
    ["ambiguous, no retries wanted", noRetries, noDoubt, ambiguous(null), reject(true)],
    ["ambiguous, Retry-After within the window", policy, noDoubt, ambiguous(5000), read(5000)],
    ["ambiguous, Retry-After beyond the window", policy, noDoubt, ambiguous(20_000), read(20_000)],
    ["ambiguous, Retry-After above 60 s", policy, noDoubt, ambiguous(60_001), reject(true)],
    ["ambiguous, trusting the first read, which waits for the backoff", trusting, noDoubt, ambiguous(null), read(100)],
    ["ambiguous, a window below 0.25 s", { ...policy, reconcileWindowMs: 200 }, noDoubt, ambiguous(null), read(201)],
    [
      "ambiguous, a window below the backoff",
      { ...policy, reconcileWindowMs: 60 },
      noDoubt,
      ambiguous(null),
      read(100),
    ],
  ])("%s", (_case, options, known, verdict, step) => {
    expect(afterSend(options, known, verdict, span(0, 1000))[1]).toEqual(step);
  });

  it("counts requests, but not one that a 401 answered and another token follows", () => {
    expect(afterSend(policy, noDoubt, ambiguous(null), span(0))[0].sends).toBe(1);
    expect(afterSend(policy, noDoubt, unauthorized, span(0))[0].sends).toBe(0);
  });
});

describe("after a request with an earlier one in doubt", () => {
  const later = span(OVER + 20, OVER + 40);
  it.each<[string, ReconcilePolicy, Reconciliation, Verdict, unknown]>([
    ["success", policy, inDoubt, done, resolve(inProgress)],
    ["refused: read at once, for the window is over", policy, inDoubt, refused(notReady), read(0)],
    ["REQUEST_ALREADY_EXISTS: a new window, for something exists", policy, inDoubt, refused(alreadyExists), read(250)],
    ["not taken", policy, inDoubt, notTaken(2000), read(2000)],
    ["not taken, no retries left", policy, lastTryInDoubt, notTaken(null), read(400)],
    ["not taken, Retry-After above 60 s", policy, inDoubt, notTaken(60_001), reject(true)],
    ["unauthorized", policy, inDoubt, unauthorized, read(0)],
    ["rejected", policy, inDoubt, rejected, reject(true)],
    ["the deadline passed before sending", policy, inDoubt, expired(false), reject(true)],
    ["ambiguous", policy, inDoubt, ambiguous(null), read(250)],
  ])("%s", (_case, options, known, verdict, step) => {
    expect(afterSend(options, known, verdict, later)[1]).toEqual(step);
  });

  it("dates the doubt from the first request in doubt, and the window from the last one", () => {
    const [first] = afterSend(policy, noDoubt, ambiguous(null), span(0, 1000));
    expect([first.since, first.doubtEnded]).toEqual([at(0), at(1000)]);
    const [second] = afterSend(policy, first, ambiguous(null), later);
    expect([second.since, second.doubtEnded]).toEqual([at(0), later.endedAt]);
    const [third] = afterSend(policy, second, notTaken(null), span(90_000));
    expect([third.since, third.doubtEnded]).toEqual([at(0), later.endedAt]);
    expect(afterSend(policy, noDoubt, notTaken(null), span(0))[0].doubtEnded).toBeUndefined();
  });

  it("forgets a refusal with the next request", () => {
    const [inHand] = afterSend(policy, inDoubt, refused(notReady), later);
    expect(inHand.refused).toBe(notReady);
    expect(afterSend(policy, inHand, ambiguous(null), later)[0].refused).toBeUndefined();
  });
});

const conclusion = (action: Conclusion["action"], attribution: Conclusion["attribution"] = "unknown"): Conclusion => ({
  action,
  attribution,
});

describe("after a read", () => {
  const inHand: Reconciliation = { ...inDoubt, sends: 2, refused: notReady };
  const spent: Reconciliation = { ...inDoubt, sends: 3 };
  const afterWindow = span(OVER);

  it.each<[string, ReconcilePolicy, Reconciliation, Conclusion, unknown]>([
    ["stop", policy, inDoubt, conclusion("stop"), stop],
    ["stop, a refusal in hand", policy, inHand, conclusion("stop"), resolve(notReady)],
    ["send again, no retries left", policy, spent, conclusion("send-again"), stop],
    ["send again, without resending", { ...policy, resend: false }, inDoubt, conclusion("send-again"), stop],
    ["send again, a refusal in hand", policy, inHand, conclusion("send-again"), resolve(notReady)],
    ["send again", policy, inDoubt, conclusion("send-again"), send(0)],
    ["resolve", policy, inDoubt, conclusion("resolve", "ours"), resolve(inProgress)],
    ["resolve what cannot be told", policy, inDoubt, conclusion("resolve"), resolve(inProgress)],
    ["resolve what is older", policy, inDoubt, conclusion("resolve", "older"), resolve(inProgress)],
    ["resolve, a refusal in hand", policy, inHand, conclusion("resolve", "ours"), resolve(inProgress)],
  ])("%s", (_case, options, known, found, step) => {
    expect(afterRead(options, known, inProgress, found, afterWindow)[1]).toEqual(step);
  });

  it.each<[string, ReconcilePolicy, Reconciliation, Conclusion, unknown]>([
    ["stop: read again", policy, inDoubt, conclusion("stop"), read(375)],
    ["send again: read again", policy, inDoubt, conclusion("send-again"), read(375)],
    [
      "send again, without resending: read again",
      { ...policy, resend: false },
      inDoubt,
      conclusion("send-again"),
      read(375),
    ],
    ["send again, no retries left: read again", policy, spent, conclusion("send-again"), read(375)],
    ["stop, a refusal in hand: read again", policy, inHand, conclusion("stop"), read(375)],
    ["resolve what is older: read again", policy, inDoubt, conclusion("resolve", "older"), read(375)],
    ["resolve", policy, inDoubt, conclusion("resolve", "ours"), resolve(inProgress)],
    ["resolve what cannot be told", policy, inDoubt, conclusion("resolve"), resolve(inProgress)],
  ])("within the window, %s", (_case, options, known, found, step) => {
    expect(afterRead(options, known, inProgress, found, span(1250))[1]).toEqual(step);
  });

  it("counts for when it began, not for when it ended", () => {
    const slow = span(OVER - 0.5, OVER + 30_000);
    expect(afterRead(policy, inDoubt, inProgress, conclusion("send-again"), slow)[1]).toEqual(read(0));
  });

  it("reads at growing intervals, and then when the window is over", () => {
    let known = inDoubt;
    let now = 1250;
    const times = [now];
    for (let reads = 0; reads < 20 && now < OVER; reads += 1) {
      const [next, step] = afterRead(policy, known, inProgress, conclusion("send-again"), span(now, now + 10));
      known = next;
      now += 10 + (step as { waitMs: number }).waitMs;
      times.push(now);
    }
    const intervals = times.slice(1).map((time, index) => time - (times[index] ?? 0) - 10);
    expect(intervals.slice(0, 6).map(Math.round)).toEqual([375, 563, 844, 1266, 1898, 2848]);
    expect(times.at(-1)).toBeCloseTo(OVER + 1);
    expect(afterRead(policy, known, inProgress, conclusion("send-again"), span(OVER))[1]).toEqual(send(0));
  });

  it("waits at most 3 s between reads", () => {
    const long = { ...policy, reconcileWindowMs: 600_000 };
    const known = { ...inDoubt, reads: 30 };
    expect(afterRead(long, known, inProgress, conclusion("stop"), span(60_000))[1]).toEqual(read(3000));
  });

  it("waits for what is left of the backoff before another request", () => {
    const [known] = afterSend(trusting, noDoubt, ambiguous(5000), span(0, 1000));
    expect(afterRead(trusting, known, inProgress, conclusion("send-again"), span(2000))[1]).toEqual(send(4000));
  });

  it("does not let the wall clock shorten the window", () => {
    const jumped = { startedAt: { ...at(1250), wallMs: 1250 + 3_600_000 }, endedAt: at(1260) };
    expect(afterRead(policy, inDoubt, inProgress, conclusion("send-again"), jumped)[1]).toEqual(read(375));
  });

  it("takes timers that have fired for time that has passed", () => {
    const mocked = { ...at(1000), firedMs: WINDOW_MS };
    const step = afterRead(policy, inDoubt, inProgress, conclusion("send-again"), {
      startedAt: mocked,
      endedAt: mocked,
    });
    expect(step[1]).toEqual(send(0));
  });

  it("takes what was read for what there was before the next request", () => {
    expect(afterRead(policy, inDoubt, inProgress, conclusion("send-again"), afterWindow)[0].before).toBe(inProgress);
  });

  it("does not forget a later state for an earlier one that a read shows", () => {
    const known = { ...inDoubt, before: failure };
    expect(afterRead(policy, known, inProgress, conclusion("send-again"), afterWindow)[0].before).toBe(failure);
  });

  it("remembers the last read for the error", () => {
    expect(afterRead(policy, inDoubt, inProgress, conclusion("stop"), afterWindow)[0].lastRead).toBe(inProgress);
  });
});

describe("after a read that failed", () => {
  it.each<[string, Reconciliation, FailedAttempt, number, unknown]>([
    ["for good", inDoubt, rejected, OVER, stop],
    ["for good, a refusal in hand", { ...inDoubt, refused: notReady }, rejected, OVER, stop],
    ["for good, within the window", inDoubt, rejected, 1250, read(375)],
    ["in passing", inDoubt, notTaken(null), OVER, read(100)],
    ["in passing for the second time", { ...inDoubt, failedReads: 1 }, ambiguous(null), OVER, read(200)],
    ["in passing for the third time", { ...inDoubt, failedReads: 2 }, ambiguous(null), OVER, stop],
    ["in passing, within the window", inDoubt, ambiguous(null), 1250, read(375)],
    ["in passing, within the window, Retry-After", inDoubt, notTaken(5000), 1250, read(5000)],
    ["in passing, within the window, Retry-After beyond it", inDoubt, notTaken(20_000), 1250, read(20_000)],
    ["in passing, Retry-After", inDoubt, notTaken(5000), OVER, read(5000)],
    ["in passing, Retry-After above 60 s", inDoubt, notTaken(60_001), 1250, stop],
    ["by a rejected token, and there is another one", inDoubt, unauthorized, 1250, read(0)],
    ["by the deadline", inDoubt, expired(true), 1250, reject(true)],
  ])("%s", (_case, known, verdict, startedAt, step) => {
    expect(afterFailedRead(policy, known, verdict, span(startedAt))[1]).toEqual(step);
  });

  it("reads as often as before after one that succeeded", () => {
    const [known] = afterFailedRead(policy, inDoubt, ambiguous(null), span(OVER));
    expect(known.failedReads).toBe(1);
    expect(afterRead(policy, known, inProgress, conclusion("send-again"), span(OVER))[0].failedReads).toBe(0);
  });
});

describe("REQUEST_ALREADY_EXISTS without doubt", () => {
  const [known] = afterSend(policy, noDoubt, refused(alreadyExists), span(0, 1000));

  it("asks about the request that it answered", () => {
    expect(known.since).toEqual(at(0));
  });

  it.each<[string, Conclusion, Production]>([
    ["the work of this call", conclusion("resolve", "ours"), inProgress],
    ["a production in progress that may be somebody else's", conclusion("resolve"), alreadyExists],
    ["an older production in progress", conclusion("resolve", "older"), alreadyExists],
    ["a state that came of nothing", conclusion("send-again", "ours"), alreadyExists],
    ["something else", conclusion("stop"), alreadyExists],
  ])("resolves after one read that shows %s", (_case, found, value) => {
    expect(afterRead(policy, known, inProgress, found, span(1250))[1]).toEqual(resolve(value));
  });

  it.each<[string, FailedAttempt]>([
    ["fails", rejected],
    ["fails in passing", ambiguous(null)],
    ["meets the deadline", expired(true)],
  ])("resolves with that refusal if the read %s", (_case, verdict) => {
    expect(afterFailedRead(policy, known, verdict, span(1250))[1]).toEqual(resolve(alreadyExists));
  });

  it("reads with another token if one is rejected", () => {
    expect(afterFailedRead(policy, known, unauthorized, span(1250))[1]).toEqual(read(0));
  });

  it("resolves with that refusal if the deadline passes first", () => {
    expect(afterDeadline(known, error)).toEqual(resolve(alreadyExists));
  });
});

describe("a deadline that passes between two steps", () => {
  it("says whether a request may have taken effect", () => {
    expect(afterDeadline(noDoubt, error)).toEqual(reject(false));
    expect(afterDeadline(inDoubt, error)).toEqual(reject(true));
    expect(afterDeadline({ ...inDoubt, refused: notReady }, error)).toEqual(reject(true));
  });
});
