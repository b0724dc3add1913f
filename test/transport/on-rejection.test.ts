import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { onRejection } from "../../src/transport/on-rejection.js";

const reason = new Error("no");

/** Returns what is reported for a function, once everything it returned has settled. */
async function collectReasons(run: () => unknown): Promise<readonly unknown[]> {
  const reasons: unknown[] = [];
  onRejection(run, (given) => reasons.push(given));
  await new Promise(setImmediate);
  return reasons;
}

const key = "then";
const rejectWithReason = (_resolve: unknown, reject: (why: Error) => void) => reject(reason);

describe("onRejection", () => {
  it.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw reason;
      },
    ],
    ["rejects", () => Promise.reject(reason)],
    ["rejects in another realm", () => runInNewContext("(reason) => Promise.reject(reason)")(reason)],
    ["returns a thenable that rejects", () => ({ [key]: rejectWithReason })],
    [
      "returns a thenable that throws",
      () => ({
        [key]: () => {
          throw reason;
        },
      }),
    ],
    ["returns a function that is a thenable", () => Object.assign(() => {}, { [key]: rejectWithReason })],
  ])("reports a function that %s exactly once", async (_what, run) => {
    expect(await collectReasons(run)).toEqual([reason]);
  });

  it.each<[string, () => unknown]>([
    ["true", () => true],
    ["nothing", () => undefined],
    ["null", () => null],
    ["an object", () => ({})],
    ["a promise that resolves", () => Promise.resolve(7)],
    ["a promise that never settles", () => new Promise(() => {})],
  ])("reports nothing for a function that returns %s", async (_what, run) => {
    expect(await collectReasons(run)).toEqual([]);
  });
});
