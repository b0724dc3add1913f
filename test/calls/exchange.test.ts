import { setTimeout as sleep } from "node:timers/promises";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import {
  type CallOptions,
  type Exchange,
  type ProductionIntent,
  type TokenProvider,
  WiseKioskClient,
} from "wise-card-kiosk";
import { createKioskSimulator, type Fault, type KioskSimulator } from "wise-card-kiosk/testing";
import { catchRejection } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const card = { profileId: 987654321, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const order = { ...card, kioskId: "WIS00001" };
const ROUTE = "/v3/spend/profiles/{profileId}/cards/{cardToken}/production";

let simulator: KioskSimulator;
let kiosk: WiseKioskClient;
let exchanges: Exchange[];
/** Each exchange in short. */
const summaries = () =>
  exchanges.map(({ attempt, purpose, method, httpStatus, error }) =>
    [attempt, purpose, method, httpStatus, error].filter((part) => part !== undefined).join(" "),
  );
const inject = (...faults: readonly Fault[]) => {
  for (const fault of faults) simulator.injectFault({ fault });
};

beforeEach(async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  simulator = createKioskSimulator({ cards: [card] });
  const server = await simulator.listen();
  onTestFinished(async () => {
    vi.restoreAllMocks();
    await server.close();
  });
  exchanges = [];
  const { token } = simulator.clientOptions();
  const onExchange = (exchange: Exchange) => exchanges.push(exchange);
  kiosk = new WiseKioskClient({ baseUrl: server.url, token, onExchange, reconcileWindowMs: 0 });
});

describe("Exchange", () => {
  it("contains what logs and traces need to know about an attempt, and nothing else", async () => {
    await kiosk.produceCard(order, { correlationId: "counter-7" });
    expect(exchanges).toEqual([
      {
        operation: "produceCard",
        purpose: "call",
        method: "PUT",
        route: ROUTE,
        attempt: 1,
        httpStatus: 200,
        durationMs: expect.any(Number),
        correlationId: "counter-7",
        kioskId: "WIS00001",
        traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    ]);
  });

  it("has no property for what is not known of an attempt", async () => {
    const fetch = async () => new Response(WISE_EXAMPLES.ready);
    await new WiseKioskClient({
      ...simulator.clientOptions(),
      fetch,
      onExchange: (one) => exchanges.push(one),
    }).getProductionStatus(card, { correlationId: "counter-7" });
    expect(exchanges).toStrictEqual([
      {
        operation: "getProductionStatus",
        purpose: "call",
        method: "GET",
        route: ROUTE,
        attempt: 1,
        httpStatus: 200,
        durationMs: expect.any(Number),
        correlationId: "counter-7",
      },
    ]);
  });

  it.each([
    ["legacy", ROUTE, "/v1/simulation/spend/profiles/{profileId}/cards/{cardToken}/production"],
    [
      "2026Q3",
      "/2026Q3/spend/profiles/{profileId}/cards/{cardToken}/production",
      "/2026Q3/simulation/spend/profiles/{profileId}/cards/{cardToken}/production",
    ],
  ] as const)("reports the path template of version %s as the route", async (apiVersion, read, simulate) => {
    const onExchange = (exchange: Exchange) => exchanges.push(exchange);
    const versioned = new WiseKioskClient({ ...simulator.clientOptions(), apiVersion, onExchange });
    await versioned.produceCard(order);
    await versioned.getProductionStatus(card);
    await versioned.simulateProductionStatus({ ...card, status: "PRODUCED" });
    expect(exchanges.map(({ operation, route }) => [operation, route])).toEqual([
      ["produceCard", read],
      ["getProductionStatus", read],
      ["simulateProductionStatus", simulate],
    ]);
  });

  it("reports each attempt once, numbered within the call, including reads that reconcile it", async () => {
    inject({ httpStatus: 429, headers: { "retry-after": "0" } }, "connection-reset", { httpStatus: 502 });
    await kiosk.produceCard(order);
    expect(summaries()).toEqual([
      "1 call PUT 429 ERR_RATE_LIMIT",
      "2 call PUT ERR_CONNECTION",
      "3 reconcile GET 502 ERR_SERVER",
      "4 reconcile GET 200",
      "5 call PUT 200",
    ]);
    expect(exchanges.map(({ retryInMs }) => retryInMs)).toEqual([0, 0, 0, 0, undefined]);
    expect(new Set(exchanges.map(({ correlationId }) => correlationId)).size).toBe(1);
    expect(exchanges.every(({ durationMs }) => durationMs >= 0)).toBe(true);
  });

  it("numbers the attempts of the next call from 1, under another correlation id", async () => {
    await kiosk.getProductionStatus(card);
    await kiosk.getProductionStatus(card);
    expect(summaries()).toEqual(["1 call GET 200", "1 call GET 200"]);
    expect(new Set(exchanges.map(({ correlationId }) => correlationId)).size).toBe(2);
  });

  it.each<[string, Fault, string]>([
    ["a REQUEST_ERROR, which is a result", { httpStatus: 422, body: { status: "REQUEST_ERROR" } }, "1 call PUT 422"],
    ["another 422", { httpStatus: 422 }, "1 call PUT 422 ERR_UNPROCESSABLE"],
    ["a 401", { httpStatus: 401 }, "1 call PUT 401 ERR_AUTHENTICATION"],
    ["a 404", { httpStatus: 404 }, "1 call PUT 404 ERR_NOT_FOUND"],
    ["a timeout", "timeout", "1 call PUT ERR_TIMEOUT"],
    ["a refused connection", "connection-refused", "1 call PUT ERR_CONNECTION"],
    ["a response that cannot be decoded", "malformed-json", "1 call PUT 200 ERR_DECODE"],
    ["a redirect", { httpStatus: 307, headers: { location: "/" } }, "1 call PUT 307 ERR_API"],
  ])("reports the outcome of an attempt that ends with %s", async (_what, fault, expected) => {
    inject(fault);
    const timeoutMs = fault === "timeout" ? 300 : undefined;
    await kiosk.produceCard(order, { maxRetries: 0, timeoutMs }).catch(() => {});
    expect(summaries()).toEqual([expected]);
    expect(exchanges[0]).not.toHaveProperty("retryInMs");
  });

  it("reports the wait before the next attempt", async () => {
    vi.mocked(Math.random).mockReturnValue(0.5);
    inject({ httpStatus: 503 }, { httpStatus: 429, headers: { "retry-after": "1" } });
    await kiosk.getProductionStatus(card);
    expect(exchanges.map(({ retryInMs }) => retryInMs)).toEqual([250, 1000, undefined]);
  });

  it("reports an attempt before the wait for the next one, not after it", async () => {
    inject({ httpStatus: 429, headers: { "retry-after": "30" } });
    const call = catchRejection(kiosk.getProductionStatus(card, { deadlineMs: 1500 }));
    await vi.waitFor(() => expect(summaries()).toEqual(["1 call GET 429 ERR_RATE_LIMIT"]));
    await call;
    expect(exchanges).toHaveLength(1);
  });

  it("reports an attempt that the signal aborts", async () => {
    inject("timeout");
    const controller = new AbortController();
    const call = catchRejection(kiosk.produceCard(order, { signal: controller.signal }));
    await vi.waitFor(() => expect(simulator.requests).toHaveLength(1));
    controller.abort();
    await call;
    expect(summaries()).toEqual(["1 call PUT ABORTED"]);
  });

  it("reports the attempt with a rejected token and the one with another token", async () => {
    const { token: accepted } = simulator.clientOptions();
    const token: TokenProvider = ({ rejectedToken }) => (rejectedToken === undefined ? "old" : accepted);
    await kiosk.produceCard(order, { token });
    expect(summaries()).toEqual(["1 call PUT 401 ERR_AUTHENTICATION", "2 call PUT 200"]);
    expect(exchanges[0]?.retryInMs).toBe(0);
  });

  it.each<[string, CallOptions]>([
    ["there is no token", { token: () => Promise.reject(new Error("sealed")) }],
    ["the token provider hangs", { token: () => new Promise(() => {}), timeoutMs: 20 }],
    ["the signal has already aborted", { signal: AbortSignal.abort() }],
    [
      "the signal aborts while the token is awaited",
      { token: () => new Promise(() => {}), signal: AbortSignal.timeout(20) },
    ],
  ])("reports nothing if nothing was sent because %s", async (_why, options) => {
    await catchRejection(kiosk.getProductionStatus(card, options));
    expect([exchanges, simulator.requests]).toEqual([[], []]);
  });

  it("names the kiosk in all attempts of a print, and in no other call", async () => {
    inject("lost-response");
    const intents: ProductionIntent[] = [];
    await kiosk.produceCard({ ...order, onIntent: (intent) => intents.push(intent) });
    await kiosk.reconcileProduction(intents[0] as ProductionIntent, { maxRetries: 0 });
    await kiosk.getProductionStatus(card);
    expect(exchanges.map(({ method, purpose, kioskId }) => [method, purpose, kioskId])).toEqual([
      ["PUT", "call", "WIS00001"],
      ["GET", "reconcile", "WIS00001"],
      ["GET", "reconcile", "WIS00001"],
      ["GET", "call", undefined],
    ]);
  });

  it("contains no token, no profile or card id, and no body", async () => {
    const { token } = simulator.clientOptions();
    const quote = { message: `${token} ${card.cardToken} ${card.profileId}` };
    inject({ httpStatus: 500, body: quote }, { httpStatus: 503, body: quote }, "malformed-json", {
      httpStatus: 403,
      body: quote,
    });
    await catchRejection(kiosk.produceCard(order));
    await catchRejection(kiosk.getProductionStatus(card));
    const text = JSON.stringify(exchanges);
    expect(exchanges.length).toBeGreaterThan(3);
    for (const secret of [token, card.cardToken, String(card.profileId)]) expect(text).not.toContain(secret);
  });
});

describe("an exchange listener", () => {
  it.each<[string, () => void]>([
    [
      "throws",
      () => {
        throw new Error("log is full");
      },
    ],
    ["rejects", () => Promise.reject(new Error("log is full"))],
    ["rejects later", () => sleep(5).then(() => Promise.reject(new Error("log is full")))],
    ["never settles", () => new Promise(() => {})],
  ])("an exchange listener that %s does not affect the call", async (_how, onExchange) => {
    const client = new WiseKioskClient({ ...simulator.clientOptions(), onExchange });
    inject({ httpStatus: 503 });
    expect(await client.getProductionStatus(card)).toMatchObject({ status: "READY" });
    await sleep(10);
    expect(simulator.requests).toHaveLength(2);
  });
});
