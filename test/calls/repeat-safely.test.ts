import { expect, it, onTestFinished, vi } from "vitest";
import { Attempts } from "../../src/calls/attempts.js";
import { type RepeatOptions, repeatSafely } from "../../src/calls/repeat-safely.js";
import { classifySimulationResponse } from "../../src/response/classify-response.js";
import { createTokenSource } from "../../src/tokens/token-source.js";
import type { TransportResult } from "../../src/transport/http-message.js";
import { createTestCall, respondedWith, TEST_REQUEST } from "../support/test-call.js";

const DONE = respondedWith(200);
const IN_DOUBT = respondedWith(500);
const NOT_TAKEN = respondedWith(429, { "retry-after": "0" });
const UNAUTHORIZED = respondedWith(401);

/** Repeats a request that gets these results in turn. Returns the number of requests, the last outcome, and the doubt about it. */
async function repeatWith(results: readonly TransportResult[], maxRetries: number, options?: RepeatOptions) {
  vi.spyOn(Math, "random").mockReturnValue(0);
  onTestFinished(() => void vi.restoreAllMocks());
  let requests = 0;
  const transport = async () => results[requests++] as TransportResult;
  const provide = ({ rejectedToken }: { rejectedToken?: string | undefined }) => (rejectedToken ? "newer" : "old");
  const call = createTestCall(transport, { maxRetries, tokens: createTokenSource(provide, "123456", {}) });
  const repeated = await repeatSafely(new Attempts(call), TEST_REQUEST, call, classifySimulationResponse, options);
  return [requests, repeated.outcome.kind, repeated.wasInDoubt];
}

it.each<[string, TransportResult[], number, unknown[]]>([
  ["a success at once leaves no doubt", [DONE], 2, [1, "done", false]],
  ["a request in doubt leaves a doubt about the next one", [IN_DOUBT, DONE], 2, [2, "done", true]],
  ["a request in doubt leaves a doubt until the end", [IN_DOUBT, NOT_TAKEN, DONE], 2, [3, "done", true]],
  ["a request that was not taken leaves no doubt", [NOT_TAKEN, NOT_TAKEN, DONE], 2, [3, "done", false]],
  ["the last request is not an earlier one", [NOT_TAKEN, NOT_TAKEN, IN_DOUBT], 2, [3, "ambiguous", false]],
  ["a rejected token does not count as a retry", [UNAUTHORIZED, NOT_TAKEN, DONE], 1, [3, "done", false]],
])("of requests that are safe to repeat, %s", async (_title, results, maxRetries, expected) => {
  expect(await repeatWith(results, maxRetries)).toEqual(expected);
});

it.each<[string, TransportResult[], unknown[]]>([
  ["is not repeated in doubt", [IN_DOUBT, DONE], [1, "ambiguous", false]],
  ["is repeated if it was not taken", [NOT_TAKEN, DONE], [2, "done", false]],
  ["is repeated until it is in doubt", [NOT_TAKEN, IN_DOUBT, DONE], [2, "ambiguous", false]],
])("a request that must not be repeated in doubt %s", async (_title, results, expected) => {
  expect(await repeatWith(results, 2, { repeatsInDoubt: false })).toEqual(expected);
});
