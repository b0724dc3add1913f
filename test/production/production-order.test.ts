import { expect, it } from "vitest";
import type { Production } from "../../src/production/production.js";
import { compareProductions, hasEarlierTime, isEarlierState } from "../../src/production/production-order.js";

const details = { kioskId: "WIS00001", description: null };

const inProgress = (occurredAt: string | null, kioskId = "WIS00001"): Production => ({
  status: "IN_PROGRESS",
  ...details,
  kioskId,
  occurredAt,
  errorCode: null,
});
const failed = (occurredAt: string | null): Production => ({
  ...inProgress(occurredAt),
  status: "PRODUCTION_ERROR",
  errorCode: "PRT_PAUSED",
});
const produced = (occurredAt: string | null): Production => ({
  ...inProgress(occurredAt),
  status: "PRODUCED",
  errorCode: null,
});

const T1 = "2026-01-01T12:00:01.100Z";
const T1_LATER = "2026-01-01T12:00:01.900Z";
const T1_SECONDS = "2026-01-01T12:00:01Z";
const T2 = "2026-01-01T12:00:02.100Z";

it.each<[string, Production, Production]>([
  ["an earlier request", failed(T1), inProgress(T2)],
  ["an earlier request, even if its card was produced", produced(T1), inProgress(T2)],
  ["an earlier step of the same print", inProgress(T1), failed(T1)],
  ["an earlier step of the same print, at a kiosk in other letter case", inProgress(T1, "wis00001"), failed(T1)],
  ["an earlier step in the same second", inProgress(T1_SECONDS), failed(T1)],
  ["an earlier request in the same second, if milliseconds show it", failed(T1), inProgress(T1_LATER)],
])("%s is an earlier state", (_case, one, other) => {
  expect(isEarlierState(one, other)).toBe(true);
  expect(isEarlierState(other, one)).toBe(false);
});

it("a step of the same time is an earlier state if one of them names no kiosk", () => {
  const nowhere: Production = { ...inProgress(T1), kioskId: null };
  expect(isEarlierState(nowhere, failed(T1))).toBe(true);
  expect(isEarlierState(inProgress(T1), { ...failed(T1), kioskId: null })).toBe(true);
});

it.each<[string, Production, Production]>([
  ["a request without a time", failed(null), inProgress(T1)],
  ["a request with a time that cannot be ordered", failed("yesterday"), inProgress(T1)],
  ["an earlier request", failed(T1), inProgress(T2)],
  [
    "a request in milliseconds, before the failure in whole seconds of the same second",
    inProgress(T1_LATER),
    failed(T1_SECONDS),
  ],
  ["a request in whole seconds, before a failure in milliseconds", inProgress(T1_SECONDS), failed(T1)],
  [
    "a request in whole seconds, before the request in milliseconds of the same second",
    inProgress(T1_SECONDS),
    inProgress(T1),
  ],
  [
    "a failure in whole seconds, before a request of the next second",
    failed(T1_SECONDS),
    inProgress("2026-01-01T12:00:02Z"),
  ],
  ["the latest failure, before a card that was produced earlier", failed(T2), produced(T1)],
  ["a failure without an error code, before its code", { ...failed(T1), errorCode: null } as Production, failed(T1)],
  [
    "a failure without an error code, before its code without a kiosk",
    { ...failed(T1), errorCode: null, description: "jam" } as Production,
    { ...failed(T1), kioskId: null },
  ],
  ["a state without a kiosk, before its kiosk", { ...inProgress(T1), kioskId: null, description: "x" }, inProgress(T1)],
  [
    "a state without a description, before its description",
    failed(T1),
    { ...failed(T1), description: "Printer paused" },
  ],
  ["a card that was produced in whole seconds, before milliseconds", produced(T1_SECONDS), produced(T1)],
  [
    "a card that was produced in an earlier second",
    produced(T1_LATER),
    { ...produced("2026-01-01T12:00:02Z"), kioskId: null },
  ],
])("%s sorts first", (_case, one, other) => {
  expect(compareProductions(one, other)).toBe(-1);
  expect(compareProductions(other, one)).toBe(1);
  expect(compareProductions(one, { ...one })).toBe(0);
});

it.each<[string, Production, Production]>([
  ["the same state", failed(T1), failed(T1)],
  ["another failure of the same time", failed(T1), { ...failed(T1), errorCode: "PRT_RIBBON" } as Production],
  ["the same state in whole seconds", failed(T1), failed(T1_SECONDS)],
  ["a state without a time", inProgress(null), failed(T1)],
  ["a failure without a time", failed(null), inProgress(T1)],
  ["a state with a time that cannot be ordered", inProgress("yesterday"), failed(T1)],
  ["a state with a time that cannot be ordered, at another kiosk", inProgress("yesterday", "WIS00002"), failed(T1)],
  ["a print of the same time at another kiosk", inProgress(T1, "WIS00002"), failed(T1)],
])("%s is not known to be an earlier or a later state", (_case, one, other) => {
  expect(isEarlierState(one, other)).toBe(false);
  expect(isEarlierState(other, one)).toBe(false);
});

it.each<[string, Production, Production, boolean]>([
  ["an earlier time", failed(T1), inProgress(T2), true],
  ["a later time", failed(T2), inProgress(T1), false],
  ["the same time", inProgress(T1), failed(T1), false],
  ["a time in the same second, without milliseconds,", inProgress(T1_SECONDS), failed(T1_LATER), false],
  ["no time", failed(null), inProgress(T1), false],
])("hasEarlierTime compares a state with %s", (_case, one, other, isEarlier) => {
  expect(hasEarlierTime(one, other)).toBe(isEarlier);
});
