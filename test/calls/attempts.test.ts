import { describe, expect, it, vi } from "vitest";
import type { KioskError } from "wise-card-kiosk";
import { Attempts } from "../../src/calls/attempts.js";
import type { Call } from "../../src/calls/call.js";
import type { Exchange } from "../../src/calls/exchange.js";
import type { Permit } from "../../src/calls/permit.js";
import { KioskArgumentError } from "../../src/errors/argument-error.js";
import { classifyProduceResponse } from "../../src/response/classify-response.js";
import { Clock } from "../../src/time/clock.js";
import { Deadline } from "../../src/time/deadline.js";
import { createTokenSource } from "../../src/tokens/token-source.js";
import type { Transport } from "../../src/transport/http-message.js";
import { createTestCall, respondedWith, TEST_REQUEST } from "../support/test-call.js";

const request = { ...TEST_REQUEST, method: "PUT", body: {} } as const;
const purpose = "produce" as never;
const history = {
  operation: "produceCard",
  correlationId: "till-7",
  mayHaveTakenEffect: true,
  productionAfter: undefined,
};
const FAILED = { kind: "failed", requestSent: false, cause: new Error("closed") } as const;
const RESPONDED = respondedWith(403);

/** A permit that is valid from its given use on. */
function createPermit(validFrom = 1) {
  let obtained = 0;
  const permit = {
    obtain: vi.fn(async () => {
      obtained += 1;
    }),
    isValid: vi.fn(() => obtained >= validFrom),
    use: vi.fn(),
  };
  return permit satisfies Permit;
}

async function attemptWith(transport: Transport, { permit, ...own }: Partial<Call> & { permit?: Permit } = {}) {
  const attempts = new Attempts(createTestCall(transport, own));
  const { outcome } = await attempts.attempt(request, purpose, classifyProduceResponse, permit);
  return { outcome, mayHaveSent: attempts.mayHaveSent };
}

function createError(outcome: Awaited<ReturnType<typeof attemptWith>>["outcome"]): KioskError {
  if (!("error" in outcome)) throw new Error(`The outcome is ${outcome.kind}`);
  return outcome.error(history);
}

describe("an attempt whose transport throws", () => {
  it("leaves the request in doubt, and uses its permit", async () => {
    const permit = createPermit();
    const { outcome, mayHaveSent } = await attemptWith(() => Promise.reject(new Error("boom")), { permit });
    expect([outcome.kind, mayHaveSent, permit.use.mock.calls.length]).toEqual(["ambiguous", true, 1]);
    const error = createError(outcome);
    expect(error.message).toMatch(/^produceCard: /);
    expect(error).toMatchObject({ correlationId: "till-7", requestSent: true });
  });

  it("quotes no token in its error", async () => {
    const reason = new Error("refused a-token-of-the-user");
    const { outcome } = await attemptWith(() => Promise.reject(reason));
    const error = createError(outcome);
    expect(JSON.stringify([error.message, (error.cause as Error).message])).not.toContain("a-token-of-the-user");
  });
});

it("an attempt sends nothing if its permit cannot be obtained, and does not use it", async () => {
  const transport = vi.fn<Transport>();
  const permit = { ...createPermit(), obtain: () => Promise.reject(new Error("no disk")) };
  const { outcome, mayHaveSent } = await attemptWith(transport, { permit });
  expect([outcome.kind, mayHaveSent]).toEqual(["not-taken", false]);
  expect(transport).not.toHaveBeenCalled();
  expect(permit.use).not.toHaveBeenCalled();
});

describe("an attempt with a permit that expires before the request starts", () => {
  const waitTooLong: Transport = async (_request, _signal, onStart, mayStart) => {
    if (mayStart?.() === false) return FAILED;
    onStart?.();
    return RESPONDED;
  };

  it("obtains another one, and sends the request with that", async () => {
    const permit = createPermit(3);
    const { outcome, mayHaveSent } = await attemptWith(waitTooLong, { permit });
    expect([outcome.kind, mayHaveSent]).toEqual(["rejected", true]);
    expect([permit.obtain.mock.calls.length, permit.use.mock.calls.length]).toEqual([3, 1]);
  });

  it.each<[string, Transport, string]>([
    ["is in doubt if the dispatcher has begun to send it nevertheless", startNevertheless(FAILED), "ambiguous"],
    ["takes the response if there is one nevertheless", startNevertheless(RESPONDED), "rejected"],
    ["takes the response if there is one although nothing seemed to start", respondOnceUnstarted(), "rejected"],
    ["is in doubt if it was sent nevertheless", startNevertheless({ ...FAILED, requestSent: true }), "ambiguous"],
  ])("%s", async (_what, transport, kind) => {
    const permit = createPermit(Number.POSITIVE_INFINITY);
    const { outcome, mayHaveSent } = await attemptWith(transport, { permit });
    expect([outcome.kind, mayHaveSent, permit.obtain.mock.calls.length]).toEqual([kind, true, 1]);
  });

  it("keeps the cause if the dispatcher has begun to send it nevertheless and failed", async () => {
    const permit = createPermit(Number.POSITIVE_INFINITY);
    const { outcome } = await attemptWith(startNevertheless(FAILED), { permit });
    expect(createError(outcome).cause).toMatchObject({ message: "closed" });
  });
});

it.each([
  ["JSON", {}, "application/json"],
  ["no content", undefined, undefined],
])("an attempt with %s declares so", async (_what, body, contentType) => {
  const transport = vi.fn<Transport>(async () => RESPONDED);
  await new Attempts(createTestCall(transport)).attempt({ ...request, body }, purpose, classifyProduceResponse);
  expect(new Headers(transport.mock.calls[0]?.[0].headers).get("content-type") ?? undefined).toBe(contentType);
});

it.each([
  ["although its permit is valid", true],
  ["before the transport asks whether its permit is valid", false],
])("an attempt that fails %s does not obtain another one", async (_when, asks) => {
  const permit = createPermit();
  const transport = vi.fn<Transport>().mockRejectedValue(new Error("sent twice"));
  transport.mockImplementationOnce(async (_request, _signal, _onStart, mayStart) => {
    if (asks) mayStart?.();
    return FAILED;
  });
  const { outcome } = await attemptWith(transport, { permit });
  expect([outcome.kind, permit.obtain.mock.calls.length]).toEqual(["not-taken", 1]);
});

it("an attempt that the transport refuses is reported as refused, because nothing was sent", async () => {
  const exchanges: Exchange[] = [];
  const refuse = () => Promise.reject(new KioskArgumentError("dispatcher", "must not retry requests"));
  const attempts = new Attempts(createTestCall(refuse, { onExchange: (exchange) => exchanges.push(exchange) }));
  (await attempts.attempt(request, purpose, classifyProduceResponse)).report();
  expect(exchanges).toMatchObject([{ error: "ERR_ARGUMENT" }]);
});

describe("an attempt that takes too long", () => {
  const never = () => new Promise<never>(() => {});

  it.each<[string, Transport, string, boolean]>([
    ["is not taken if the request has not started", never, "not-taken", false],
    ["is in doubt if the request has started", startAndHang, "ambiguous", true],
  ])("%s", async (_what, transport, kind, wasSent) => {
    const { outcome, mayHaveSent } = await attemptWith(transport, { timeoutMs: 5 });
    expect([outcome.kind, mayHaveSent]).toEqual([kind, wasSent]);
  });

  it("is not repeated if it still waits for the token", async () => {
    const transport = vi.fn<Transport>();
    const tokens = createTokenSource(never, "123456", {});
    const { outcome, mayHaveSent } = await attemptWith(transport, { timeoutMs: 5, tokens });
    expect([outcome.kind, mayHaveSent]).toEqual(["rejected", false]);
    expect(transport).not.toHaveBeenCalled();
  });
});

it("an attempt that begins after the deadline sends nothing, and says that the call did not finish", async () => {
  const transport = vi.fn<Transport>();
  const clock = new Clock();
  const { outcome } = await attemptWith(transport, { clock, deadline: new Deadline(clock, 0) });
  expect(createError(outcome).message).toContain("produceCard: the call did not finish within deadlineMs");
  expect(transport).not.toHaveBeenCalled();
});

it.each([
  ["asks for another token", 1, "unauthorized"],
  ["is final with maxRetries 0", 0, "rejected"],
])("an attempt whose token is rejected %s", async (_what, maxRetries, kind) => {
  const response = { ...RESPONDED.response, status: 401 };
  const tokens = createTokenSource(() => "a-token-of-the-user", "123456", {});
  const { outcome } = await attemptWith(async () => ({ kind: "responded", response }), { tokens, maxRetries });
  expect(outcome.kind).toBe(kind);
});

/** A transport that sends the request even if it may not start. */
function startNevertheless(result: Awaited<ReturnType<Transport>>): Transport {
  return async (_request, _signal, onStart, mayStart) => {
    mayStart?.();
    onStart?.();
    return result;
  };
}

/** A transport that ignores whether the request may start, says nothing of its start, and has one response. */
function respondOnceUnstarted(): Transport {
  const transport = vi.fn<Transport>().mockRejectedValue(new Error("sent twice"));
  return transport.mockImplementationOnce(async (_request, _signal, _onStart, mayStart) => {
    mayStart?.();
    return RESPONDED;
  });
}

function startAndHang(...[, , onStart]: Parameters<Transport>): ReturnType<Transport> {
  onStart?.();
  return new Promise(() => {});
}
