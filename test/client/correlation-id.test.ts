import { Agent, getGlobalDispatcher, RetryAgent, setGlobalDispatcher } from "undici";
import { afterEach, describe, expect, it } from "vitest";
import type { CallOptions, WiseKioskClient } from "../../src/index.js";
import { type Responder, reply, startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection, createClient, PRODUCE } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const usual = getGlobalDispatcher();

afterEach(() => setGlobalDispatcher(usual));

const never = () => new Promise<never>(() => {});
const silent: Responder = () => {};
const resets: Responder = (response) => response.destroy();

const ENDS: readonly (readonly [string, string, Responder, CallOptions])[] = [
  ["an HTTP error", "ERR_PERMISSION", reply(403), {}],
  ["a rejected token", "ERR_AUTHENTICATION", reply(401), { token: () => "the-same-again", maxRetries: 1 }],
  ["a body that cannot be decoded", "ERR_DECODE", reply(200, "oops"), {}],
  ["a broken connection", "ERR_CONNECTION", resets, {}],
  ["timeoutMs", "ERR_TIMEOUT", silent, { timeoutMs: 50 }],
  ["deadlineMs", "ERR_TIMEOUT", silent, { deadlineMs: 50 }],
  ["deadlineMs between two attempts", "ERR_TIMEOUT", reply(429), { deadlineMs: 50, maxRetries: 10 }],
  ["a token that never arrives", "ERR_TIMEOUT", silent, { token: never, timeoutMs: 50 }],
  ["a token provider that fails", "ERR_TOKEN", silent, { token: () => Promise.reject(new Error("no")) }],
  ["a token that cannot be sent", "ERR_TOKEN", silent, { token: () => "two words" }],
];

const CALLS: readonly (readonly [string, (kiosk: WiseKioskClient, options: CallOptions) => Promise<unknown>])[] = [
  ["produceCard", (kiosk, options) => kiosk.produceCard(PRODUCE, options)],
  ["getProductionStatus", (kiosk, options) => kiosk.getProductionStatus(CARD, options)],
  [
    "simulateProductionStatus",
    (kiosk, options) => kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }, options),
  ],
  ["waitForProduction", (kiosk, options) => kiosk.waitForProduction(CARD, { maxWaitMs: 200, ...options })],
  ["watchProduction", (kiosk, options) => kiosk.watchProduction(CARD, { maxWaitMs: 200, ...options }).next()],
];

describe.each(CALLS)("errors of %s", (method, call) => {
  const ends = method === "simulateProductionStatus" ? ENDS.filter(([, code]) => code !== "ERR_DECODE") : ENDS;

  it.each(ends)("carries the correlation id of the call after %s", async (_what, code, respond, options) => {
    await using server = await startHttpServer(respond);
    const error = await catchRejection(call(createClient(server), { correlationId: "desk-7", ...options }));
    const isWait = method.startsWith("wa") && ["ERR_CONNECTION", "ERR_TIMEOUT"].includes(code);
    expect(error).toMatchObject({
      code: isWait ? expect.stringMatching(/^ERR_(WAIT_)?TIMEOUT$/) : code,
      correlationId: "desk-7",
    });
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ correlationId: "desk-7" });
  });

  it("carries the generated correlation id of the call", async () => {
    await using server = await startHttpServer(reply(403));
    const error = await catchRejection(call(createClient(server), {}));
    expect(error).toMatchObject({ correlationId: server.requests[0]?.headers["x-external-correlation-id"] });
  });

  it("carries the correlation id if an argument is refused during the call", async () => {
    await using server = await startHttpServer(reply(403));
    setGlobalDispatcher(new RetryAgent(new Agent()));
    const error = await catchRejection(call(createClient(server), { correlationId: "desk-7" }));
    expect(error).toMatchObject({ code: "ERR_ARGUMENT", argument: "dispatcher", correlationId: "desk-7" });
    expect((error as Error).message).toMatch(
      /^dispatcher must be given, because undici's global dispatcher is a RetryAgent/,
    );
  });

  it("has no correlation id if an argument is refused before the call", async () => {
    const refuse = async () =>
      call(createClient({ url: "http://127.0.0.1" }), { timeoutMs: -1, correlationId: "desk-7" });
    expect(await catchRejection(refuse())).toMatchObject({ code: "ERR_ARGUMENT", correlationId: undefined });
  });
});

it("carries the correlation id of its reads in the error of a wait that times out", async () => {
  await using server = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
  const kiosk = createClient(server);
  // The first call loads undici and connects, which may take longer than the wait.
  await kiosk.getProductionStatus(CARD);
  const options = { maxWaitMs: 500, correlationId: "desk-7" };
  const error = await catchRejection(kiosk.waitForProduction(CARD, options));
  expect(error).toMatchObject({ code: "ERR_WAIT_TIMEOUT", correlationId: "desk-7" });
  expect(server.requests[1]?.headers["x-external-correlation-id"]).toBe("desk-7");
});
