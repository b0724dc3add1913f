import { expect, it } from "vitest";
import { Attempts } from "../../src/calls/attempts.js";
import type { Exchange } from "../../src/calls/exchange.js";
import { readStatus } from "../../src/calls/read-status.js";
import { Clock } from "../../src/time/clock.js";
import { Deadline } from "../../src/time/deadline.js";
import { createTestCall, respondedWith, TEST_REQUEST } from "../support/test-call.js";

it("returns an ended outcome if the deadline passes before the next read, and reports each read once", async () => {
  const exchanges: Exchange[] = [];
  const clock = new Clock();
  const call = createTestCall(async () => respondedWith(429, { "retry-after": "30" }), {
    clock,
    deadline: new Deadline(clock, 50),
    onExchange: (exchange) => exchanges.push(exchange),
  });
  const { outcome, report } = await readStatus(new Attempts(call), TEST_REQUEST, call);
  report();
  expect(outcome).toMatchObject({ kind: "ended", requestSent: false });
  expect(exchanges).toMatchObject([{ httpStatus: 429, retryInMs: 30_000 }]);
});
