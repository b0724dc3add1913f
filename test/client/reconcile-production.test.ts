import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  type CallOptions,
  type Exchange,
  KioskArgumentError,
  type ProductionIntent,
  type WiseKioskClientOptions,
} from "../../src/index.js";
import { createKioskSimulator, type KioskSimulatorOptions } from "../../src/testing/index.js";
import { type Responder, reply, replyInTurn, startHttpServer } from "../support/http-server.js";
import { createIntent } from "../support/intents.js";
import { CARD, catchRejection, createClient, PRODUCE, TRANSPORTS } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ready = reply(200, WISE_EXAMPLES.ready);

beforeEach(() => void vi.spyOn(Math, "random").mockReturnValue(0));

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Starts a simulator with {@link CARD} and two kiosks. `connect` creates clients of it, as other processes would. */
async function startSimulator(options: KioskSimulatorOptions = {}) {
  const simulator = createKioskSimulator({ kiosks: ["WIS00001", "WIS00002"], cards: [CARD], ...options });
  const server = await simulator.listen();
  onTestFinished(() => server.close());
  const { token } = simulator.clientOptions();
  const connect = (own: Partial<WiseKioskClientOptions> = {}) =>
    createClient(server, { token, reconcileWindowMs: 0, ...own } as Partial<WiseKioskClientOptions>);
  return { simulator, connect, card: simulator.card(CARD.cardToken) };
}

type Wise = Awaited<ReturnType<typeof startSimulator>>;

/** Returns the intent of a call that ends with the first response, or without one, as if its process had died. */
async function produceAndDie({ connect }: Wise, call: Partial<typeof PRODUCE> = {}): Promise<ProductionIntent> {
  const kiosk = connect();
  await kiosk.getProductionStatus(CARD);
  const stored: string[] = [];
  const onIntent = (intent: ProductionIntent) => stored.push(JSON.stringify(intent));
  await kiosk.produceCard({ ...PRODUCE, ...call, onIntent }).catch(() => {});
  return JSON.parse(stored[0] ?? "") as ProductionIntent;
}

/** Starts a server that responds to reads only. */
async function startReads(...responders: readonly Responder[]) {
  const server = await startHttpServer(replyInTurn(...responders));
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]();
    expect(server.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });
  return server;
}

/** Returns an intent whose window ended long ago. */
const old = (changes: Partial<ProductionIntent> = {}) => createIntent(Date.now() - HOUR, changes);

/** Returns an intent whose window, of length 0, ends a number of milliseconds from now. */
const endingIn = (ms: number) => createIntent(Date.now() + ms - 36_000);

describe("reconcileProduction after a produceCard without an outcome", () => {
  it.each(["lost-response", "timeout"] as const)("finds the print after the fault %s", async (fault) => {
    const wise = await startSimulator();
    wise.simulator.injectFault({ operation: "produceCard", fault, takesEffect: true });
    const intent = await produceAndDie({
      ...wise,
      connect: (own) => wise.connect({ timeoutMs: 500, ...own }),
    });
    expect(await wise.connect().reconcileProduction(intent)).toEqual({
      outcome: "ours",
      production: wise.card.production,
    });
    expect(wise.simulator.requests.filter(({ method }) => method === "PUT")).toHaveLength(1);
  });

  it.each([
    ["PRODUCED", (wise: Wise) => wise.card.complete()],
    ["PRODUCTION_ERROR", (wise: Wise) => wise.card.fail("PRD_HOPPER_JAM")],
  ] as const)("finds a print that has ended in %s", async (status, end) => {
    const wise = await startSimulator();
    const intent = await produceAndDie(wise);
    end(wise);
    expect(await wise.connect().reconcileProduction(intent)).toMatchObject({
      outcome: "ours",
      production: { status },
    });
  });

  it("finds a print that reads do not show yet", async () => {
    const wise = await startSimulator({ readLagMs: 1000 });
    const intent = await produceAndDie(wise);
    const readsBefore = wise.simulator.requests.length;
    expect(await wise.connect().reconcileProduction(intent)).toMatchObject({ outcome: "ours" });
    expect(wise.simulator.requests.length - readsBefore).toBeGreaterThan(2);
  });

  it("finds a print whose request arrives late", async () => {
    const wise = await startSimulator();
    wise.simulator.injectFault({ operation: "produceCard", fault: { arrivesAfterMs: 1000 } });
    const intent = await produceAndDie(wise);
    expect(await wise.connect().reconcileProduction(intent)).toMatchObject({
      outcome: "ours",
      production: { status: "IN_PROGRESS" },
    });
  });

  it("is not-taken after the window if the request never arrived", async () => {
    const wise = await startSimulator();
    wise.simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
    const intent = await produceAndDie(wise);
    wise.simulator.advanceTime(MINUTE);
    expect(await wise.connect().reconcileProduction(intent)).toEqual({
      outcome: "not-taken",
      production: wise.card.production,
    });
  });

  it("is not-taken after the window if the card shows the failure that was known before", async () => {
    const wise = await startSimulator();
    wise.card.produce().fail("PRD_HOPPER_JAM");
    wise.simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
    const previous = wise.card.production as never;
    const intent = await produceAndDie(wise, { previous } as object);
    wise.simulator.advanceTime(MINUTE);
    expect(await wise.connect().reconcileProduction(intent)).toMatchObject({ outcome: "not-taken" });
  });

  it("is unknown after the window if another process prints the card at another kiosk", async () => {
    const wise = await startSimulator();
    wise.simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
    const intent = await produceAndDie(wise);
    await wise.connect().produceCard({ ...PRODUCE, kioskId: "WIS00002" });
    wise.simulator.advanceTime(MINUTE);
    expect(await wise.connect().reconcileProduction(intent)).toMatchObject({
      outcome: "unknown",
      production: { status: "IN_PROGRESS", kioskId: "WIS00002" },
    });
  });

  it("is unknown after the window if the card was produced long before the request", async () => {
    const wise = await startSimulator();
    wise.card.produce().complete();
    wise.simulator.advanceTime(HOUR);
    const intent = await produceAndDie(wise);
    wise.simulator.advanceTime(MINUTE);
    expect(await wise.connect().reconcileProduction(intent)).toMatchObject({
      outcome: "unknown",
      production: { status: "PRODUCED" },
    });
  });
});

describe("the reads of reconcileProduction", () => {
  it.each(TRANSPORTS)("are the only requests through %s", async (_name, transport) => {
    const server = await startReads(ready);
    const kiosk = createClient(server, { ...transport, maxRetries: 3, resend: true });
    expect(await kiosk.reconcileProduction(old())).toMatchObject({ outcome: "not-taken" });
    expect(server.requests.map(({ method, path }) => [method, path])).toEqual([
      ["GET", `/v3/spend/profiles/123456/cards/${CARD.cardToken}/production`],
    ]);
  });

  it("begin immediately, and follow each other at growing intervals until the window is over", async () => {
    const server = await startReads(ready);
    const exchanges: Exchange[] = [];
    const kiosk = createClient(server, { onExchange: (exchange: Exchange) => exchanges.push(exchange) });
    const options = { reconcileWindowMs: 0, correlationId: "sweep-1" };
    expect(await kiosk.reconcileProduction(endingIn(2500), options)).toMatchObject({ outcome: "not-taken" });
    const waits = exchanges.map(({ retryInMs }) => retryInMs);
    expect(waits.slice(0, 3)).toEqual([250, 375, 562.5]);
    expect(waits.at(-1)).toBeUndefined();
    expect(exchanges[0]).toMatchObject({
      operation: "getProductionStatus",
      purpose: "reconcile",
      correlationId: "sweep-1",
      attempt: 1,
    });
    expect(server.requests[0]?.headers["x-external-correlation-id"]).toBe("sweep-1");
  });

  it("end the call as soon as one shows the print", async () => {
    const print = { status: "IN_PROGRESS", kioskId: "WIS00001", occurredAt: new Date().toISOString() };
    const server = await startReads(ready, ready, reply(200, print));
    const intent = createIntent(Date.now());
    expect(await createClient(server).reconcileProduction(intent)).toMatchObject({ outcome: "ours" });
    expect(server.requests).toHaveLength(3);
  });

  it("are repeated after transient failures as often as maxRetries says", async () => {
    const server = await startReads(reply(503), reply(503), ready);
    expect(await createClient(server).reconcileProduction(old(), { maxRetries: 2 })).toMatchObject({
      outcome: "not-taken",
    });
    expect(server.requests).toHaveLength(3);
  });

  it("count for the time at which they began", async () => {
    const slow: Responder = (response, request) => void setTimeout(() => ready(response, request), 1500);
    const server = await startReads(slow, ready);
    // The first read begins within the window, and its response has a Date after it.
    await createClient(server).reconcileProduction(endingIn(200), { reconcileWindowMs: 0 });
    expect(server.requests.length).toBeGreaterThan(1);
  });

  it("decide after the reconcileWindowMs of the call or the client", async () => {
    const server = await startReads(ready);
    expect(createClient(server).reconcileWindowMs).toBe(10_000);
    const intent = createIntent(Date.now() - 6 * MINUTE);
    const kiosk = createClient(server, { reconcileWindowMs: 10 * MINUTE });
    expect(kiosk.reconcileWindowMs).toBe(10 * MINUTE);
    expect(await catchRejection(kiosk.reconcileProduction(intent, { deadlineMs: 300 }))).toMatchObject({
      code: "ERR_TIMEOUT",
    });
    expect(await kiosk.reconcileProduction(intent, { reconcileWindowMs: 5 * MINUTE })).toMatchObject({
      outcome: "not-taken",
    });
  });
});

describe("reconcileProduction without a Date", () => {
  const undated: Responder = (response, request) => {
    response.sendDate = false;
    ready(response, request);
  };
  const endedAgo = (ms: number, changes: Partial<ProductionIntent> = {}) =>
    createIntent(Date.now() - 35_000 - ms, changes);
  const withoutDate = { wiseAt: null, wiseAtOurs: null };

  it.each<[string, Responder, Partial<ProductionIntent>]>([
    ["the responses have none", undated, {}],
    ["the intent has none", ready, withoutDate],
    ["neither has one", undated, withoutDate],
  ])("waits 2 minutes longer if %s", async (_title, respond, changes) => {
    const server = await startReads(respond);
    const kiosk = createClient(server, { reconcileWindowMs: 0 });
    const early = kiosk.reconcileProduction(endedAgo(2 * MINUTE - 5000, changes), { deadlineMs: 300 });
    expect(await catchRejection(early)).toMatchObject({ code: "ERR_TIMEOUT" });
    expect(await kiosk.reconcileProduction(endedAgo(2 * MINUTE, changes))).toMatchObject({ outcome: "not-taken" });
  });

  it("does not trust our clock if it is set forward during the call", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const controller = new AbortController();
    let reads = 0;
    const setForward: Responder = (response, request) => {
      undated(response, request);
      reads += 1;
      vi.setSystemTime(Date.now() + HOUR);
      if (reads === 3) setTimeout(() => controller.abort("enough"), 50);
    };
    const server = await startReads(setForward);
    const call = createClient(server).reconcileProduction(endedAgo(0), { signal: controller.signal });
    expect(await catchRejection(call)).toBe("enough");
  });

  it("waits for the end of the window by timers if the clocks are mocked and stand still", async () => {
    vi.useFakeTimers({ toFake: ["Date", "performance", "setTimeout", "clearTimeout"] });
    const fetch = async () => new Response(WISE_EXAMPLES.ready);
    const kiosk = createClient({ url: "https://wise.invalid" }, { fetch, reconcileWindowMs: 0 });
    const call = kiosk.reconcileProduction(endedAgo(MINUTE));
    await vi.advanceTimersByTimeAsync(59_000);
    const settled = vi.fn();
    call.then(settled, settled);
    await vi.advanceTimersByTimeAsync(0);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2000);
    expect(await call).toMatchObject({ outcome: "not-taken" });
  });

  it("is unknown if the Date of the responses never reaches the end of the window", async () => {
    vi.useFakeTimers({ toFake: ["Date", "performance", "setTimeout", "clearTimeout"] });
    const headers = { Date: new Date(Date.now()).toUTCString() };
    const fetch = async () => new Response(WISE_EXAMPLES.ready, { headers });
    const kiosk = createClient({ url: "https://wise.invalid" }, { fetch, reconcileWindowMs: 0 });
    const call = kiosk.reconcileProduction(createIntent(Date.now()));
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(await call).toMatchObject({ outcome: "unknown", production: { status: "READY" } });
  });
});

describe("a reconcileProduction that fails", () => {
  it.each([
    [401, "ERR_AUTHENTICATION"],
    [403, "ERR_PERMISSION"],
    [404, "ERR_NOT_FOUND"],
    [422, "ERR_UNPROCESSABLE"],
    [429, "ERR_RATE_LIMIT"],
    [500, "ERR_SERVER"],
  ])("rejects after a response of %d as getProductionStatus does", async (status, code) => {
    const server = await startReads(reply(status, {}));
    const kiosk = createClient(server);
    const error = await catchRejection(kiosk.reconcileProduction(old()));
    const other = await catchRejection(kiosk.getProductionStatus(CARD));
    expect(error).toMatchObject({ code, mayHaveTakenEffect: false });
    expect((error as Error).message).toBe((other as Error).message);
    expect(server.requests).toHaveLength(2);
  });

  it("rejects if the token provider fails", async () => {
    const server = await startReads(ready);
    const token = () => Promise.reject(new Error("no token"));
    expect(await catchRejection(createClient(server, { token }).reconcileProduction(old()))).toMatchObject({
      code: "ERR_TOKEN",
    });
    expect(server.requests).toEqual([]);
  });

  it("rejects at the deadline with the last state that it has read, and leaves no timer behind", async () => {
    const server = await startReads(ready);
    const clear = vi.spyOn(globalThis, "clearTimeout");
    const set = vi.spyOn(globalThis, "setTimeout");
    const call = createClient(server).reconcileProduction(createIntent(Date.now()), { deadlineMs: 400 });
    expect(await catchRejection(call)).toMatchObject({
      code: "ERR_TIMEOUT",
      mayHaveTakenEffect: false,
      productionAfter: { status: "READY" },
    });
    const deadlines = set.mock.results.filter((_result, index) => set.mock.calls[index]?.[1] === 400);
    expect(deadlines).not.toHaveLength(0);
    for (const { value } of deadlines) expect(clear).toHaveBeenCalledWith(value);
  });

  it("clears the timer of the deadline if it succeeds", async () => {
    const server = await startReads(ready);
    const clear = vi.spyOn(globalThis, "clearTimeout");
    const set = vi.spyOn(globalThis, "setTimeout");
    await createClient(server).reconcileProduction(old(), { deadlineMs: 54_321 });
    const timer = set.mock.results[set.mock.calls.findIndex(([, ms]) => ms === 54_321)]?.value;
    expect(timer).toBeDefined();
    expect(clear).toHaveBeenCalledWith(timer);
  });

  it("rejects with the reason of the signal, during a read and during a wait", async () => {
    const controllers = [new AbortController(), new AbortController()] as const;
    const waiting: Responder = (response, request) => {
      ready(response, request);
      setTimeout(() => controllers[0].abort("shutdown"), 50);
    };
    const server = await startReads(waiting, () => controllers[1].abort("shutdown"));
    const kiosk = createClient(server);
    for (const { signal } of controllers) {
      expect(await catchRejection(kiosk.reconcileProduction(createIntent(Date.now()), { signal }))).toBe("shutdown");
    }
    expect(server.requests).toHaveLength(2);
  });
});

describe("a stored intent", () => {
  const without = (...fields: readonly (keyof ProductionIntent)[]) =>
    Object.fromEntries(Object.entries(old()).filter(([name]) => !fields.includes(name as never)));

  it.each<[string, () => object]>([
    ["has the fields of a later version", () => ({ ...old(), format: 2, branch: { id: 7 }, sendBy: { at: "noon" } })],
    ["has lost the fields that are not needed", () => without("correlationId", "sendBy", "requests")],
    ["has lost the fields that were null", () => without("previous", "wiseAt", "wiseAtOurs")],
    ["has a number as its profile id", () => ({ ...old(), profileId: 123456 })],
    ["has a prototype", () => Object.create(old())],
    [
      "has a previous state of a later version",
      () => ({ ...old(), previous: { status: "MELTED", rawStatus: "MELTED" } }),
    ],
  ])("is accepted if it %s", async (_what, intent) => {
    const server = await startReads(ready);
    const stored = intent() as ProductionIntent;
    expect(await createClient(server).reconcileProduction(stored)).toMatchObject({ outcome: "not-taken" });
  });

  it.each<[string, string, unknown]>([
    ["intent", "null", null],
    ["intent", "text", JSON.stringify(createIntent(0))],
    ["profileId", "a missing profile id", { ...old(), profileId: undefined }],
    ["cardToken", "an empty card token", { ...old(), cardToken: "" }],
    ["kioskId", "a missing kiosk id", { ...old(), kioskId: undefined }],
    ["kioskId", "a kiosk id with a space", { ...old(), kioskId: " WIS00001" }],
    ["previous", "a previous state without a status", { ...old(), previous: {} }],
    ["previous", "a previous state as text", { ...old(), previous: "READY" }],
    ["requestedAt", "a missing time of the request", { ...old(), requestedAt: undefined }],
    ["requestedAt", "a time of the request in an array", { ...old(), requestedAt: [old().requestedAt] }],
    ["requestedAt", "a time of the request without a zone", { ...old(), requestedAt: "2026-01-01T12:00:00.000" }],
    ["expiresAt", "a missing expiry", { ...old(), expiresAt: undefined }],
    ["expiresAt", "a number as expiry", { ...old(), expiresAt: Date.now() }],
    ["expiresAt", "a Date as expiry", { ...old(), expiresAt: new Date() }],
    ["expiresAt", "an impossible expiry", { ...old(), expiresAt: "2026-02-30T12:00:00.000Z" }],
    ["wiseAt", "Wise's time in another format", { ...old(), wiseAt: "Thu, 01 Jan 2026 12:00:00 GMT" }],
    ["wiseAt", "our time without Wise's", { ...old(), wiseAt: null }],
    ["wiseAtOurs", "Wise's time without ours", { ...old(), wiseAtOurs: null }],
    ["wiseAtOurs", "an empty time", { ...old(), wiseAtOurs: "" }],
  ])("is refused with the argument %s if it is or has %s", async (argument, _what, intent) => {
    const server = await startReads(ready);
    const error = await catchRejection(createClient(server).reconcileProduction(intent as ProductionIntent));
    expect(error).toBeInstanceOf(KioskArgumentError);
    expect(error).toMatchObject({ argument, mayHaveTakenEffect: false });
    expect((error as Error).message).toMatch(new RegExp(`^${argument} must `));
    expect(server.requests).toEqual([]);
  });

  it("is refused together with an unknown option", async () => {
    const server = await startReads(ready);
    const options = { windowMs: 5 } as CallOptions;
    expect(await catchRejection(createClient(server).reconcileProduction(old(), options))).toMatchObject({
      code: "ERR_ARGUMENT",
    });
  });
});
