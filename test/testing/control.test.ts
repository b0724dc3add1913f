import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WiseKioskClient } from "../../src/index.js";
import {
  createKioskSimulator,
  fixtures,
  type KioskSimulator,
  type KioskSimulatorOptions,
} from "../../src/testing/index.js";

const CARD = "ca0c8154-1e14-4464-a1ce-dcea7dc3de52";
const NOW = "2026-01-01T12:00:00.000Z";

const simulatorWith = (options: KioskSimulatorOptions = {}) =>
  createKioskSimulator({
    kiosks: ["WIS00001", "WIS00002"],
    cards: [{ profileId: 123456, cardToken: CARD }],
    now: NOW,
    ...options,
  });

async function send(simulator: KioskSimulator, method: string, body?: unknown, cardToken = CARD): Promise<Response> {
  const { baseUrl, token, fetch } = simulator.clientOptions();
  const path = method === "POST" ? "/v1/simulation/spend" : "/v3/spend";
  return fetch(`${baseUrl}${path}/profiles/123456/cards/${cardToken}/production`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
const produce = (simulator: KioskSimulator, cardToken = CARD) =>
  send(simulator, "PUT", { kioskId: "WIS00001" }, cardToken);

describe("simulator.card()", () => {
  it("moves a card through its states and keeps its history", () => {
    const card = simulatorWith().card(CARD);
    expect([card.profileId, card.cardToken]).toEqual(["123456", CARD]);
    card.produce("WIS00002").fail("PRD_HOPPER_JAM").produce().complete();
    expect(card.history.map(({ status, kioskId, errorCode }) => [status, kioskId, errorCode])).toEqual([
      ["READY", null, null],
      ["IN_PROGRESS", "WIS00002", null],
      ["PRODUCTION_ERROR", "WIS00002", "PRD_HOPPER_JAM"],
      ["IN_PROGRESS", "WIS00001", null],
      ["PRODUCED", "WIS00001", null],
    ]);
    expect(card.production).toEqual(card.history.at(-1));
  });

  it("assigns each print its own occurredAt, which its result shares by default", () => {
    const card = simulatorWith().card(CARD).produce().fail("PRT_PAUSED").produce().complete();
    const [, first, failed, second, produced] = card.history.map(({ occurredAt }) => Date.parse(occurredAt ?? ""));
    expect([first, failed]).toEqual([Date.parse(NOW), Date.parse(NOW)]);
    expect(second).toBeGreaterThan(first ?? 0);
    expect(produced).toBe(second);
  });

  it("sets occurredAt of a result to the time of the result if occurredAtOfResult is 'result'", () => {
    const simulator = simulatorWith({ assumptions: { occurredAtOfResult: "result" } });
    const card = simulator.card(CARD).produce();
    simulator.advanceTime(60_000);
    expect(card.complete().production?.occurredAt).toBe("2026-01-01T12:01:00.000Z");
  });

  it("collects and rejects a card as Wise's guide describes", () => {
    expect(simulatorWith().card(CARD).produce().collect().production).toMatchObject({ status: "PRODUCED" });
    const rejected = simulatorWith().card(CARD).produce().reject();
    expect(rejected.production).toMatchObject({ status: "PRODUCTION_ERROR", errorCode: null, kioskId: "WIS00001" });
    expect(rejected.produce().reject("PRD_TIMEOUT").production).toMatchObject({ errorCode: "PRD_TIMEOUT" });
  });

  it("fails a card that is not in production, also without an error code", () => {
    expect(simulatorWith().card(CARD).fail().production).toEqual({
      status: "PRODUCTION_ERROR",
      kioskId: "WIS00001",
      occurredAt: NOW,
      errorCode: null,
      description: "Card production failed",
    });
  });

  it("names the nearest card if there is no card with this token", () => {
    expect(() => simulatorWith().card(CARD.replace("ca0c", "cc0a"))).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument: "cardToken", message: expect.stringContaining(CARD) }),
    );
    expect(() => createKioskSimulator().card("x")).toThrow("it has no cards");
  });

  it.each([undefined, null, 5, {}])("refuses %j as the token of a card", (cardToken) => {
    expect(() => simulatorWith().card(cardToken as never)).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument: "cardToken" }),
    );
  });

  it.each<[string, string, unknown]>([
    ["produce", "kioskId", 5],
    ["produce", "kioskId", {}],
    ["produce", "kioskId", null],
    ["produce", "kioskId", ""],
    ["produce", "kioskId", " WIS00001"],
    ["fail", "errorCode", 5],
    ["fail", "errorCode", {}],
    ["reject", "errorCode", ["PRT_PAUSED"]],
    ["fail", "errorCode", "PRODUCED"],
    ["fail", "errorCode", "PRODUCD"],
    ["reject", "errorCode", "produced"],
  ])("leaves a card as it is if %s() gets an invalid %s: %j", (name, argument, value) => {
    const simulator = simulatorWith();
    const card = simulator.card(CARD);
    const control = card[name as "produce"] as (value: unknown) => unknown;
    expect(() => control(value)).toThrow(expect.objectContaining({ code: "ERR_ARGUMENT", argument }));
    expect(card.history).toHaveLength(1);
    expect(simulator.deliveries).toEqual([]);
  });

  it("fails a card with a code that Wise has not documented, or an empty one", () => {
    const card = simulatorWith().card(CARD);
    expect(["NEW_CODE", ""].map((code) => card.fail(code).production?.errorCode)).toEqual(["NEW_CODE", ""]);
  });
});

describe("scripted outcomes", () => {
  const scripted = (outcomes: readonly unknown[], options: KioskSimulatorOptions = {}) =>
    simulatorWith({ cards: [{ profileId: 123456, cardToken: CARD, outcomes: outcomes as string[] }], ...options });

  it("applies one scripted outcome per production request, immediately by default", async () => {
    const simulator = scripted(["PRT_RIBBON_ENDED", { refuse: "PIN_VERIFICATION_FAILED" }, "PRODUCED"]);
    const card = simulator.card(CARD);
    expect(await (await produce(simulator)).json()).toMatchObject({ status: "IN_PROGRESS" });
    expect(card.production).toMatchObject({ status: "PRODUCTION_ERROR", errorCode: "PRT_RIBBON_ENDED" });
    const refused = await produce(simulator);
    expect([refused.status, await refused.json()]).toMatchObject([422, { errorCode: "PIN_VERIFICATION_FAILED" }]);
    expect(card.production).toMatchObject({ status: "PRODUCTION_ERROR" });
    await produce(simulator);
    expect(card.production).toMatchObject({ status: "PRODUCED" });
  });

  it("leaves the card in progress once the script is exhausted", async () => {
    const simulator = scripted(["PRT_RIBBON_ENDED"]);
    await produce(simulator);
    await produce(simulator);
    expect(simulator.card(CARD).production?.status).toBe("IN_PROGRESS");
  });

  it("consumes no scripted outcome if a request is refused for another reason", async () => {
    const simulator = scripted([{ refuse: "UNABLE_TO_ACCEPT_REQUEST" }, "PRODUCED"]);
    simulator.card(CARD).produce();
    expect(await (await produce(simulator)).json()).toMatchObject({ errorCode: "REQUEST_ALREADY_EXISTS" });
    simulator.card(CARD).fail("PRT_PAUSED");
    expect(await (await produce(simulator)).json()).toMatchObject({ errorCode: "UNABLE_TO_ACCEPT_REQUEST" });
  });

  it("applies a scripted outcome after productionDelayMs of the simulator's clock", async () => {
    const simulator = scripted(["PRODUCED"], { productionDelayMs: 60_000 });
    await produce(simulator);
    simulator.advanceTime(59_999);
    expect(simulator.card(CARD).production?.status).toBe("IN_PROGRESS");
    simulator.now = "2026-01-01T12:01:00.000Z";
    expect(simulator.card(CARD).production?.status).toBe("PRODUCED");
  });

  it("applies a scripted outcome after productionDelayMs of the system clock if the simulator follows it", async () => {
    vi.useFakeTimers();
    try {
      const simulator = scripted(["PRODUCED"], { productionDelayMs: 60_000, now: undefined });
      await produce(simulator);
      await vi.advanceTimersByTimeAsync(59_999);
      expect(simulator.card(CARD).production?.status).toBe("IN_PROGRESS");
      await vi.advanceTimersByTimeAsync(1);
      expect(simulator.card(CARD).production?.status).toBe("PRODUCED");
    } finally {
      vi.useRealTimers();
    }
  });

  it("sets no timer while the simulator's clock is fixed", async () => {
    vi.useFakeTimers();
    try {
      const simulator = scripted(["PRODUCED"], { productionDelayMs: 60_000 });
      await produce(simulator);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it("applies the productionDelayMs of each card, also after the clock was moved", async () => {
    vi.useFakeTimers();
    try {
      const cards = ["slow", "quick"].map((cardToken) => ({
        profileId: 123456,
        cardToken,
        outcomes: ["PRODUCED"],
        productionDelayMs: cardToken === "slow" ? 60_000 : 1000,
      }));
      const simulator = simulatorWith({ cards, now: undefined });
      await produce(simulator, "slow");
      await produce(simulator, "quick");
      const statuses = () => cards.map(({ cardToken }) => simulator.card(cardToken).production?.status);
      await vi.advanceTimersByTimeAsync(1000);
      expect(statuses()).toEqual(["IN_PROGRESS", "PRODUCED"]);
      simulator.advanceTime(58_000);
      await vi.advanceTimersByTimeAsync(999);
      expect(statuses()).toEqual(["IN_PROGRESS", "PRODUCED"]);
      await vi.advanceTimersByTimeAsync(1);
      expect(statuses()).toEqual(["PRODUCED", "PRODUCED"]);
    } finally {
      vi.useRealTimers();
    }
  });

  it("keeps the script for production requests if another print is ended by a request", async () => {
    const simulator = scripted(["PRODUCED"]);
    simulator.card(CARD).produce();
    await send(simulator, "POST", { status: "PRODUCTION_ERROR", errorCode: "PRT_COVER_OPEN" });
    expect(simulator.card(CARD).production?.status).toBe("PRODUCTION_ERROR");
    await produce(simulator);
    expect(simulator.card(CARD).production?.status).toBe("PRODUCED");
  });

  it("skips the scripted outcome if the test changed the card first", async () => {
    const simulator = scripted(["PRODUCED"], { productionDelayMs: 1000 });
    await produce(simulator);
    simulator.card(CARD).fail("PRT_COVER_OPEN");
    simulator.advanceTime(1000);
    expect(simulator.card(CARD).production?.status).toBe("PRODUCTION_ERROR");
  });
});

describe("assumptions", () => {
  it.each([
    ["produceExpiredCard", (simulator: KioskSimulator) => simulator.card(CARD).expire()],
    ["produceWhileInProgress", (simulator: KioskSimulator) => simulator.card(CARD).produce()],
    ["produceAfterProduced", (simulator: KioskSimulator) => simulator.card(CARD).complete()],
  ] as const)("applies the assumption %s", async (name, arrange) => {
    const responses = [];
    for (const assumption of ["accept", "UNKNOWN_ERROR", { httpStatus: 409, body: { message: "no" } }] as const) {
      const simulator = simulatorWith({ assumptions: { [name]: assumption } });
      arrange(simulator);
      const response = await produce(simulator);
      responses.push([response.status, await response.json()]);
    }
    expect(responses).toMatchObject([
      [200, { status: "IN_PROGRESS" }],
      [422, { status: "REQUEST_ERROR", errorCode: "UNKNOWN_ERROR" }],
      [409, { message: "no" }],
    ]);
  });

  it("applies the assumptions about a card that is not ready yet", async () => {
    const cards = [{ profileId: 123456, cardToken: CARD, production: null }];
    const assumptions = { produceBeforeReady: "accept", readBeforeReady: { httpStatus: 200, body: { status: "NEW" } } };
    const simulator = simulatorWith({ cards, assumptions });
    expect(simulator.card(CARD).production).toBeUndefined();
    expect(await (await send(simulator, "GET")).json()).toEqual({ status: "NEW" });
    expect((await produce(simulator)).status).toBe(200);
  });

  it.each(["simulateBeforeProduce", "simulateAfterResult"])(
    "applies the assumption %s to a simulation",
    async (name) => {
      const simulator = simulatorWith({ assumptions: { [name]: "accept" } });
      if (name === "simulateAfterResult") simulator.card(CARD).produce().fail("PRT_TIMEOUT");
      expect((await send(simulator, "POST", { status: "PRODUCED" })).status).toBe(200);
      expect(simulator.card(CARD).production).toMatchObject({ status: "PRODUCED", kioskId: "WIS00001" });
    },
  );

  it("keeps the default of an assumption that is undefined", async () => {
    const simulator = simulatorWith({
      assumptions: { produceAfterProduced: undefined, occurredAtOfResult: undefined },
    });
    simulator.card(CARD).complete();
    expect(await (await produce(simulator)).json()).toMatchObject({ errorCode: "REQUEST_ALREADY_EXISTS" });
  });

  it("shows a refusal in reads until the card changes if refusalIsRead is true", async () => {
    const simulator = simulatorWith({ assumptions: { refusalIsRead: true } });
    const cardToken = CARD;
    await send(simulator, "PUT", { kioskId: "WIS9" });
    expect(await (await send(simulator, "GET")).json()).toMatchObject({
      status: "REQUEST_ERROR",
      kioskId: "WIS9",
      errorCode: "KIOSK_ID_NOT_FOUND",
    });
    expect(simulator.card(cardToken).history).toHaveLength(1);
    expect((await produce(simulator)).status).toBe(200);
    expect(await (await send(simulator, "GET")).json()).toMatchObject({ status: "IN_PROGRESS" });
  });
});

describe("a Date created before fake timers", () => {
  afterEach(() => vi.useRealTimers());

  it("accepts a Date created before fake timers, as an option and as a property", () => {
    const before = new Date(NOW);
    vi.useFakeTimers();
    const simulator = createKioskSimulator({ now: before });
    expect(simulator.now.toISOString()).toBe(NOW);
    simulator.now = before;
    expect(simulator.now.toISOString()).toBe(NOW);
  });
});

describe("the simulator", () => {
  let simulator: KioskSimulator;
  beforeEach(() => {
    simulator = simulatorWith();
  });
  afterEach(() => vi.useRealTimers());

  it("follows the system clock until a time is set", () => {
    vi.useFakeTimers({ now: Date.parse("2030-06-01T00:00:00Z") });
    const following = createKioskSimulator();
    vi.advanceTimersByTime(1000);
    expect(following.now).toEqual(new Date("2030-06-01T00:00:01Z"));
    following.advanceTime(1000);
    vi.advanceTimersByTime(1000);
    expect(following.now).toEqual(new Date("2030-06-01T00:00:03Z"));
    following.now = new Date(NOW);
    vi.advanceTimersByTime(1000);
    expect(following.now).toEqual(new Date(NOW));
    following.reset();
    expect(following.now).toEqual(new Date("2030-06-01T00:00:03Z"));
  });

  it("stays at the latest time that a Date can represent", () => {
    vi.useFakeTimers({ now: Date.parse("2030-06-01T00:00:00Z") });
    const following = createKioskSimulator();
    following.advanceTime(8.64e15 - Date.now());
    vi.advanceTimersByTime(1000);
    expect(following.now).toEqual(new Date(8.64e15));
  });

  it("responds after latencyMs", async () => {
    vi.useFakeTimers();
    simulator.latencyMs = 500;
    let hasResponded = false;
    const response = send(simulator, "GET").finally(() => {
      hasResponded = true;
    });
    await vi.advanceTimersByTimeAsync(499);
    expect(hasResponded).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect((await response).status).toBe(200);
  });

  it("carries out a request even if its caller aborts before the response", async () => {
    simulator.latencyMs = 60_000;
    const { baseUrl, token, fetch } = simulator.clientOptions();
    const abortion = new AbortController();
    const response = fetch(`${baseUrl}/v3/spend/profiles/123456/cards/${CARD}/production`, {
      method: "PUT",
      headers: { authorization: `Bearer ${token}` },
      body: '{"kioskId":"WIS00001"}',
      signal: abortion.signal,
    });
    await vi.waitFor(() => expect(simulator.requests).toHaveLength(1));
    abortion.abort(new Error("enough"));
    await expect(response).rejects.toThrow("enough");
    expect(simulator.card(CARD).production?.status).toBe("IN_PROGRESS");
  });

  it("restores its initial state on reset()", async () => {
    simulator.addCard({ profileId: 1, cardToken: "added" });
    await produce(simulator);
    simulator.card(CARD).expire();
    simulator.latencyMs = 5;
    simulator.now = "2027-01-01T00:00:00Z";
    simulator.injectFault({ fault: "timeout" });
    simulator.reset();
    expect(simulator.card(CARD).history).toHaveLength(1);
    expect([simulator.requests, simulator.deliveries, simulator.latencyMs]).toEqual([[], [], 0]);
    expect(simulator.now).toEqual(new Date(NOW));
    simulator.assertNoPendingFaults();
    expect(() => simulator.card("added")).toThrow("not a card");
    expect((await produce(simulator)).status).toBe(200);
  });

  it("keeps card controls valid after a reset", () => {
    const card = simulator.card(CARD).produce();
    simulator.reset();
    expect(card.production?.status).toBe("READY");
    expect(card.produce().history).toEqual(simulator.card(CARD).history);
    expect(simulator.card(CARD).history).toHaveLength(2);
  });

  it("asks acceptsToken about each token and profile", async () => {
    const context: unknown[] = [];
    const picky = simulatorWith({
      token: "given-token",
      acceptsToken: (token, { profileId }) => {
        context.push([token, profileId]);
        return token === "another";
      },
    });
    expect(picky.clientOptions().token).toBe("given-token");
    expect((await produce(picky)).status).toBe(401);
    expect(context).toEqual([["given-token", "123456"]]);
  });

  it("refuses a token for which acceptsToken returns nothing, also the simulator's own", async () => {
    const silent = simulatorWith({ acceptsToken: () => undefined as never });
    expect((await produce(silent)).status).toBe(401);
    expect(silent.card(CARD).history).toHaveLength(1);
  });

  it("fails a request for which acceptsToken returns a promise, which names no decision", async () => {
    for (const decide of [async () => true, () => Promise.reject(new Error("expired"))]) {
      const late = simulatorWith({ acceptsToken: decide as never });
      await expect(produce(late)).rejects.toMatchObject({ code: "ERR_ARGUMENT", argument: "acceptsToken" });
      expect(late.card(CARD).history).toHaveLength(1);
      await expect(
        new WiseKioskClient(late.clientOptions()).getProductionStatus({ profileId: 123456, cardToken: CARD }),
      ).rejects.toThrow("acceptsToken must be a function that returns true or false, not one that returns a promise");
    }
  });

  it("generates a token for each simulator and never shows it", async () => {
    const { token } = simulator.clientOptions();
    expect(token).not.toBe(simulatorWith().clientOptions().token);
    await produce(simulator);
    expect(inspect(simulator, { depth: 9, showHidden: true, getters: true })).not.toContain(token);
    expect(JSON.stringify(simulator)).not.toContain(token);
  });

  it("starts a card with the production that is given, READY by default", () => {
    const production = fixtures.production.productionError({ errorCode: "PRT_PAUSED" });
    const cards = [
      { profileId: 1, cardToken: "failed", production },
      { profileId: 1, cardToken: "incomplete", production: null },
      { profileId: 1, cardToken: "default", production: undefined },
    ];
    const given = simulatorWith({ cards });
    expect(given.card("failed").production).toEqual(production);
    expect(given.card("incomplete").production).toBeUndefined();
    expect(given.card("default").production?.status).toBe("READY");
  });

  it.each(["NEW", "PRD_NEW", "PRODUCED_ELSEWHERE", "FAILED"])("accepts the unknown code %s as an outcome", (code) => {
    const cards = [{ profileId: 1, cardToken: "x", outcomes: [code, { refuse: code }] }];
    expect(simulatorWith({ cards }).card("x").fail(code).production?.errorCode).toBe(code);
  });

  it("says what an outcome must be if it is null", () => {
    const cards = [{ profileId: 1, cardToken: "x", outcomes: [null as never] }];
    expect(() => simulatorWith({ cards })).toThrow("outcomes.0 must be 'PRODUCED', a production error code or");
  });

  it.each<[string, unknown]>([
    ["options", "nonsense"],
    ["kiosks", { kiosks: [] }],
    ["kiosks.0", { kiosks: [""] }],
    ["kiosks.1", { kiosks: ["WIS00001", " WIS "] }],
    ["cards", { cards: {} }],
    ["profileId", { cards: [{ profileId: 0, cardToken: "x" }] }],
    ["profileId", { cards: [{ profileId: 2 ** 53, cardToken: "x" }] }],
    ["profileId", { cards: [{ profileId: "12a", cardToken: "x" }] }],
    ["cardToken", { cards: [{ profileId: 1, cardToken: " " }] }],
    ["cardToken", { cards: [{ profileId: 1, cardToken: ".." }] }],
    ["cardToken", { cards: [{ profileId: 1, cardToken: "\ud800" }] }],
    [
      "cardToken",
      {
        cards: [
          { profileId: 1, cardToken: "x" },
          { profileId: 2, cardToken: "x" },
        ],
      },
    ],
    ["createdAt", { cards: [{ profileId: 1, cardToken: "x", createdAt: "yesterday" }] }],
    ["outcomes.0", { cards: [{ profileId: 1, cardToken: "x", outcomes: [{}] }] }],
    [
      "outcomes.0.after",
      { cards: [{ profileId: 1, cardToken: "x", outcomes: [{ refuse: "KIOSK_OFFLINE", after: 1 }] }] },
    ],
    ["outcomes", { cards: [{ profileId: 1, cardToken: "x", outcomes: "PRODUCED" }] }],
    ["outcomes.0", { cards: [{ profileId: 1, cardToken: "x", outcomes: ["PRODUCD"] }] }],
    ["outcomes.1", { cards: [{ profileId: 1, cardToken: "x", outcomes: ["PRODUCED", "produced"] }] }],
    ["outcomes.0.refuse", { cards: [{ profileId: 1, cardToken: "x", outcomes: [{ refuse: "PRODUCED" }] }] }],
    ["production", { cards: [{ profileId: 1, cardToken: "x", production: { status: 5 } }] }],
    ["productionDelayMs", { cards: [{ profileId: 1, cardToken: "x", productionDelayMs: -1 }] }],
    ["now", { now: "soon" }],
    ["now", { now: "test 1" }],
    ["now", { now: "01/02/2026" }],
    ["now", { now: "2026-02-30T00:00:00Z" }],
    ["now", { now: "2026-02-30" }],
    ["now", { now: "2026-01-01T12:00:00" }],
    ["now", { now: "+002026-02-30T00:00:00.000Z" }],
    ["now", { now: new Date(Number.NaN) }],
    ["createdAt", { cards: [{ profileId: 1, cardToken: "x", createdAt: "2026-01-01T12:00:00" }] }],
    ["now", { now: 1_767_268_800_000 }],
    ["latencyMs", { latencyMs: -1 }],
    ["token", { token: "with space" }],
    ["acceptsToken", { acceptsToken: true }],
    ["onUnhandledRequest", { onUnhandledRequest: "warn" }],
    ["webhooks.schemaVersion", { webhooks: { schemaVersion: "3.0.0" } }],
    ["webhooks.schemaversion", { webhooks: { schemaversion: "2.0.0" } }],
    ["assumptions.refusalIsread", { assumptions: { refusalIsread: true } }],
    ["assumptions", { assumptions: "accept" }],
    ["assumptions", { assumptions: null }],
    ["assumptions.decideByLaggingState", { assumptions: { decideByLaggingState: "yes" } }],
    ["assumptions.occurredAtOfResult", { assumptions: { occurredAtOfResult: "never" } }],
    ["assumptions.produceExpiredCard", { assumptions: { produceExpiredCard: { httpStatus: 99 } } }],
    ["assumptions.readBeforeReady", { assumptions: { readBeforeReady: "accept" } }],
    ["assumptions.simulateBeforeProduce", { assumptions: { simulateBeforeProduce: "UNKNOWN_ERROR" } }],
  ])("rejects an invalid value for %s: %o", (argument, options) => {
    expect(() => createKioskSimulator(options as KioskSimulatorOptions)).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument }),
    );
  });

  it("rejects an assumption whose body cannot be sent as JSON", () => {
    const body: unknown[] = [];
    body.push(body);
    const failure = expect.objectContaining({ code: "ERR_ARGUMENT", argument: "assumptions.readBeforeReady.body" });
    expect(() => simulatorWith({ assumptions: { readBeforeReady: { httpStatus: 404, body } } })).toThrow(failure);
  });

  it.each([
    ["2026-01-01T13:00:00+01:00", "2026-01-01T12:00:00.000Z"],
    ["2026-01-01T12:00:00.123456Z", "2026-01-01T12:00:00.123Z"],
    ["2026-01-01", "2026-01-01T00:00:00.000Z"],
    ["+275760-09-13T00:00:00.000Z", "+275760-09-13T00:00:00.000Z"],
  ])("accepts the time %s, which does not depend on the time zone of the machine", (now, expected) => {
    expect(createKioskSimulator({ now }).now.toISOString()).toBe(expected);
    simulator.now = now;
    expect(simulator.now.toISOString()).toBe(expected);
  });

  it("says what was found in place of a time", () => {
    const wanted = "now must be a valid Date, or a time in ISO 8601 with a time zone, not";
    expect(() => createKioskSimulator({ now: "test 1" })).toThrow(`${wanted} "test 1"`);
    expect(() => createKioskSimulator({ now: new Date(Number.NaN) })).toThrow(`${wanted} an invalid Date`);
    expect(() => Object.assign(simulator, { now: "01/02/2026" })).toThrow(`${wanted} "01/02/2026"`);
  });

  it.each<[string, () => unknown]>([
    [
      "now",
      () => {
        simulator.now = "soon";
      },
    ],
    [
      "now",
      () => {
        simulator.now = "2026-02-30T00:00:00Z";
      },
    ],
    ["listener", () => simulator.onDelivery("x" as never)],
    ["listener", () => simulator.onDelivery(undefined as never)],
    ["deliveryId", () => simulator.redeliver(5 as never)],
    ["deliveryId", () => simulator.redeliver(null as never)],
    ["isTest", () => simulator.deliver({}, { isTest: "yes" as never })],
    [
      "now",
      () => {
        simulator.now = new Date(-8.64e15);
        simulator.card(CARD).expire();
      },
    ],
    [
      "latencyMs",
      () => {
        simulator.latencyMs = -1;
      },
    ],
    [
      "latencyMs",
      () => {
        simulator.latencyMs = 2_147_483_648;
      },
    ],
    [
      "readLagMs",
      () => {
        simulator.readLagMs = 2_147_483_648;
      },
    ],
    ["ms", () => simulator.advanceTime(Number.NaN)],
    ["ms", () => simulator.advanceTime(1e16)],
    ["ms", () => simulator.advanceTime(8.64e15)],
  ])("rejects an invalid value for %s that is set or passed", (argument, set) => {
    expect(set).toThrow(expect.objectContaining({ code: "ERR_ARGUMENT", argument }));
  });
});
