import { describe, expect, it } from "vitest";
import type { WriteVerdict } from "../../src/answer/verdict.js";
import {
  afterFailedRead,
  afterRead,
  afterSend,
  beginSettlement,
  type Settlement,
} from "../../src/delivery/settlement.js";
import { KioskConnectionError } from "../../src/errors/connection-error.js";
import type { Production } from "../../src/production/production.js";

const details = { kioskId: "WIS00001", occurredAt: "2026-01-01T00:00:00.000Z", description: null };
const inProgress: Production = { status: "IN_PROGRESS", ...details, errorCode: null };
const refusal: Production = { status: "REQUEST_ERROR", ...details, errorCode: "REQUEST_ALREADY_EXISTS" };
const error = () => new KioskConnectionError("no answer", { requestSent: true });
const earlierError = () => new KioskConnectionError("no answer to an earlier request", { requestSent: true });

const START = 1000;
const noDoubt: Settlement = beginSettlement(2, undefined);
const inDoubt: Settlement = { ...noDoubt, sends: 1, doubtSince: 500, lastError: earlierError };
const noRetries: Settlement = beginSettlement(0, undefined);
const lastTry: Settlement = { ...noDoubt, sends: 2 };
const lastTryInDoubt: Settlement = { ...inDoubt, sends: 2 };

type Verdict = WriteVerdict<Production>;
const done: Verdict = { kind: "done", value: inProgress };
const refused: Verdict = { kind: "refused", production: refusal };
const notTaken = (retryAfterMs: number | null): Verdict => ({ kind: "not-taken", error, retryAfterMs });
const ambiguous = (retryAfterMs: number | null): Verdict => ({ kind: "ambiguous", error, retryAfterMs });
const unauthorized: Verdict = { kind: "unauthorized", error };
const rejected: Verdict = { kind: "rejected", error };
const expired = (requestSent: boolean): Verdict => ({ kind: "expired", error, requestSent });

const pause = (retryAfterMs: number | null) => ({ retryAfterMs });
const reject = (mayHaveTakenEffect: boolean) => ({ do: "reject", error, mayHaveTakenEffect });
const resolve = (value: Production) => ({ do: "resolve", value });

describe("after a request", () => {
  it.each<[string, Settlement, Verdict, unknown]>([
    ["rejected, no doubt", noDoubt, rejected, reject(false)],
    ["rejected, in doubt", inDoubt, rejected, reject(true)],
    ["the deadline passed before sending, no doubt", noDoubt, expired(false), reject(false)],
    ["the deadline passed after sending, no doubt", noDoubt, expired(true), reject(true)],
    ["the deadline passed before sending, in doubt", inDoubt, expired(false), reject(true)],
    ["ambiguous, no retries wanted", noRetries, ambiguous(null), reject(true)],
    ["not taken, no retries wanted", noRetries, notTaken(null), reject(false)],
    ["ambiguous, Retry-After above 60 s, no doubt", noDoubt, ambiguous(60_001), reject(true)],
    ["not taken, Retry-After above 60 s, no doubt", noDoubt, notTaken(60_001), reject(false)],
    ["not taken, Retry-After above 60 s, in doubt", inDoubt, notTaken(60_001), reject(true)],
    ["not taken, no retries left, no doubt", lastTry, notTaken(null), reject(false)],
    ["not taken, no retries left, in doubt", lastTryInDoubt, notTaken(null), { do: "read", pause: pause(null) }],
    ["not taken, no doubt", noDoubt, notTaken(null), { do: "send", pause: pause(null) }],
    ["not taken, Retry-After of 60 s", noDoubt, notTaken(60_000), { do: "send", pause: pause(60_000) }],
    ["not taken, in doubt", inDoubt, notTaken(2000), { do: "read", pause: pause(2000) }],
    ["ambiguous, no doubt", noDoubt, ambiguous(null), { do: "read", pause: pause(null) }],
    ["ambiguous, in doubt", inDoubt, ambiguous(null), { do: "read", pause: pause(null) }],
    ["ambiguous, no retries left", lastTry, ambiguous(null), { do: "read", pause: pause(null) }],
    ["unauthorized, no doubt", noDoubt, unauthorized, { do: "send", pause: undefined }],
    ["unauthorized, in doubt", inDoubt, unauthorized, { do: "read", pause: undefined }],
    ["refused, no doubt", noDoubt, refused, resolve(refusal)],
    ["refused, in doubt", inDoubt, refused, { do: "read", pause: undefined }],
    ["done, no doubt", noDoubt, done, resolve(inProgress)],
    ["done, in doubt", inDoubt, done, resolve(inProgress)],
  ])("%s", (_case, known, verdict, step) => {
    expect(afterSend(known, verdict, START)[1]).toEqual(step);
  });

  it("counts requests, but not one that a 401 answered and another token follows", () => {
    expect(afterSend(noDoubt, ambiguous(null), START)[0].sends).toBe(1);
    expect(afterSend(noDoubt, unauthorized, START)[0].sends).toBe(0);
  });

  it("dates the doubt from the first request in doubt", () => {
    expect(afterSend(noDoubt, notTaken(null), START)[0].doubtSince).toBeUndefined();
    expect(afterSend(noDoubt, ambiguous(null), START)[0].doubtSince).toBe(START);
    expect(afterSend(inDoubt, ambiguous(null), START)[0].doubtSince).toBe(500);
  });
});

describe("after a read", () => {
  const inHand: Settlement = { ...inDoubt, sends: 2, refused: refusal };
  const spent: Settlement = { ...inDoubt, sends: 3 };
  const stop = { do: "reject", error: earlierError, mayHaveTakenEffect: true };

  it.each<[string, Settlement, "resolve" | "send-again" | "stop", unknown]>([
    ["stop", inDoubt, "stop", stop],
    ["stop, a refusal in hand", inHand, "stop", resolve(refusal)],
    ["send again, no retries left", spent, "send-again", stop],
    ["send again, a refusal in hand", inHand, "send-again", resolve(refusal)],
    ["send again", inDoubt, "send-again", { do: "send", pause: undefined }],
    ["resolve", inDoubt, "resolve", resolve(inProgress)],
    ["resolve, a refusal in hand", inHand, "resolve", resolve(inProgress)],
  ])("%s", (_case, known, settling, step) => {
    expect(afterRead(known, inProgress, settling)[1]).toEqual(step);
  });

  it("takes what was read for what there was before the next request", () => {
    expect(afterRead(inDoubt, inProgress, "send-again")[0].before).toBe(inProgress);
  });

  it("gives up where the read failed, also with a refusal in hand", () => {
    expect(afterFailedRead(inDoubt)[1]).toEqual(stop);
    expect(afterFailedRead(inHand)[1]).toEqual(stop);
  });

  it("remembers the last read for the error", () => {
    expect(afterRead(inDoubt, inProgress, "stop")[0].lastRead).toBe(inProgress);
  });

  it("forgets a refusal with the next request", () => {
    expect(afterSend(inHand, ambiguous(null), START)[0].refused).toBeUndefined();
  });
});
