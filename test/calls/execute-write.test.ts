import { afterEach, expect, it, vi } from "vitest";
import type { Call } from "../../src/calls/call.js";
import type { Exchange } from "../../src/calls/exchange.js";
import { executeWrite } from "../../src/calls/execute-write.js";
import { reconcileByStatus } from "../../src/calls/reconcile-read.js";
import { classifyProduceResponse } from "../../src/response/classify-response.js";
import { Clock } from "../../src/time/clock.js";
import { Deadline } from "../../src/time/deadline.js";
import { createTestCall, respondedWith, TEST_REQUEST } from "../support/test-call.js";
import { catchRejection } from "../support/transports.js";

const IN_PROGRESS = respondedWith(200, {}, { status: "IN_PROGRESS" });
const REFUSED = respondedWith(403);

afterEach(() => void vi.useRealTimers());

/** Makes a call whose request gets this response. Whatever a read shows proves nothing. */
function write(response: typeof REFUSED, own: Partial<Call> = {}, mayHaveTakenEffect?: boolean) {
  return executeWrite(
    createTestCall(async () => response, own),
    {
      write: { ...TEST_REQUEST, method: "PUT" },
      read: TEST_REQUEST,
      classify: classifyProduceResponse,
      previous: undefined,
      reconcileBy: reconcileByStatus(() => ({ action: "stop", attribution: "unknown" })),
      ...(mayHaveTakenEffect === undefined ? {} : { mayHaveTakenEffect }),
    },
  );
}

it.each([true, false])(
  "a write that is refused may have taken effect only if an earlier one for which it stands may have: %s",
  async (earlier) => {
    expect(await catchRejection(write(REFUSED, {}, earlier))).toMatchObject({ mayHaveTakenEffect: earlier });
    expect(await catchRejection(write(REFUSED))).toMatchObject({ mayHaveTakenEffect: false });
  },
);

it.each([
  ["resolves", IN_PROGRESS],
  ["rejects", REFUSED],
])("a write that %s leaves no timer of its deadline behind", async (_how, response) => {
  const clock = new Clock();
  const deadline = new Deadline(clock, 60_000);
  const end = vi.spyOn(deadline, "end");
  await write(response, { clock, deadline }).catch(() => {});
  expect(end).toHaveBeenCalledOnce();
});

it("resolves with REQUEST_ALREADY_EXISTS, reported once, if the deadline passes in the wait before the read", async () => {
  vi.useFakeTimers({ toFake: ["Date", "performance", "setTimeout", "clearTimeout"] });
  const clock = new Clock();
  const exchanges: Exchange[] = [];
  const exists = respondedWith(422, {}, { status: "REQUEST_ERROR", errorCode: "REQUEST_ALREADY_EXISTS" });
  const call = write(exists, {
    clock,
    deadline: new Deadline(clock, 200),
    reconcile: { reconcileWindowMs: 10_000, resend: true },
    onExchange: (exchange) => exchanges.push(exchange),
  });
  await vi.advanceTimersByTimeAsync(200);
  expect(await call).toMatchObject({ status: "REQUEST_ERROR", errorCode: "REQUEST_ALREADY_EXISTS" });
  expect(exchanges).toMatchObject([{ method: "PUT", httpStatus: 422, retryInMs: 250 }]);
});
