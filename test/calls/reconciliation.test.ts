import { describe, expect, it } from "vitest";
import { afterDeadline, afterFailedRead, afterRead } from "../../src/calls/after-read.js";
import { afterSend } from "../../src/calls/after-send.js";
import { reconcileRead } from "../../src/calls/reconcile-read.js";
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
const error = () => new KioskConnectionError("no response", { requestSent: true });
const earlierError = () => new KioskConnectionError("no response to an earlier request", { requestSent: true });

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
/** After one request in doubt, which began at 0 and ended at 1000. Its backoff is over. */
const inDoubt: Reconciliation = {
  ...noDoubt,
  sends: 1,
  since: at(0),
  windowBeganAt: at(1000),
  lastError: earlierError,
};
const lastTry: Reconciliation = { ...noDoubt, sends: 2 };
const lastTryInDoubt: Reconciliation = { ...inDoubt, sends: 2 };
const OVER = 1000 + WINDOW_MS;

type Outcome = WriteOutcome<Production>;
const done: Outcome = { kind: "done", value: inProgress };
const refused = (production: Production): Outcome => ({ kind: "refused", production });
const notTaken = (retryAfterMs: number | null) => ({ kind: "not-taken", error, retryAfterMs }) as const;
const ambiguous = (retryAfterMs: number | null) => ({ kind: "ambiguous", error, retryAfterMs }) as const;
const unauthorized = { kind: "unauthorized", error } as const;
const rejected = { kind: "rejected", error } as const;
const ended = (requestSent: boolean) => ({ kind: "ended", error, requestSent }) as const;

const send = (waitMs: number) => ({ do: "send", waitMs });
const read = (waitMs: number) => ({ do: "read", waitMs });
const reject = (mayHaveTakenEffect: boolean) => ({ do: "reject", error, mayHaveTakenEffect });
const resolve = (value: Production) => ({ do: "resolve", value });
const stop = { do: "reject", error: earlierError, mayHaveTakenEffect: true };

describe("afterSend without doubt", () => {
  it.each<[string, ReconcilePolicy, Reconciliation, Outcome, unknown]>([
    ["resolves after success", policy, noDoubt, done, resolve(inProgress)],
    ["resolves with a REQUEST_ERROR", policy, noDoubt, refused(notReady), resolve(notReady)],
    ["reads after REQUEST_ALREADY_EXISTS", policy, noDoubt, refused(alreadyExists), read(250)],
    [
      "reads immediately after REQUEST_ALREADY_EXISTS if the window is 0",
      trusting,
      noDoubt,
      refused(alreadyExists),
      read(0),
    ],
    [
      "resolves with REQUEST_ALREADY_EXISTS if maxRetries is 0",
      noRetries,
      noDoubt,
      refused(alreadyExists),
      resolve(alreadyExists),
    ],
    ["sends again after a request that was not taken", policy, noDoubt, notTaken(null), send(100)],
    [
      "doubles the wait after a second request that was not taken",
      policy,
      { ...noDoubt, sends: 1 },
      notTaken(null),
      send(200),
    ],
    [
      "rejects after a request that was not taken if no retries are left",
      policy,
      lastTry,
      notTaken(null),
      reject(false),
    ],
    [
      "rejects after a request that was not taken if maxRetries is 0",
      noRetries,
      noDoubt,
      notTaken(null),
      reject(false),
    ],
    ["sends again after a Retry-After of 60 s", policy, noDoubt, notTaken(60_000), send(60_000)],
    ["rejects if Retry-After is above 60 s", policy, noDoubt, notTaken(60_001), reject(false)],
    ["sends again immediately after a 401 if there is another token", policy, noDoubt, unauthorized, send(0)],
    ["rejects after a refusal of the request", policy, noDoubt, rejected, reject(false)],
    [
      "rejects with mayHaveTakenEffect after a response of a gateway that gave up",
      policy,
      noDoubt,
      { ...rejected, mayHaveTakenEffect: true },
      reject(true),
    ],
    ["rejects if the deadline passed before sending", policy, noDoubt, ended(false), reject(false)],
    [
      "rejects with mayHaveTakenEffect if the deadline passed after sending",
      policy,
      noDoubt,
      ended(true),
      reject(true),
    ],
    ["reads after an ambiguous outcome", policy, noDoubt, ambiguous(null), read(250)],
    [
      "reads after an ambiguous outcome if resend is false",
      { ...policy, resend: false },
      noDoubt,
      ambiguous(null),
      read(250),
    ],
    ["reads after an ambiguous outcome if no retries are left", policy, lastTry, ambiguous(null), read(250)],
    [
      "rejects with mayHaveTakenEffect after an ambiguous outcome if maxRetries is 0",
      noRetries,
      noDoubt,
      ambiguous(null),
      reject(true),
    ],
    ["reads after a Retry-After within the window", policy, noDoubt, ambiguous(5000), read(5000)],
    ["reads after a Retry-After beyond the window", policy, noDoubt, ambiguous(20_000), read(20_000)],
    [
      "rejects with mayHaveTakenEffect after an ambiguous outcome if Retry-After is above 60 s",
      policy,
      noDoubt,
      ambiguous(60_001),
      reject(true),
    ],
    ["reads after the backoff if the window is 0", trusting, noDoubt, ambiguous(null), read(100)],
    [
      "reads at the end of a window below 0.25 s",
      { ...policy, reconcileWindowMs: 200 },
      noDoubt,
      ambiguous(null),
      read(201),
    ],
    [
      "reads a millisecond after the end of a window of 0.25 s",
      { ...policy, reconcileWindowMs: 250 },
      noDoubt,
      ambiguous(null),
      read(251),
    ],
    [
      "reads after the backoff if the window is shorter",
      { ...policy, reconcileWindowMs: 60 },
      noDoubt,
      ambiguous(null),
      read(100),
    ],
  ])("%s", (_case, options, known, outcome, step) => {
    expect(afterSend(options, known, outcome, span(0, 1000))[1]).toEqual(step);
  });

  it("counts requests, but not one that is repeated with another token after a 401", () => {
    expect(afterSend(policy, noDoubt, ambiguous(null), span(0))[0].sends).toBe(1);
    expect(afterSend(policy, noDoubt, unauthorized, span(0))[0].sends).toBe(0);
  });
});

describe("afterSend with an earlier request in doubt", () => {
  const later = span(OVER + 20, OVER + 40);
  it.each<[string, ReconcilePolicy, Reconciliation, Outcome, unknown]>([
    ["resolves after success", policy, inDoubt, done, resolve(inProgress)],
    ["reads immediately if it gets a REQUEST_ERROR after the window", policy, inDoubt, refused(notReady), read(0)],
    ["begins a new window if it gets REQUEST_ALREADY_EXISTS", policy, inDoubt, refused(alreadyExists), read(250)],
    ["reads after the Retry-After of a request that was not taken", policy, inDoubt, notTaken(2000), read(2000)],
    [
      "reads after a request that was not taken if no retries are left",
      policy,
      lastTryInDoubt,
      notTaken(null),
      read(400),
    ],
    ["rejects with mayHaveTakenEffect if Retry-After is above 60 s", policy, inDoubt, notTaken(60_001), reject(true)],
    ["reads immediately after a 401 if there is another token", policy, inDoubt, unauthorized, read(0)],
    ["rejects with mayHaveTakenEffect after a refusal of the request", policy, inDoubt, rejected, reject(true)],
    [
      "rejects with mayHaveTakenEffect if the deadline passed before sending",
      policy,
      inDoubt,
      ended(false),
      reject(true),
    ],
    ["reads after another ambiguous outcome", policy, inDoubt, ambiguous(null), read(250)],
  ])("%s while an earlier request is in doubt", (_case, options, known, outcome, step) => {
    expect(afterSend(options, known, outcome, later)[1]).toEqual(step);
  });

  it("counts the doubt from the first request in doubt, and the window from the last one", () => {
    const [first] = afterSend(policy, noDoubt, ambiguous(null), span(0, 1000));
    expect([first.since, first.windowBeganAt]).toEqual([at(0), at(1000)]);
    const [second] = afterSend(policy, first, ambiguous(null), later);
    expect([second.since, second.windowBeganAt]).toEqual([at(0), later.endedAt]);
    const [third] = afterSend(policy, second, notTaken(null), span(90_000));
    expect([third.since, third.windowBeganAt]).toEqual([at(0), later.endedAt]);
    expect(afterSend(policy, noDoubt, notTaken(null), span(0))[0].windowBeganAt).toBeUndefined();
  });

  it("discards the REQUEST_ERROR in hand with the next request", () => {
    const [inHand] = afterSend(policy, inDoubt, refused(notReady), later);
    expect(inHand.refused).toBe(notReady);
    expect(afterSend(policy, inHand, ambiguous(null), later)[0].refused).toBeUndefined();
  });
});

const conclusion = (action: Conclusion["action"], attribution: Conclusion["attribution"] = "unknown"): Conclusion => ({
  action,
  attribution,
});

describe("afterRead", () => {
  const inHand: Reconciliation = { ...inDoubt, sends: 2, refused: notReady };
  const spent: Reconciliation = { ...inDoubt, sends: 3 };
  const afterWindow = span(OVER);

  it.each<[string, ReconcilePolicy, Reconciliation, Conclusion, unknown]>([
    ["rejects on stop", policy, inDoubt, conclusion("stop"), stop],
    ["resolves with the REQUEST_ERROR in hand on stop", policy, inHand, conclusion("stop"), resolve(notReady)],
    ["rejects on send-again if no retries are left", policy, spent, conclusion("send-again"), stop],
    ["rejects on send-again if resend is false", { ...policy, resend: false }, inDoubt, conclusion("send-again"), stop],
    [
      "resolves with the REQUEST_ERROR in hand on send-again",
      policy,
      inHand,
      conclusion("send-again"),
      resolve(notReady),
    ],
    ["sends again", policy, inDoubt, conclusion("send-again"), send(0)],
    ["resolves with the work of this call", policy, inDoubt, conclusion("resolve", "ours"), resolve(inProgress)],
    [
      "resolves with a production in progress of unknown origin",
      policy,
      inDoubt,
      conclusion("resolve"),
      resolve(inProgress),
    ],
    [
      "resolves with an older production in progress",
      policy,
      inDoubt,
      conclusion("resolve", "older"),
      resolve(inProgress),
    ],
    [
      "resolves with the work of this call and not with the REQUEST_ERROR in hand",
      policy,
      inHand,
      conclusion("resolve", "ours"),
      resolve(inProgress),
    ],
  ])("%s after the window", (_case, options, known, found, step) => {
    expect(afterRead(options, known, inProgress, found, afterWindow)[1]).toEqual(step);
  });

  it.each<[string, ReconcilePolicy, Reconciliation, Conclusion, unknown]>([
    ["reads again on stop", policy, inDoubt, conclusion("stop"), read(375)],
    ["reads again on send-again", policy, inDoubt, conclusion("send-again"), read(375)],
    [
      "reads again on send-again if resend is false",
      { ...policy, resend: false },
      inDoubt,
      conclusion("send-again"),
      read(375),
    ],
    ["reads again on send-again if no retries are left", policy, spent, conclusion("send-again"), read(375)],
    ["reads again on stop with a REQUEST_ERROR in hand", policy, inHand, conclusion("stop"), read(375)],
    ["reads again after an older production in progress", policy, inDoubt, conclusion("resolve", "older"), read(375)],
    ["resolves with the work of this call", policy, inDoubt, conclusion("resolve", "ours"), resolve(inProgress)],
    [
      "resolves with a production in progress of unknown origin",
      policy,
      inDoubt,
      conclusion("resolve"),
      resolve(inProgress),
    ],
  ])("%s within the window", (_case, options, known, found, step) => {
    expect(afterRead(options, known, inProgress, found, span(1250))[1]).toEqual(step);
  });

  it("dates a read by when it began, not by when it ended", () => {
    const slow = span(OVER - 0.5, OVER + 30_000);
    expect(afterRead(policy, inDoubt, inProgress, conclusion("send-again"), slow)[1]).toEqual(read(0));
  });

  it("reads at growing intervals, and once more when the window is over", () => {
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

  it("waits for the rest of the backoff before it sends again", () => {
    const [known] = afterSend(trusting, noDoubt, ambiguous(5000), span(0, 1000));
    expect(afterRead(trusting, known, inProgress, conclusion("send-again"), span(2000))[1]).toEqual(send(4000));
  });

  it("does not let the wall clock shorten the window", () => {
    const jumped = { startedAt: { ...at(1250), wallMs: 1250 + 3_600_000 }, endedAt: at(1260) };
    expect(afterRead(policy, inDoubt, inProgress, conclusion("send-again"), jumped)[1]).toEqual(read(375));
  });

  it("counts timers that have fired as elapsed time", () => {
    const mocked = { ...at(1000), firedMs: WINDOW_MS };
    const step = afterRead(policy, inDoubt, inProgress, conclusion("send-again"), {
      startedAt: mocked,
      endedAt: mocked,
    });
    expect(step[1]).toEqual(send(0));
  });

  it("keeps what was read as the state before the next request", () => {
    expect(afterRead(policy, inDoubt, inProgress, conclusion("send-again"), afterWindow)[0].before).toBe(inProgress);
  });

  it("does not replace a later state with an earlier one that a read shows", () => {
    const known = { ...inDoubt, before: failure };
    expect(afterRead(policy, known, inProgress, conclusion("send-again"), afterWindow)[0].before).toBe(failure);
  });

  it("keeps the last read for the error", () => {
    expect(afterRead(policy, inDoubt, inProgress, conclusion("stop"), afterWindow)[0].lastRead).toBe(inProgress);
  });
});

describe("reconcileRead", () => {
  it("lets our clock decide nothing while a request is in doubt", () => {
    const since = { monotonicMs: 0, wallMs: Date.parse(details.occurredAt) + 5, firedMs: 0 };
    const known = { ...inDoubt, since };
    const shown = { production: inProgress, respondedAt: Date.parse(details.occurredAt) };
    const now = { ...at(1250), wallMs: since.wallMs + 250 };
    const older = () => conclusion("resolve", "older");
    const next = reconcileRead(policy, known, shown, older, { startedAt: now, endedAt: now });
    expect(next[1]).toEqual(read(375));
  });
});

describe("afterFailedRead", () => {
  it.each<[string, Reconciliation, FailedAttempt, number, unknown]>([
    ["rejects if a read fails permanently after the window", inDoubt, rejected, OVER, stop],
    [
      "rejects if a read fails permanently after the window, even with a REQUEST_ERROR in hand",
      { ...inDoubt, refused: notReady },
      rejected,
      OVER,
      stop,
    ],
    ["reads again if a read fails permanently within the window", inDoubt, rejected, 1250, read(375)],
    ["reads again after a transient failure once the window is over", inDoubt, notTaken(null), OVER, read(100)],
    [
      "doubles the wait after a second transient failure once the window is over",
      { ...inDoubt, failedReads: 1 },
      ambiguous(null),
      OVER,
      read(200),
    ],
    [
      "rejects after a third transient failure once the window is over",
      { ...inDoubt, failedReads: 2 },
      ambiguous(null),
      OVER,
      stop,
    ],
    ["reads again after a transient failure within the window", inDoubt, ambiguous(null), 1250, read(375)],
    ["reads again after a Retry-After within the window", inDoubt, notTaken(5000), 1250, read(5000)],
    ["reads again after a Retry-After that ends beyond the window", inDoubt, notTaken(20_000), 1250, read(20_000)],
    ["reads again after a Retry-After once the window is over", inDoubt, notTaken(5000), OVER, read(5000)],
    ["rejects if the Retry-After of a read is above 60 s", inDoubt, notTaken(60_001), 1250, stop],
    ["reads again immediately after a 401 to a read if there is another token", inDoubt, unauthorized, 1250, read(0)],
    ["rejects with mayHaveTakenEffect if the deadline passes during a read", inDoubt, ended(true), 1250, reject(true)],
  ])("%s", (_case, known, outcome, startedAt, step) => {
    expect(afterFailedRead(policy, known, outcome, span(startedAt))[1]).toEqual(step);
  });

  it("resets the count of failed reads after a successful read", () => {
    const [known] = afterFailedRead(policy, inDoubt, ambiguous(null), span(OVER));
    expect(known.failedReads).toBe(1);
    expect(afterRead(policy, known, inProgress, conclusion("send-again"), span(OVER))[0].failedReads).toBe(0);
  });
});

describe("REQUEST_ALREADY_EXISTS without doubt", () => {
  const [known] = afterSend(policy, noDoubt, refused(alreadyExists), span(0, 1000));

  it("counts from the start of the request that got REQUEST_ALREADY_EXISTS", () => {
    expect(known.since).toEqual(at(0));
  });

  it.each<[string, Conclusion, Production]>([
    ["the work of this call", conclusion("resolve", "ours"), inProgress],
    ["a production in progress of unknown origin", conclusion("resolve"), alreadyExists],
    ["an older production in progress", conclusion("resolve", "older"), alreadyExists],
    ["a state after which another request may be sent", conclusion("send-again", "ours"), alreadyExists],
    ["any other state", conclusion("stop"), alreadyExists],
  ])("resolves after REQUEST_ALREADY_EXISTS and one read that shows %s", (_case, found, value) => {
    expect(afterRead(policy, known, inProgress, found, span(1250))[1]).toEqual(resolve(value));
  });

  it.each<[string, FailedAttempt]>([
    ["fails permanently", rejected],
    ["fails transiently", ambiguous(null)],
    ["exceeds the deadline", ended(true)],
  ])("resolves with REQUEST_ALREADY_EXISTS if the read %s", (_case, outcome) => {
    expect(afterFailedRead(policy, known, outcome, span(1250))[1]).toEqual(resolve(alreadyExists));
  });

  it("reads with another token after REQUEST_ALREADY_EXISTS if one is rejected", () => {
    expect(afterFailedRead(policy, known, unauthorized, span(1250))[1]).toEqual(read(0));
  });

  it("resolves with REQUEST_ALREADY_EXISTS if the deadline passes before the read", () => {
    expect(afterDeadline(known, error)).toEqual(resolve(alreadyExists));
  });
});

describe("afterDeadline", () => {
  it("reports whether a request may have taken effect when the deadline passes", () => {
    expect(afterDeadline(noDoubt, error)).toEqual(reject(false));
    expect(afterDeadline(inDoubt, error)).toEqual(reject(true));
    expect(afterDeadline({ ...inDoubt, refused: notReady }, error)).toEqual(reject(true));
  });
});
