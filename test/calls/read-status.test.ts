import { expect, it } from "vitest";
import { Attempts } from "../../src/calls/attempts.js";
import type { Call, CallRequest } from "../../src/calls/call.js";
import type { Exchange } from "../../src/calls/exchange.js";
import { readStatus } from "../../src/calls/read-status.js";
import { Clock } from "../../src/time/clock.js";
import { Deadline } from "../../src/time/deadline.js";
import { createTokenSource } from "../../src/tokens/token-source.js";

const request: CallRequest = { method: "GET", origin: "https://wise.invalid", path: "/", route: "/" };

function limitedCall(exchanges: Exchange[], deadlineMs: number): Call {
  const clock = new Clock();
  return {
    operation: "getProductionStatus",
    tokens: createTokenSource("a-token-of-the-user", "123456", {}),
    transport: async () => ({
      kind: "responded",
      response: {
        status: 429,
        headers: new Map([["retry-after", "30"]]),
        body: new Uint8Array(),
        oversized: false,
      },
    }),
    correlationId: "till-7",
    clock,
    timeoutMs: 1000,
    deadline: new Deadline(clock, deadlineMs),
    maxRetries: 2,
    reconcile: { reconcileWindowMs: 0, resend: true },
    signal: undefined,
    onExchange: (exchange) => exchanges.push(exchange),
  };
}

it("returns an expired outcome if the deadline passes before the next read, and reports each read once", async () => {
  const exchanges: Exchange[] = [];
  const call = limitedCall(exchanges, 50);
  const { outcome, report } = await readStatus(new Attempts(call), request, call);
  report();
  expect(outcome).toMatchObject({ kind: "expired", requestSent: true });
  expect(exchanges).toMatchObject([{ httpStatus: 429, retryInMs: 30_000 }]);
});
