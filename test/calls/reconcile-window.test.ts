import { mock } from "node:test";
import { Agent, interceptors } from "undici";
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import {
  type Exchange,
  type FetchLike,
  type Production,
  WiseKioskClient,
  type WiseKioskClientOptions,
} from "wise-card-kiosk";
import { createKioskSimulator, type KioskSimulator } from "wise-card-kiosk/testing";
import { reply, replyInTurn, startHttpServer } from "../support/http-server.js";

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const order = { ...card, kioskId: "WIS00001" };
const KIOSKS = ["WIS00001", "WIS00002"];

let simulator: KioskSimulator;
let exchanges: Exchange[];

function clientWith(options: Partial<WiseKioskClientOptions> = {}): WiseKioskClient {
  return new WiseKioskClient({
    ...simulator.clientOptions(),
    onExchange: (exchange: Exchange) => exchanges.push(exchange),
    ...options,
  } as WiseKioskClientOptions);
}

/** What reached the simulator, as `PUT GET PUT`. */
const requests = () => simulator.requests.map(({ method }) => method).join(" ");

/** How many prints of the card have begun. */
const prints = () => simulator.card(card.cardToken).history.filter(({ status }) => status === "IN_PROGRESS").length;

// The client loads undici with its first request, which on a busy machine takes longer than the short limits below.
beforeAll(() => import("undici"));

beforeEach(() => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  simulator = createKioskSimulator({ kiosks: KIOSKS, cards: [card] });
  exchanges = [];
});

afterEach(() => vi.restoreAllMocks());

describe("produceCard with lagging reads", () => {
  it.each([
    ["refuses a second request", false],
    ["decides by the lagging state and would print twice", true],
  ])("prints a card once if reads lag and Wise %s", async (_case, decideByLaggingState) => {
    simulator = createKioskSimulator({ cards: [card], readLagMs: 1000, assumptions: { decideByLaggingState } });
    simulator.injectFault({ fault: "lost-response" });
    await expect(clientWith({ reconcileWindowMs: 2000 }).produceCard(order)).resolves.toMatchObject({
      status: "IN_PROGRESS",
      kioskId: "WIS00001",
    });
    expect(requests()).toMatch(/^PUT GET GET( GET)*$/);
    expect(prints()).toBe(1);
  });

  it("prints a card once if its request arrives late", async () => {
    simulator.injectFault({ fault: { arrivesAfterMs: 400 } });
    await expect(clientWith({ reconcileWindowMs: 2000 }).produceCard(order)).resolves.toMatchObject({
      status: "IN_PROGRESS",
    });
    expect(exchanges.map(({ method }) => method).join(" ")).toMatch(/^PUT GET GET( GET)*$/);
    expect(prints()).toBe(1);
  });

  it("prints a card twice if the window is too short, so that these tests can fail", async () => {
    simulator = createKioskSimulator({ cards: [card], readLagMs: 400, assumptions: { decideByLaggingState: true } });
    simulator.injectFault({ fault: "lost-response" });
    await clientWith({ reconcileWindowMs: 0 }).produceCard(order);
    expect(prints()).toBe(2);
  });

  it("neither resolves with the failure of an earlier attempt nor sends again because of it", async () => {
    simulator = createKioskSimulator({ cards: [card], readLagMs: 400 });
    simulator.card(card.cardToken).produce().fail("PRT_RIBBON_ENDED");
    const { production: previous } = simulator.card(card.cardToken);
    simulator.injectFault({ fault: "lost-response" });
    const call = clientWith({ reconcileWindowMs: 2000 }).produceCard({ ...order, previous });
    await expect(call).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(prints()).toBe(2);
  });

  it("rejects only after the window if another kiosk prints the card", async () => {
    simulator.injectFault({ fault: "connection-reset" });
    const client = clientWith({
      reconcileWindowMs: 700,
      onExchange: (exchange) => {
        exchanges.push(exchange);
        if (exchanges.length === 1) simulator.card(card.cardToken).produce("WIS00002");
      },
    });
    await expect(client.produceCard(order)).rejects.toMatchObject({
      code: "ERR_CONNECTION",
      mayHaveTakenEffect: true,
      productionAfter: { status: "IN_PROGRESS", kioskId: "WIS00002" },
    });
    expect(requests()).toMatch(/^PUT GET( GET)+$/);
  });
});

describe("the reconcile window", () => {
  it("sends again only after the window, and reads at growing intervals until then", async () => {
    simulator.injectFault({ fault: "connection-reset" });
    await expect(clientWith({ reconcileWindowMs: 1500 }).produceCard(order)).resolves.toMatchObject({
      status: "IN_PROGRESS",
    });
    expect(requests()).toMatch(/^PUT GET GET( GET)+ PUT$/);
    const waits = exchanges.map(({ retryInMs }) => retryInMs);
    expect(waits.slice(0, 2)).toEqual([250, 375]);
    expect(waits.slice(-2)).toEqual([0, undefined]);
  });

  it("waits 10 s by default before it sends again", async () => {
    vi.useFakeTimers();
    try {
      const { reconcileWindowMs: _none, ...options } = simulator.clientOptions();
      simulator.injectFault({ fault: "connection-reset" });
      const client = new WiseKioskClient(options);
      const call = client.produceCard(order);
      await vi.advanceTimersByTimeAsync(9_900);
      expect(requests()).toMatch(/^PUT( GET)+$/);
      await vi.advanceTimersByTimeAsync(200);
      expect(requests()).toMatch(/^PUT( GET)+ PUT$/);
      await expect(call).resolves.toMatchObject({ status: "IN_PROGRESS" });
    } finally {
      vi.useRealTimers();
    }
  });

  it("ends the window under mocked timers if no clock is mocked", async () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      const { reconcileWindowMs: _none, ...options } = simulator.clientOptions();
      simulator.injectFault({ fault: "connection-reset" });
      const call = new WiseKioskClient(options).produceCard(order);
      for (let second = 0; second < 20; second += 1) {
        for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
        mock.timers.tick(1000);
      }
      await expect(call).resolves.toMatchObject({ status: "IN_PROGRESS" });
      expect(requests()).toMatch(/^PUT( GET)+ PUT$/);
    } finally {
      mock.timers.reset();
    }
  });

  it("accepts reconcileWindowMs for one call", async () => {
    simulator.injectFault({ fault: "connection-reset" });
    await clientWith({ reconcileWindowMs: 600_000 }).produceCard(order, { reconcileWindowMs: 0 });
    expect(requests()).toBe("PUT GET PUT");
  });

  it("waits as long as Retry-After says before the first read", async () => {
    simulator.injectFault({ fault: { httpStatus: 503, headers: { "retry-after": "1" } }, takesEffect: true });
    await clientWith({ reconcileWindowMs: 5000 }).produceCard(order);
    expect(requests()).toBe("PUT GET");
    expect(exchanges[0]?.retryInMs).toBe(1000);
  });

  it("reads again within the window after failed reads", async () => {
    simulator.injectFault({ fault: "lost-response" });
    simulator.injectFault({ fault: { httpStatus: 404 }, operation: "getProductionStatus", times: 2 });
    await expect(clientWith({ reconcileWindowMs: 5000 }).produceCard(order)).resolves.toMatchObject({
      status: "IN_PROGRESS",
    });
    expect(requests()).toBe("PUT GET GET GET");
  });

  it("reads again within the window after an unknown status", async () => {
    simulator.injectFault({ fault: "lost-response" });
    simulator.injectFault({ fault: { httpStatus: 200, body: { status: "MELTED" } }, operation: "getProductionStatus" });
    await expect(clientWith({ reconcileWindowMs: 5000 }).produceCard(order)).resolves.toMatchObject({
      status: "IN_PROGRESS",
    });
  });

  it("rejects when the deadline passes within the window, and reports that the card may be printing", async () => {
    simulator.injectFault({ fault: "connection-reset" });
    await expect(
      clientWith({ reconcileWindowMs: 60_000 }).produceCard(order, { deadlineMs: 400 }),
    ).rejects.toMatchObject({
      code: "ERR_TIMEOUT",
      mayHaveTakenEffect: true,
      productionAfter: { status: "READY" },
    });
  });

  it("ends the window immediately when the signal aborts", async () => {
    simulator.injectFault({ fault: "connection-reset" });
    const controller = new AbortController();
    const reason = new Error("the customer left");
    const client = clientWith({
      reconcileWindowMs: 60_000,
      onExchange: () => setTimeout(() => controller.abort(reason), 20),
    });
    await expect(client.produceCard(order, { signal: controller.signal })).rejects.toBe(reason);
    expect(requests()).toBe("PUT");
  });

  it("applies the window to simulateProductionStatus, too", async () => {
    simulator.card(card.cardToken).produce();
    simulator.readLagMs = 400;
    simulator.injectFault({ fault: "lost-response" });
    const jam = { ...card, status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_JAM" } as const;
    await expect(clientWith({ reconcileWindowMs: 2000 }).simulateProductionStatus(jam)).resolves.toBeUndefined();
    expect(requests()).toMatch(/^POST GET( GET)+$/);
  });
});

describe("resend: false", () => {
  const readOnly = { resend: false, reconcileWindowMs: 700 };

  it("only reads after a request in doubt if resend is false, and reports what it read", async () => {
    simulator.injectFault({ fault: "connection-reset" });
    await expect(clientWith(readOnly).produceCard(order)).rejects.toMatchObject({
      code: "ERR_CONNECTION",
      mayHaveTakenEffect: true,
      productionAfter: { status: "READY" },
    });
    expect(requests()).toMatch(/^PUT GET( GET)+$/);
  });

  it("resolves if resend is false and a read shows the work of the call", async () => {
    simulator.injectFault({ fault: "lost-response" });
    await expect(clientWith(readOnly).produceCard(order)).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(requests()).toBe("PUT GET");
  });

  it("still repeats a request that certainly had no effect if resend is false", async () => {
    for (const fault of ["connection-refused", { httpStatus: 429 }] as const) simulator.injectFault({ fault });
    await expect(clientWith(readOnly).produceCard(order)).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(requests()).toBe("PUT PUT");
  });

  it("accepts resend for one call", async () => {
    simulator.injectFault({ fault: "connection-reset" });
    await expect(clientWith().produceCard(order, { resend: false })).rejects.toMatchObject({
      mayHaveTakenEffect: true,
    });
    expect(requests()).toBe("PUT GET");
  });
});

describe("REQUEST_ALREADY_EXISTS to the only request", () => {
  it("resolves with its own print if a gateway sent the only request twice", async () => {
    const repeat: FetchLike = async (url, init) => {
      if (init.method === "PUT") await simulator.fetch(url, init);
      return simulator.fetch(url, init);
    };
    await expect(clientWith({ fetch: repeat }).produceCard(order)).resolves.toMatchObject({
      status: "IN_PROGRESS",
      kioskId: "WIS00001",
    });
    expect(requests()).toBe("PUT PUT GET");
  });

  it.each([
    ["an older print at this kiosk", "WIS00001", 3_600_000],
    ["a print at another kiosk", "WIS00002", 0],
  ])("resolves with REQUEST_ALREADY_EXISTS if it is about %s", async (_case, kioskId, agoMs) => {
    const occurredAt = new Date(Date.now() - agoMs).toISOString();
    const production: Production = { status: "IN_PROGRESS", kioskId, occurredAt, errorCode: null, description: null };
    const other = { profileId: card.profileId, cardToken: "f3a1e9de-0000-4000-8000-000000000001" };
    simulator.addCard({ ...other, production });
    await expect(clientWith().produceCard({ ...order, ...other })).resolves.toMatchObject({
      status: "REQUEST_ERROR",
      errorCode: "REQUEST_ALREADY_EXISTS",
    });
    expect(requests()).toBe("PUT GET");
  });

  it.each([
    ["an earlier call of this client", () => clientWith().produceCard(order)],
    ["someone else", () => simulator.card(card.cardToken).produce()],
  ])("resolves with REQUEST_ALREADY_EXISTS if %s printed the card a moment ago", async (_case, printBefore) => {
    await printBefore();
    // Times have milliseconds: events within the same one cannot be distinguished.
    await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(clientWith().produceCard(order)).resolves.toMatchObject({ errorCode: "REQUEST_ALREADY_EXISTS" });
    expect(prints()).toBe(1);
  });

  it("attributes a print of the same second to this call if our clock differs from Wise's", async () => {
    simulator = createKioskSimulator({ cards: [card], now: "2026-01-01T12:00:00.000Z" });
    simulator.card(card.cardToken).produce();
    await expect(clientWith().produceCard(order)).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(requests()).toBe("PUT GET");
  });

  it("resolves with REQUEST_ALREADY_EXISTS if the read fails", async () => {
    simulator.card(card.cardToken).produce();
    simulator.injectFault({ fault: { httpStatus: 503 }, operation: "getProductionStatus", times: 3 });
    await expect(clientWith().produceCard(order)).resolves.toMatchObject({ errorCode: "REQUEST_ALREADY_EXISTS" });
    expect(requests()).toBe("PUT GET");
  });

  it("resolves with REQUEST_ALREADY_EXISTS without a read if maxRetries is 0", async () => {
    simulator.card(card.cardToken).produce();
    await expect(clientWith().produceCard(order, { maxRetries: 0 })).resolves.toMatchObject({
      errorCode: "REQUEST_ALREADY_EXISTS",
    });
    expect(requests()).toBe("PUT");
  });
});

/** A fake Wise that loses the response to the first PUT. Reads return `read()`, with `date()` as their `Date`. */
function wiseThatReads(
  read: () => object,
  date: () => number,
): { readonly fetch: FetchLike; readonly methods: string[] } {
  const methods: string[] = [];
  const fetch: FetchLike = async (_url, { method = "" }) => {
    methods.push(method);
    if (method === "PUT" && methods.length === 1) throw Object.assign(new Error("reset"), { code: "ECONNRESET" });
    const body = method === "PUT" ? { status: "IN_PROGRESS" } : read();
    return new Response(JSON.stringify(body), { headers: { date: new Date(date()).toUTCString() } });
  };
  return { fetch, methods };
}

describe("attribution by produceCard", () => {
  const failure = { status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_JAM" } as const;
  const options = { baseUrl: "https://wise.invalid", token: "a-token-of-the-user", reconcileWindowMs: 0 };

  it("recognises its own failure even if the machine was suspended during the call", async () => {
    const sleptMs = 3_600_000;
    const printedAt = new Date().toISOString();
    const read = () => ({ ...failure, kioskId: "WIS00001", occurredAt: printedAt });
    const wise = wiseThatReads(read, () => Date.now());
    const now = Date.now.bind(Date);
    const sleep = () => vi.spyOn(Date, "now").mockImplementation(() => now() + sleptMs);
    const client = new WiseKioskClient({ ...options, fetch: wise.fetch, onExchange: sleep });
    await expect(client.produceCard(order)).resolves.toMatchObject(failure);
    expect(wise.methods).toEqual(["PUT", "GET"]);
  });

  it("does not resolve with another call's failure of an hour ago if previous is two hours old", async () => {
    const at = (agoMs: number) => new Date(Date.now() - agoMs).toISOString();
    const previous: Production = {
      ...failure,
      kioskId: "WIS00001",
      occurredAt: at(2 * 3_600_000),
      description: null,
    };
    const wise = wiseThatReads(
      () => ({ ...failure, errorCode: "PRT_RIBBON_ENDED", kioskId: "WIS00001", occurredAt: at(3_600_000) }),
      () => Date.now(),
    );
    const client = new WiseKioskClient({ ...options, fetch: wise.fetch });
    await expect(client.produceCard({ ...order, previous })).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(wise.methods).toEqual(["PUT", "GET", "PUT"]);
  });

  it("recognises its own failure without a time by a previous state that has none either", async () => {
    const failed = { ...failure, kioskId: "WIS00001", occurredAt: null };
    const client = () => new WiseKioskClient({ ...options, fetch: wiseThatReads(() => failed, Date.now).fetch });
    const previous = { status: "READY", kioskId: null, occurredAt: null, errorCode: null, description: null } as const;
    await expect(client().produceCard({ ...order, previous })).resolves.toMatchObject(failed);
    await expect(client().produceCard(order)).rejects.toMatchObject({ mayHaveTakenEffect: true });
  });

  it.each([
    ["wis00001", "WIS00001"],
    ["WIS00001", "wis00001"],
    ["İstanbul-1", "İSTANBUL-1"],
  ])("recognises its own failure at kiosk %s if Wise returns the id %s", async (kioskId, shown) => {
    const occurredAt = new Date(Date.now() + 1000).toISOString();
    const wise = wiseThatReads(
      () => ({ ...failure, kioskId: shown, occurredAt }),
      () => Date.now(),
    );
    const client = new WiseKioskClient({ ...options, fetch: wise.fetch });
    await expect(client.produceCard({ ...order, kioskId })).resolves.toMatchObject(failure);
    expect(wise.methods).toEqual(["PUT", "GET"]);
  });
});

describe("reads that reconcile", () => {
  it("reads the status from Wise and not from a cache in between", async () => {
    const ready = JSON.stringify({ status: "READY", kioskId: null, occurredAt: "2026-01-01T00:00:00.000Z" });
    const occurredAt = new Date(Date.now() + 1000).toISOString();
    const printing = JSON.stringify({ status: "IN_PROGRESS", kioskId: "WIS00001", occurredAt });
    await using server = await startHttpServer(
      replyInTurn(
        reply(200, ready, { "Cache-Control": "public, max-age=3600" }),
        (response) => response.destroy(),
        reply(200, printing, { "Cache-Control": "public, max-age=3600" }),
      ),
    );
    const agent = new Agent();
    const client = new WiseKioskClient({
      baseUrl: server.url,
      token: "a-token-of-the-user",
      dispatcher: agent.compose(interceptors.cache()),
      reconcileWindowMs: 0,
    });
    await expect(client.getProductionStatus(card)).resolves.toMatchObject({ status: "READY" });
    await expect(client.produceCard(order)).resolves.toMatchObject({ status: "IN_PROGRESS" });
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "PUT", "GET"]);
    await agent.close();
  });
});
