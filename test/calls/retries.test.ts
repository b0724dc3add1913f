import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { type Exchange, type Production, WiseKioskClient, type WiseKioskClientOptions } from "wise-card-kiosk";
import { createKioskSimulator, type Fault, type KioskSimulator, type LoopbackServer } from "wise-card-kiosk/testing";

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const order = { ...card, kioskId: "WIS00001" };

let simulator: KioskSimulator;
let server: LoopbackServer;
let exchanges: Exchange[];

function clientWith(
  options: Pick<
    WiseKioskClientOptions,
    "maxRetries" | "timeoutMs" | "onExchange" | "reconcileWindowMs" | "resend"
  > = {},
): WiseKioskClient {
  const { token } = simulator.clientOptions();
  return new WiseKioskClient({
    baseUrl: server.url,
    token,
    reconcileWindowMs: 0,
    onExchange: (exchange) => exchanges.push(exchange),
    ...options,
  });
}

/** What reached the simulator, as `PUT GET PUT`. */
function requests(): string {
  return simulator.requests.map(({ method }) => method).join(" ");
}

function inject(...faults: readonly Fault[]): void {
  for (const fault of faults) simulator.injectFault({ fault });
}

// The client loads undici with its first request, which on a busy machine takes longer than the short limits below.
beforeAll(() => import("undici"));

beforeEach(async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  simulator = createKioskSimulator({ kiosks: ["WIS00001", "WIS00002"], cards: [card] });
  server = await simulator.listen();
  exchanges = [];
});

afterEach(async () => {
  vi.restoreAllMocks();
  await server.close();
});

describe("getProductionStatus", () => {
  it.each<[string, Fault]>([
    ["a reset connection", "connection-reset"],
    ["a refused connection", "connection-refused"],
    ["a timeout", "timeout"],
    ["a truncated body", "truncated-body"],
    ...[408, 429, 500, 502, 503, 504].map((httpStatus) => [`HTTP ${httpStatus}`, { httpStatus }] as [string, Fault]),
  ])("reads the status again after %s", async (_case, fault) => {
    inject(fault, fault);
    const client = clientWith({ timeoutMs: 500 });
    await expect(client.getProductionStatus(card)).resolves.toMatchObject({ status: "READY" });
    expect(exchanges).toHaveLength(3);
    expect(exchanges.map(({ retryInMs }) => retryInMs)).toEqual([0, 0, undefined]);
  });

  it.each([
    ["400", { httpStatus: 400 }],
    ["403", { httpStatus: 403 }],
    ["404", { httpStatus: 404 }],
    ["422", { httpStatus: 422, body: { status: "REQUEST_ERROR" } }],
    ["a redirect", { httpStatus: 307, headers: { location: "/" } }],
    ["501", { httpStatus: 501 }],
    ["a body that cannot be decoded", { httpStatus: 200, body: "<html>" }],
  ] as [string, Fault][])("does not read the status again after %s", async (_case, fault) => {
    inject(fault);
    await expect(clientWith().getProductionStatus(card)).rejects.toMatchObject({ mayHaveTakenEffect: false });
    expect(requests()).toBe("GET");
  });

  it("rejects with the error of the last attempt once no retries are left", async () => {
    inject({ httpStatus: 500 }, { httpStatus: 502 }, { httpStatus: 503 });
    await expect(clientWith().getProductionStatus(card)).rejects.toMatchObject({ code: "ERR_SERVER", httpStatus: 503 });
    expect(requests()).toBe("GET GET GET");
  });

  it("sends exactly one request with maxRetries 0", async () => {
    inject({ httpStatus: 500 });
    await expect(clientWith({ maxRetries: 0 }).getProductionStatus(card)).rejects.toMatchObject({ httpStatus: 500 });
    expect(requests()).toBe("GET");
  });

  it.each([
    ["seconds", () => "61", 61_000],
    ["a date", () => new Date(Date.now() + 90_000).toUTCString(), 90_000],
  ])("rejects immediately if a Retry-After in the form of %s is above 60 s", async (_form, header, expected) => {
    inject({ httpStatus: 429, headers: { "retry-after": header() } });
    const error = await clientWith()
      .getProductionStatus(card)
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "ERR_RATE_LIMIT" });
    const { retryAfterMs } = error as { retryAfterMs: number };
    expect(Math.abs(retryAfterMs - expected)).toBeLessThanOrEqual(2000);
    expect(requests()).toBe("GET");
  });

  it.each([
    ["seconds", () => "1", 1000],
    ["a date", () => new Date(Date.now() + 1000).toUTCString(), 0],
  ])("waits as long as a Retry-After in the form of %s says", async (_form, header, atLeast) => {
    inject({ httpStatus: 429, headers: { "retry-after": header() } });
    await clientWith().getProductionStatus(card);
    const retryInMs = exchanges[0]?.retryInMs;
    expect(retryInMs).toBeGreaterThanOrEqual(atLeast);
    expect(retryInMs).toBeLessThanOrEqual(1000);
  });

  it("ends a wait immediately when the signal aborts", async () => {
    inject({ httpStatus: 429, headers: { "retry-after": "30" } });
    const controller = new AbortController();
    const reason = new Error("the customer left");
    const client = clientWith({ onExchange: () => setTimeout(() => controller.abort(reason), 20) });
    const started = performance.now();
    await expect(client.getProductionStatus(card, { signal: controller.signal })).rejects.toBe(reason);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(requests()).toBe("GET");
  });

  it("ends a wait when deadlineMs passes", async () => {
    inject({ httpStatus: 429, headers: { "retry-after": "30" } });
    const started = performance.now();
    await expect(clientWith().getProductionStatus(card, { deadlineMs: 100 })).rejects.toMatchObject({
      code: "ERR_TIMEOUT",
      mayHaveTakenEffect: false,
    });
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("produceCard", () => {
  const AMBIGUOUS: [string, Fault][] = [
    ["a reset connection", "connection-reset"],
    ["a timeout", "timeout"],
    ["a lost response", "lost-response"],
    ["a truncated body", "truncated-body"],
    ["a body that cannot be decoded", "malformed-json"],
    ["an empty 200", { httpStatus: 200 }],
    ["a redirect", { httpStatus: 302, headers: { location: "/" } }],
    ["503 with Retry-After, as a gateway sends it", { httpStatus: 503, headers: { "retry-after": "0" } }],
    ...[304, 408, 421, 500, 501, 502, 503, 504, 520, 599].map(
      (httpStatus) => [`HTTP ${httpStatus}`, { httpStatus }] as [string, Fault],
    ),
  ];

  it.each(AMBIGUOUS)(
    "sends one request, reads nothing and rejects with mayHaveTakenEffect if maxRetries is 0, after %s",
    async (_case, fault) => {
      inject(fault);
      const client = clientWith({ maxRetries: 0, timeoutMs: 500 });
      await expect(client.produceCard(order)).rejects.toMatchObject({ mayHaveTakenEffect: true });
      expect(requests()).toBe("PUT");
    },
  );

  it.each(AMBIGUOUS)("finds its own print by reading after %s", async (_case, fault) => {
    simulator.injectFault({ fault, takesEffect: true });
    const production = await clientWith({ timeoutMs: 500 }).produceCard(order);
    expect(production).toMatchObject({ status: "IN_PROGRESS", kioskId: "WIS00001" });
    expect(requests()).toBe("PUT GET");
    expect(exchanges.map(({ purpose }) => purpose)).toEqual(["call", "reconcile"]);
  });

  it("sends again if a read shows that nothing happened", async () => {
    inject("connection-reset");
    await expect(clientWith().produceCard(order)).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(requests()).toBe("PUT GET PUT");
  });

  it("sends again without a read if nothing was sent or Wise responds with 429", async () => {
    inject("connection-refused", { httpStatus: 429 });
    await expect(clientWith().produceCard(order)).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(requests()).toBe("PUT PUT");
    expect(exchanges.map(({ error }) => error)).toEqual(["ERR_CONNECTION", "ERR_RATE_LIMIT", undefined]);
  });

  it("reports that nothing took effect if that is certain", async () => {
    inject({ httpStatus: 429 }, "connection-refused", { httpStatus: 429, headers: { "retry-after": "0" } });
    await expect(clientWith().produceCard(order)).rejects.toMatchObject({
      code: "ERR_RATE_LIMIT",
      mayHaveTakenEffect: false,
    });
    expect(simulator.card(card.cardToken).production).toMatchObject({ status: "READY" });
  });

  it("resolves with a REQUEST_ERROR", async () => {
    const production = await clientWith().produceCard({ ...order, kioskId: "WIS99999" });
    expect(production).toMatchObject({ status: "REQUEST_ERROR", errorCode: "KIOSK_ID_NOT_FOUND" });
    expect(requests()).toBe("PUT");
  });

  it("reads what REQUEST_ALREADY_EXISTS is about while an earlier request is in doubt", async () => {
    simulator.injectFault({ fault: "timeout", operation: "produceCard" });
    const client = clientWith({
      timeoutMs: 500,
      onExchange: (exchange) => {
        exchanges.push(exchange);
        // The first request arrives late, after the read that did not show it.
        if (exchange.purpose === "reconcile" && exchanges.length === 2) simulator.card(card.cardToken).produce();
      },
    });
    await expect(client.produceCard(order)).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(requests()).toBe("PUT GET PUT GET");
  });

  it.each(["REQUEST_CREATED_BUT_NOT_STARTED", "PRINTER_OR_SATELLITE_NOT_READY"])(
    "does not send again after %s",
    async (errorCode) => {
      inject({ httpStatus: 422, body: { status: "REQUEST_ERROR", kioskId: "WIS00001", errorCode } });
      await expect(clientWith().produceCard(order)).resolves.toMatchObject({ status: "REQUEST_ERROR", errorCode });
      expect(requests()).toBe("PUT");
    },
  );

  it("never produces a card again that someone else has produced meanwhile", async () => {
    inject("connection-reset");
    const client = clientWith({
      onExchange: () => simulator.card(card.cardToken).produce("WIS00002").complete(),
    });
    await expect(client.produceCard(order)).rejects.toMatchObject({
      code: "ERR_CONNECTION",
      mayHaveTakenEffect: true,
      productionAfter: { status: "PRODUCED", kioskId: "WIS00002" },
    });
    expect(requests()).toBe("PUT GET");
  });

  it("does not send again if another process prints the card at another kiosk", async () => {
    inject("connection-reset");
    const client = clientWith({ onExchange: () => simulator.card(card.cardToken).produce("WIS00002") });
    await expect(client.produceCard(order)).rejects.toMatchObject({
      mayHaveTakenEffect: true,
      productionAfter: { status: "IN_PROGRESS", kioskId: "WIS00002" },
    });
    expect(requests()).toBe("PUT GET");
  });

  it("sends again if a read shows a failure of an hour ago, which is not its own", async () => {
    failed(3_600_000);
    inject("connection-reset");
    await expect(clientWith().produceCard(order)).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(requests()).toBe("PUT GET PUT");
  });

  it("rejects if a failure of a few seconds ago cannot be attributed", async () => {
    const failure = failed(20_000);
    inject("connection-reset");
    await expect(clientWith().produceCard(order)).rejects.toMatchObject({
      mayHaveTakenEffect: true,
      productionAfter: failure,
    });
    expect(requests()).toBe("PUT GET");
  });

  it("sends again if a failure of a few seconds ago is passed as previous", async () => {
    const previous = failed(20_000);
    inject("connection-reset");
    await expect(clientWith().produceCard({ ...order, previous })).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(requests()).toBe("PUT GET PUT");
  });

  it("resolves with its own failure", async () => {
    inject("lost-response");
    const client = clientWith({ onExchange: () => simulator.card(card.cardToken).fail("PRD_HOPPER_JAM") });
    await expect(client.produceCard(order)).resolves.toMatchObject({
      status: "PRODUCTION_ERROR",
      errorCode: "PRD_HOPPER_JAM",
    });
    expect(requests()).toBe("PUT GET");
  });

  it("rejects if it cannot read the status", async () => {
    inject("connection-reset", { httpStatus: 404 });
    await expect(clientWith().produceCard(order)).rejects.toMatchObject({
      code: "ERR_CONNECTION",
      mayHaveTakenEffect: true,
      productionAfter: undefined,
    });
    expect(requests()).toBe("PUT GET");
  });

  it("reads again after a transient failure of a read", async () => {
    inject("lost-response", { httpStatus: 502 }, "connection-reset");
    await expect(clientWith().produceCard(order)).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(requests()).toBe("PUT GET GET GET");
  });

  it("rejects after maxRetries + 1 requests", async () => {
    simulator.injectFault({ fault: "connection-reset", operation: "produceCard", times: 5 });
    await expect(clientWith().produceCard(order)).rejects.toMatchObject({
      code: "ERR_CONNECTION",
      mayHaveTakenEffect: true,
      productionAfter: { status: "READY" },
    });
    expect(requests()).toBe("PUT GET PUT GET PUT GET");
  });

  it("reports that the request may have taken effect when the deadline passes", async () => {
    inject("lost-response", "timeout");
    await expect(clientWith().produceCard(order, { deadlineMs: 300 })).rejects.toMatchObject({
      code: "ERR_TIMEOUT",
      mayHaveTakenEffect: true,
    });
  });

  it.each([400, 402, 403, 404, 405, 407, 409, 410, 413, 415, 422, 423, 425, 428, 431, 451])(
    "treats HTTP %d as a refusal of the request itself",
    async (httpStatus) => {
      inject({ httpStatus });
      await expect(clientWith().produceCard(order)).rejects.toMatchObject({ httpStatus, mayHaveTakenEffect: false });
      expect(requests()).toBe("PUT");
    },
  );

  it.each([419, 420, 424, 430, 444, 460, 499])(
    "does not treat HTTP %d of a gateway as proof that nothing happened",
    async (httpStatus) => {
      simulator.injectFault({ fault: { httpStatus }, takesEffect: true });
      await expect(clientWith().produceCard(order)).rejects.toMatchObject({ httpStatus, mayHaveTakenEffect: true });
      expect(requests()).toBe("PUT");
    },
  );

  it("doubles the waits before it sends again", async () => {
    vi.mocked(Math.random).mockReturnValue(0.02);
    simulator.injectFault({ fault: "connection-refused", times: 5 });
    await expect(clientWith({ maxRetries: 5 }).produceCard(order)).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(exchanges.map(({ retryInMs }) => retryInMs)).toEqual([10, 20, 40, 80, 160, undefined]);
  });

  it("doubles the waits before it sends again after reads, too", async () => {
    vi.mocked(Math.random).mockReturnValue(0.02);
    simulator.injectFault({ fault: "connection-reset", operation: "produceCard", times: 3 });
    await expect(clientWith({ maxRetries: 3 }).produceCard(order)).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(requests()).toBe("PUT GET PUT GET PUT GET PUT");
    expect(exchanges.map(({ retryInMs }) => retryInMs)).toEqual([10, 0, 20, 0, 40, 0, undefined]);
  });

  it("sends one correlation id with all requests of a call", async () => {
    inject("connection-reset", { httpStatus: 500 });
    await clientWith().produceCard(order, { correlationId: "till-7" });
    expect(new Set(exchanges.map(({ correlationId }) => correlationId))).toEqual(new Set(["till-7"]));
    expect(exchanges.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4]);
    const received = simulator.requests.map(({ headers }) => headers["x-external-correlation-id"]);
    expect(received).toEqual(["till-7", "till-7", "till-7", "till-7"]);
  });

  function failed(agoMs: number): Production {
    const production: Production = {
      status: "PRODUCTION_ERROR",
      kioskId: "WIS00001",
      occurredAt: new Date(Date.now() - agoMs).toISOString(),
      errorCode: "PRT_RIBBON_ENDED",
      description: null,
    };
    const cardToken = "f3a1e9de-0000-4000-8000-000000000001";
    simulator.addCard({ profileId: card.profileId, cardToken, production });
    order.cardToken = cardToken;
    return production;
  }

  afterEach(() => {
    order.cardToken = card.cardToken;
  });
});

describe("simulateProductionStatus", () => {
  const jam = { ...card, status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_JAM" } as const;

  beforeEach(() => {
    simulator.card(card.cardToken).produce();
  });

  it("finds out by reading that the simulation was done", async () => {
    inject("lost-response");
    await expect(clientWith().simulateProductionStatus(jam)).resolves.toBeUndefined();
    expect(requests()).toBe("POST GET");
  });

  it("sends a simulation again if the card is still in progress", async () => {
    inject("connection-reset");
    await expect(clientWith().simulateProductionStatus(jam)).resolves.toBeUndefined();
    expect(requests()).toBe("POST GET POST");
  });

  it("rejects a simulation if a read shows any other status", async () => {
    inject("connection-reset");
    const client = clientWith({ onExchange: () => simulator.card(card.cardToken).complete() });
    await expect(client.simulateProductionStatus(jam)).rejects.toMatchObject({
      mayHaveTakenEffect: true,
      productionAfter: { status: "PRODUCED" },
    });
    expect(requests()).toBe("POST GET");
  });

  it("treats every 422 to a simulation as an error", async () => {
    inject({ httpStatus: 422, body: { status: "REQUEST_ERROR", errorCode: "UNKNOWN_ERROR" } });
    await expect(clientWith().simulateProductionStatus(jam)).rejects.toMatchObject({
      code: "ERR_UNPROCESSABLE",
      errorCode: "UNKNOWN_ERROR",
      mayHaveTakenEffect: false,
    });
  });
});
