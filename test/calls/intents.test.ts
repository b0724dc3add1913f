import { Agent } from "undici";
import { Agent as OlderAgent } from "undici-6";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  type DispatcherLike,
  type Exchange,
  isKioskError,
  type ProductionIntent,
  parseProduction,
  type WiseKioskClientOptions,
} from "../../src/index.js";
import { type HttpServer, type Responder, reply, replyInTurn, startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection, createClient, PRODUCE, TOKEN, TRANSPORTS } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const inProgress = reply(200, WISE_EXAMPLES.inProgress);
const ready = reply(200, WISE_EXAMPLES.ready);
const lost: Responder = (response) => response.socket?.destroy();

/** Options of a client that retries without waiting, and decides by its first read. */
const QUICK = { maxRetries: 2, reconcileWindowMs: 0 };

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Starts a server, and records its requests and the intents of a call in the order in which they happen. */
async function startRecorded(respond: Responder) {
  const log: string[] = [];
  const intents: ProductionIntent[] = [];
  const server = await startHttpServer((response, request) => {
    log.push(request.method);
    respond(response, request);
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const onIntent = (intent: ProductionIntent) => {
    log.push(`intent ${intent.requests}`);
    intents.push(intent);
  };
  return { server, log, intents, onIntent };
}

const client = (server: HttpServer, options: Partial<WiseKioskClientOptions> = {}) =>
  createClient(server, { ...QUICK, ...options });

/** Mocks `Date` alone, and returns a function that moves it on. */
function mockDate(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ["Date"] });
  return (ms) => void vi.setSystemTime(Date.now() + ms);
}

describe.each(TRANSPORTS)("onIntent through %s", (_name, transport) => {
  it("is awaited before the first request, and not called for reads", async () => {
    const { server, log, onIntent } = await startRecorded(inProgress);
    const kiosk = client(server, transport);
    await kiosk.produceCard({
      ...PRODUCE,
      onIntent: async (intent) => {
        await new Promise((resolve) => setTimeout(resolve, 20));
        onIntent(intent);
      },
    });
    await kiosk.getProductionStatus(CARD);
    expect(log).toEqual(["intent 1", "PUT", "GET"]);
  });

  it("is called again before a retry, with the number of requests that may have left", async () => {
    const limited = reply(429, {}, { "Retry-After": "0" });
    const { server, log, intents, onIntent } = await startRecorded(replyInTurn(limited, limited, inProgress));
    await client(server, transport).produceCard({ ...PRODUCE, onIntent });
    expect(log).toEqual(["intent 1", "PUT", "intent 2", "PUT", "intent 3", "PUT"]);
    expect(new Set(intents.map(({ requestedAt }) => requestedAt)).size).toBe(1);
  });

  it("may change the intent that it gets, without an effect on what reads mean", async () => {
    // By its time alone, it could be the effect of this call.
    const occurredAt = new Date(Date.now() + 3_600_000).toISOString();
    const previous = parseProduction({ status: "PRODUCTION_ERROR", kioskId: PRODUCE.kioskId, occurredAt });
    const { server, log } = await startRecorded(replyInTurn(lost, reply(200, previous), inProgress));
    const onIntent = (intent: ProductionIntent) => {
      Object.assign(intent.previous ?? {}, { kioskId: "***", occurredAt: "***" });
    };
    const production = await client(server, transport).produceCard({ ...PRODUCE, previous, onIntent });
    expect(log).toEqual(["PUT", "GET", "PUT"]);
    expect(production.occurredAt).not.toBe(occurredAt);
  });

  it("is called again before a request in doubt is resent, with the state that was read", async () => {
    const { server, log, intents, onIntent } = await startRecorded(replyInTurn(lost, ready, inProgress));
    const previous = { status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_JAM", description: null } as const;
    const known = { ...previous, kioskId: "WIS00001", occurredAt: "2023-12-31T10:00:00.000Z" };
    await client(server, transport).produceCard({ ...PRODUCE, previous: known, onIntent });
    expect(log).toEqual(["intent 1", "PUT", "GET", "intent 2", "PUT"]);
    expect(intents[0]?.previous).toEqual(known);
    expect(intents[1]?.previous).toEqual({ ...JSON.parse(WISE_EXAMPLES.ready), errorCode: null });
    expect(intents[1]?.requestedAt).toBe(intents[0]?.requestedAt);
    expect([intents[0]?.wiseAt, intents[1]?.wiseAt]).toEqual([null, null]);
  });

  it("is called again after a 401, once there is another token", async () => {
    const { server, log, onIntent } = await startRecorded(replyInTurn(reply(401, {}), inProgress));
    const token = async ({ rejectedToken }: { rejectedToken?: string | undefined }) => {
      log.push(rejectedToken === undefined ? "token" : "another token");
      return rejectedToken === undefined ? TOKEN : `${TOKEN}-new`;
    };
    await client(server, { ...transport, token }).produceCard({ ...PRODUCE, onIntent });
    expect(log).toEqual(["token", "intent 1", "PUT", "another token", "intent 2", "PUT"]);
  });

  it("prevents the request if it throws, and the error says that nothing happened", async () => {
    const { server, log } = await startRecorded(inProgress);
    const cause = new Error("the database is down");
    const exchanges: Exchange[] = [];
    const kiosk = client(server, { ...transport, onExchange: (exchange: Exchange) => exchanges.push(exchange) });
    const call = kiosk.produceCard({ ...PRODUCE, onIntent: () => Promise.reject(cause) }, { correlationId: "till-7" });
    const error = await catchRejection(call);
    expect(isKioskError(error)).toBe(true);
    expect(error).toMatchObject({
      name: "KioskIntentError",
      code: "ERR_INTENT",
      message: "produceCard: onIntent failed, so the request was not sent; its error is the cause",
      mayHaveTakenEffect: false,
      productionAfter: undefined,
      correlationId: "till-7",
    });
    expect((error as Error).cause).toBe(cause);
    expect([log, exchanges]).toEqual([[], []]);
  });

  it("prevents the second request if it throws, and the error keeps the doubt about the first", async () => {
    const { server, log, onIntent } = await startRecorded(replyInTurn(lost, ready));
    const failing = (intent: ProductionIntent) => {
      onIntent(intent);
      if (intent.requests === 2) throw "full";
    };
    const error = await catchRejection(client(server, transport).produceCard({ ...PRODUCE, onIntent: failing }));
    expect(error).toMatchObject({
      code: "ERR_INTENT",
      cause: "full",
      mayHaveTakenEffect: true,
      productionAfter: { status: "READY" },
      message: expect.stringContaining("the outcome is unknown"),
    });
    expect(log).toEqual(["intent 1", "PUT", "GET", "intent 2"]);
  });

  it.each(["timeoutMs", "deadlineMs"])("prevents the request if it does not finish within %s", async (limit) => {
    const { server, log } = await startRecorded(inProgress);
    const onIntent = vi.fn(() => new Promise(() => {}));
    const error = await catchRejection(
      client(server, transport).produceCard({ ...PRODUCE, onIntent }, { [limit]: 50, maxRetries: 2 }),
    );
    expect(error).toMatchObject({
      code: "ERR_TIMEOUT",
      message: `produceCard: onIntent did not finish within ${limit}`,
      requestSent: false,
      mayHaveTakenEffect: false,
    });
    expect(onIntent).toHaveBeenCalledTimes(1);
    expect(log).toEqual([]);
  });

  it("sends nothing if it finishes after the attempt has ended", async () => {
    const { server, log } = await startRecorded(inProgress);
    const pending: (() => void)[] = [];
    const onIntent = () => new Promise<void>((resolve) => pending.push(resolve));
    const kiosk = client(server, transport);
    await catchRejection(kiosk.produceCard({ ...PRODUCE, onIntent }, { timeoutMs: 30 }));
    pending[0]?.();
    await kiosk.getProductionStatus(CARD);
    expect(log).toEqual(["GET"]);
  });

  it("is called again if it took so long that the request may no longer start", async () => {
    const pass = mockDate();
    const { server, log, intents, onIntent } = await startRecorded(inProgress);
    const slow = (intent: ProductionIntent) => {
      onIntent(intent);
      if (intents.length < 3) pass(5001);
    };
    await client(server, transport).produceCard({ ...PRODUCE, onIntent: slow });
    expect(log).toEqual(["intent 1", "intent 1", "intent 1", "PUT"]);
    const times = intents.map(({ requestedAt }) => Date.parse(requestedAt));
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 5001, 10_002]);
  });

  it("is not called again if it took exactly 5 seconds", async () => {
    const pass = mockDate();
    const { server, log, onIntent } = await startRecorded(inProgress);
    const slow = (intent: ProductionIntent) => {
      onIntent(intent);
      pass(5000);
    };
    await client(server, transport).produceCard({ ...PRODUCE, onIntent: slow });
    expect(log).toEqual(["intent 1", "PUT"]);
  });

  it("ends with the attempt if it is always too slow, even if it blocks the thread", async () => {
    const pass = mockDate();
    const { server, log } = await startRecorded(inProgress);
    const onIntent = vi.fn(() => pass(6000));
    const call = client(server, transport).produceCard({ ...PRODUCE, onIntent }, { timeoutMs: 200, maxRetries: 0 });
    expect(await catchRejection(call)).toMatchObject({ code: "ERR_TIMEOUT", requestSent: false });
    expect(onIntent.mock.calls.length).toBeGreaterThan(1);
    expect(log).toEqual([]);
  });

  it.each<[string, (abort: () => void) => unknown]>([
    ["aborts the call", (abort) => abort()],
    [
      "aborts the call and throws",
      (abort) => {
        abort();
        throw new Error("shutting down");
      },
    ],
    [
      "rejects in the same turn as the call aborts",
      (abort) => {
        const rejection = Promise.reject(new Error("shutting down"));
        rejection.catch(abort);
        return rejection;
      },
    ],
  ])("rejects with the reason of the signal if onIntent %s", async (_what, act) => {
    const { server, log } = await startRecorded(inProgress);
    const controller = new AbortController();
    const onIntent = () => act(() => controller.abort("shutdown"));
    const kiosk = client(server, transport);
    expect(await catchRejection(kiosk.produceCard({ ...PRODUCE, onIntent }, { signal: controller.signal }))).toBe(
      "shutdown",
    );
    await kiosk.getProductionStatus(CARD);
    expect(log).toEqual(["GET"]);
  });

  it("is not called if the only token is the rejected one", async () => {
    const { server, log, onIntent } = await startRecorded(reply(401, {}));
    const error = await catchRejection(
      client(server, { ...transport, token: () => TOKEN }).produceCard({ ...PRODUCE, onIntent }),
    );
    expect(error).toMatchObject({ code: "ERR_AUTHENTICATION" });
    expect(log).toEqual(["intent 1", "PUT"]);
  });
});

describe("a request that a dispatcher starts late", () => {
  /** Waits before it dispatches: a pool without a free connection, or a slow proxy. */
  function lateDispatcher(beforeDispatch: (count: number) => void): DispatcherLike {
    const agent = new Agent();
    onTestFinished(() => agent.destroy());
    let count = 0;
    return {
      dispatch(options, handler) {
        count += 1;
        const turn = count;
        setImmediate(() => {
          beforeDispatch(turn);
          agent.dispatch(options as never, handler as never);
        });
        return true;
      },
    };
  }

  it("is not sent after sendBy, and is sent once after a new intent", async () => {
    const pass = mockDate();
    const { server, log, intents, onIntent } = await startRecorded(inProgress);
    const dispatcher = lateDispatcher((turn) => turn < 3 && pass(5001));
    await client(server, { dispatcher }).produceCard({ ...PRODUCE, onIntent });
    expect(log).toEqual(["intent 1", "intent 1", "intent 1", "PUT"]);
    expect(intents[2]?.requestedAt).not.toBe(intents[0]?.requestedAt);
  });

  it.each([
    ["undici 6", () => new OlderAgent({ connections: 1 }) as unknown as Agent],
    ["undici 7", () => new Agent({ connections: 1 })],
    ["undici 7 with pipelining", () => new Agent({ connections: 1, pipelining: 2 })],
  ])("is sent once if the only connection of %s becomes free after sendBy", async (_version, create) => {
    const agent = create();
    onTestFinished(() => agent.destroy());
    const pass = mockDate();
    const waiting: (() => void)[] = [];
    const hold: Responder = (response, request) => void waiting.push(() => ready(response, request));
    const { server, log, intents, onIntent } = await startRecorded(replyInTurn(hold, inProgress, ready));
    const kiosk = client(server, { dispatcher: agent });
    const read = kiosk.getProductionStatus(CARD);
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    const produce = kiosk.produceCard({ ...PRODUCE, onIntent });
    await vi.waitFor(() => expect(intents).toHaveLength(1));
    pass(5001);
    waiting[0]?.();
    await Promise.all([read, produce]);
    await kiosk.getProductionStatus(CARD);
    expect(log).toEqual(["GET", "intent 1", "intent 1", "PUT", "GET"]);
  });

  it("ends with the attempt, unsent, if every start is too late", async () => {
    const pass = mockDate();
    const { server, log, onIntent } = await startRecorded(inProgress);
    const kiosk = client(server, { dispatcher: lateDispatcher(() => pass(5001)), maxRetries: 0 });
    const error = await catchRejection(kiosk.produceCard({ ...PRODUCE, onIntent }, { timeoutMs: 100 }));
    expect(error).toMatchObject({ code: "ERR_TIMEOUT", requestSent: false, mayHaveTakenEffect: false });
    expect(log).not.toContain("PUT");
  });

  it("causes no warning about listeners, however often a start is too late", async () => {
    const pass = mockDate();
    const { server, log, onIntent } = await startRecorded(inProgress);
    const warnings = vi.spyOn(process, "emitWarning");
    const patient = (intent: ProductionIntent) => {
      if (log.length === 12) throw new Error("enough");
      onIntent(intent);
    };
    const kiosk = client(server, { dispatcher: lateDispatcher(() => pass(5001)), timeoutMs: 2_000_000 });
    expect(await catchRejection(kiosk.produceCard({ ...PRODUCE, onIntent: patient }))).toMatchObject({
      code: "ERR_INTENT",
    });
    expect(warnings).not.toHaveBeenCalled();
  });

  it("is in doubt if the dispatcher sends it although it may no longer start", async () => {
    const pass = mockDate();
    const { server, log, onIntent } = await startRecorded(inProgress);
    const agent = new Agent();
    onTestFinished(() => agent.destroy());
    const stubborn: DispatcherLike = {
      dispatch(options, handler) {
        if (log.length === 1) pass(5001);
        handler.onRequestStart({ abort() {} }, {});
        handler.onBodySent();
        return agent.dispatch(options as never, { ...handler, onRequestStart() {}, onConnect() {} } as never);
      },
    };
    const production = await client(server, { dispatcher: stubborn }).produceCard({ ...PRODUCE, onIntent });
    expect(production.status).toBe("IN_PROGRESS");
    expect(log).toEqual(["intent 1", "PUT", "GET"]);
  });

  it("fails with the error of onIntent if that throws after a start that was too late", async () => {
    const pass = mockDate();
    const { server, log, onIntent } = await startRecorded(inProgress);
    const once = (intent: ProductionIntent) => {
      if (log.length > 0) throw new Error("taken over");
      onIntent(intent);
    };
    const kiosk = client(server, { dispatcher: lateDispatcher(() => pass(5001)) });
    expect(await catchRejection(kiosk.produceCard({ ...PRODUCE, onIntent: once }))).toMatchObject({
      code: "ERR_INTENT",
      mayHaveTakenEffect: false,
    });
    expect(log).toEqual(["intent 1"]);
  });

  it("is not repeated if onIntent hangs after a start that was too late", async () => {
    const pass = mockDate();
    const { server, log, onIntent } = await startRecorded(inProgress);
    const once = (intent: ProductionIntent) => {
      if (log.length > 0) return new Promise(() => {});
      return onIntent(intent);
    };
    const kiosk = client(server, { dispatcher: lateDispatcher(() => pass(5001)) });
    expect(await catchRejection(kiosk.produceCard({ ...PRODUCE, onIntent: once }, { timeoutMs: 6000 }))).toMatchObject({
      code: "ERR_TIMEOUT",
      message: "produceCard: onIntent did not finish within timeoutMs",
      requestSent: false,
      mayHaveTakenEffect: false,
    });
    expect(log).toEqual(["intent 1"]);
  });

  it("is sent however late it starts if there is no onIntent", async () => {
    const pass = mockDate();
    const { server, log } = await startRecorded(inProgress);
    await client(server, { dispatcher: lateDispatcher(() => pass(20_000)) }).produceCard(PRODUCE);
    expect(log).toEqual(["PUT"]);
  });
});

describe("the fields of an intent", () => {
  it("name the print, and when its request is sent and aborted", async () => {
    const { server, intents, onIntent } = await startRecorded(inProgress);
    const before = Date.now();
    await client(server).produceCard({ ...PRODUCE, onIntent }, { correlationId: "till-7", timeoutMs: 20_000 });
    const [intent] = intents;
    const requestedAt = Date.parse(intent?.requestedAt ?? "");
    expect(requestedAt).toBeGreaterThanOrEqual(before);
    expect(requestedAt).toBeLessThanOrEqual(Date.now());
    expect(intent).toEqual({
      profileId: "123456",
      cardToken: CARD.cardToken,
      kioskId: "WIS00001",
      correlationId: "till-7",
      previous: null,
      requestedAt: new Date(requestedAt).toISOString(),
      sendBy: new Date(requestedAt + 5000).toISOString(),
      expiresAt: new Date(requestedAt + 25_000).toISOString(),
      wiseAt: null,
      wiseAtOurs: null,
      requests: 1,
    });
    expect(JSON.parse(JSON.stringify(intent))).toEqual(intent);
  });

  it("do not count a request that certainly never left", async () => {
    const pass = mockDate();
    const { server, intents, onIntent } = await startRecorded(inProgress);
    const agent = new Agent();
    onTestFinished(() => agent.destroy());
    const dispatcher: DispatcherLike = {
      dispatch(options, handler) {
        if (intents.length > 1) return agent.dispatch(options as never, handler as never);
        pass(1000);
        handler.onError(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
        return true;
      },
    };
    await client(server, { dispatcher }).produceCard({ ...PRODUCE, onIntent });
    expect(intents.map(({ requests }) => requests)).toEqual([1, 1]);
    const [first, second] = intents.map(({ requestedAt }) => Date.parse(requestedAt));
    expect((second ?? 0) - (first ?? 0)).toBe(1000);
  });

  it("do not count a request that fetch certainly never sent", async () => {
    const { server, intents, onIntent } = await startRecorded(inProgress);
    const refused = () => Promise.reject(new TypeError("fetch failed", { cause: { code: "ECONNREFUSED" } }));
    const kiosk = client(server, { fetch: (url, init) => (intents.length > 1 ? fetch(url, init) : refused()) });
    await kiosk.produceCard({ ...PRODUCE, onIntent });
    expect(intents.map(({ requests }) => requests)).toEqual([1, 1]);
  });
});

describe("Wise's time in an intent", () => {
  const WISE = "Thu, 01 Jan 2026 12:00:00 GMT";
  const dated = (status: number, date = WISE) => reply(status, WISE_EXAMPLES.ready, { Date: date });
  const undated: Responder = (response) => {
    response.sendDate = false;
    reply(200, WISE_EXAMPLES.inProgress)(response, { method: "", path: "", headers: {}, body: "" });
  };

  it.each(TRANSPORTS)("is the Date of the latest response of any call through %s", async (_name, transport) => {
    mockDate();
    const { server, intents, onIntent } = await startRecorded(
      replyInTurn(dated(200), dated(200, "Fri, 02 Jan 2026 12:00:00 GMT"), undated),
    );
    const kiosk = client(server, transport);
    await kiosk.getProductionStatus(CARD);
    await kiosk.getProductionStatus({ ...CARD, cardToken: "another" });
    await kiosk.produceCard({ ...PRODUCE, onIntent });
    expect(intents[0]).toMatchObject({ wiseAt: "2026-01-02T12:00:00.000Z", wiseAtOurs: new Date().toISOString() });
  });

  it.each([404, 429, 500])("may come from a response of %d", async (status) => {
    const { server, intents, onIntent } = await startRecorded(replyInTurn(dated(status), undated));
    const kiosk = client(server, { maxRetries: 0 });
    await catchRejection(kiosk.getProductionStatus(CARD));
    await kiosk.produceCard({ ...PRODUCE, onIntent });
    expect(intents[0]?.wiseAt).toBe("2026-01-01T12:00:00.000Z");
  });

  it("stays that of the first request that may have left", async () => {
    const limited = reply(429, {}, { "Retry-After": "0", Date: "Thu, 01 Jan 2026 12:30:00 GMT" });
    const { server, intents, onIntent } = await startRecorded(replyInTurn(dated(200), limited, undated));
    const kiosk = client(server);
    await kiosk.getProductionStatus(CARD);
    await kiosk.produceCard({ ...PRODUCE, onIntent });
    expect(intents.map(({ wiseAt }) => wiseAt)).toEqual(["2026-01-01T12:00:00.000Z", "2026-01-01T12:00:00.000Z"]);
    expect(intents[0]?.wiseAtOurs).toBe(intents[1]?.wiseAtOurs);
  });

  it.each<[string, Responder, number, string | null]>([
    ["is known if the response came 10 minutes ago", dated(200), 600_000, "2026-01-01T12:00:00.000Z"],
    ["is unknown if the response came more than 10 minutes ago", dated(200), 600_001, null],
    ["is unknown if our clock was set back since the response", dated(200), -5000, null],
    ["is unknown if the response had no Date", undated, 0, null],
    ["is unknown if the Date of the response cannot be read", dated(200, "yesterday"), 0, null],
  ])("%s", async (_title, respond, laterMs, wiseAt) => {
    const pass = mockDate();
    const { server, intents, onIntent } = await startRecorded(replyInTurn(respond, undated));
    const kiosk = client(server);
    await kiosk.getProductionStatus(CARD);
    pass(laterMs);
    await kiosk.produceCard({ ...PRODUCE, onIntent });
    expect(intents[0]?.wiseAt).toBe(wiseAt);
    expect(intents[0]?.wiseAtOurs === null).toBe(wiseAt === null);
  });

  it("is unknown if the response took 3 seconds, because its Date may be from any moment of them", async () => {
    const pass = mockDate();
    const slow: Responder = (response, request) => {
      pass(3000);
      dated(200)(response, request);
    };
    const { server, intents, onIntent } = await startRecorded(replyInTurn(slow, undated));
    const kiosk = client(server);
    await kiosk.getProductionStatus(CARD);
    await kiosk.produceCard({ ...PRODUCE, onIntent });
    expect(intents[0]?.wiseAt).toBeNull();
  });

  it("becomes unknown if our clock is set back between two requests of a call", async () => {
    const pass = mockDate();
    const limited = reply(429, {}, { "Retry-After": "0" });
    const { server, intents, onIntent } = await startRecorded(replyInTurn(dated(200), limited, undated));
    const setBack: typeof onIntent = (intent) => {
      onIntent(intent);
      if (intent.requests === 1) pass(-4000);
    };
    const kiosk = client(server);
    await kiosk.getProductionStatus(CARD);
    await kiosk.produceCard({ ...PRODUCE, onIntent: setBack });
    expect(intents.map(({ wiseAt }) => wiseAt)).toEqual(["2026-01-01T12:00:00.000Z", null]);
  });

  it("is that of the client's own responses only", async () => {
    const { server, intents, onIntent } = await startRecorded(replyInTurn(dated(200), undated));
    await client(server).getProductionStatus(CARD);
    await client(server).produceCard({ ...PRODUCE, onIntent });
    expect(intents[0]?.wiseAt).toBeNull();
  });
});
