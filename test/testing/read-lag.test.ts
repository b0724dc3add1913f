import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createKioskSimulator, type KioskSimulator, type KioskSimulatorOptions } from "../../src/testing/index.js";
import { ADAPTERS, type Adapter, sendThrough } from "../support/simulator-adapters.js";

const NOW = "2026-01-01T12:00:00.000Z";

const lagging = (options: KioskSimulatorOptions = {}) =>
  createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card" }], now: NOW, readLagMs: 300, ...options });

/** Reads through the `fetch` adapter. Returns the status of the card, or the HTTP status if that is not 200. */
const statusRead = async (simulator: KioskSimulator) => {
  const response = await sendThrough(await ADAPTERS.fetch(simulator), simulator, "GET");
  return response.status === 200 ? JSON.parse(response.text).status : response.status;
};
const produce = async (simulator: KioskSimulator) =>
  sendThrough(await ADAPTERS.fetch(simulator), simulator, "PUT", { kioskId: "WIS00001" });

describe.each(Object.entries(ADAPTERS))("lagging reads through %s", (_name, open) => {
  let simulator: KioskSimulator;
  let adapter: Adapter;

  beforeEach(async () => {
    simulator = lagging();
    adapter = await open(simulator);
  });
  afterEach(() => adapter.close());

  const read = async () => JSON.parse((await sendThrough(adapter, simulator, "GET")).text).status;
  const put = () => sendThrough(adapter, simulator, "PUT", { kioskId: "WIS00001" });

  it("a read shows the state of readLagMs ago", async () => {
    expect((await put()).status).toBe(200);
    expect(await read()).toBe("READY");
    simulator.advanceTime(299);
    expect(await read()).toBe("READY");
    simulator.advanceTime(1);
    expect(await read()).toBe("IN_PROGRESS");
  });

  it("a second production request is refused even if reads lag", async () => {
    await put();
    const second = await put();
    expect([second.status, JSON.parse(second.text).errorCode]).toEqual([422, "REQUEST_ALREADY_EXISTS"]);
    expect(simulator.card("card").history.map(({ status }) => status)).toEqual(["READY", "IN_PROGRESS"]);
  });
});

describe.each(Object.entries(ADAPTERS))("production requests decided by a lagging state, through %s", (_name, open) => {
  it("two requests print a card twice, and its history shows both prints", async () => {
    const simulator = lagging({ assumptions: { decideByLaggingState: true } });
    const adapter = await open(simulator);
    const put = () => sendThrough(adapter, simulator, "PUT", { kioskId: "WIS00001" });
    try {
      expect([(await put()).status, (await put()).status]).toEqual([200, 200]);
      const prints = simulator.card("card").history.filter(({ status }) => status === "IN_PROGRESS");
      expect(new Set(prints.map(({ occurredAt }) => occurredAt)).size).toBe(2);
      expect(simulator.deliveries).toHaveLength(2);
      simulator.advanceTime(300);
      expect((await put()).status).toBe(422);
    } finally {
      await adapter.close();
    }
  });
});

describe("a lagging state", () => {
  afterEach(() => vi.useRealTimers());

  it("refuses another print while the lagging state does not show the failure of the first", async () => {
    const simulator = lagging({ assumptions: { decideByLaggingState: true } });
    simulator.card("card").produce();
    simulator.advanceTime(300);
    simulator.card("card").fail("PRT_PAUSED");
    expect((await produce(simulator)).status).toBe(422);
    simulator.advanceTime(300);
    expect((await produce(simulator)).status).toBe(200);
  });

  it("does not decide simulations: a print that reads do not show yet can be ended", async () => {
    const simulator = lagging({ assumptions: { decideByLaggingState: true } });
    await produce(simulator);
    const adapter = await ADAPTERS.fetch(simulator);
    expect((await sendThrough(adapter, simulator, "POST", { status: "PRODUCED" })).status).toBe(200);
    expect(simulator.card("card").production?.status).toBe("PRODUCED");
  });

  it("shows a card that was not ready as not ready until the lag has passed", async () => {
    const simulator = lagging({ cards: [{ profileId: 123456, cardToken: "card", production: null }] });
    simulator.card("card").ready();
    expect(await statusRead(simulator)).toBe(404);
    simulator.advanceTime(300);
    expect(await statusRead(simulator)).toBe("READY");
    simulator.reset();
    expect(await statusRead(simulator)).toBe(404);
  });

  it("shows each of several states in turn", async () => {
    const simulator = lagging();
    const card = simulator.card("card").produce();
    simulator.advanceTime(200);
    card.fail("PRT_PAUSED");
    simulator.advanceTime(50);
    card.produce().complete();
    const seen = [];
    for (const ms of [49, 1, 200, 49, 1]) {
      simulator.advanceTime(ms);
      seen.push(await statusRead(simulator));
    }
    expect(seen).toEqual(["READY", "IN_PROGRESS", "PRODUCTION_ERROR", "PRODUCTION_ERROR", "PRODUCED"]);
    expect(card.production?.status).toBe("PRODUCED");
  });

  it("delays a refusal, too, if refusalIsRead is true", async () => {
    const simulator = lagging({ assumptions: { refusalIsRead: true } });
    const adapter = await ADAPTERS.fetch(simulator);
    await sendThrough(adapter, simulator, "PUT", { kioskId: "WIS9" });
    expect(await statusRead(simulator)).toBe("READY");
    simulator.advanceTime(300);
    expect(await statusRead(simulator)).toBe("REQUEST_ERROR");
  });

  it("counts the lag from the time of a scripted outcome, however far the clock was moved", async () => {
    const cards = [{ profileId: 123456, cardToken: "card", outcomes: ["PRODUCED"], productionDelayMs: 1000 }];
    const simulator = lagging({ cards, assumptions: { occurredAtOfResult: "result" } });
    await produce(simulator);
    simulator.advanceTime(1299);
    expect(await statusRead(simulator)).toBe("IN_PROGRESS");
    simulator.advanceTime(1);
    expect(await statusRead(simulator)).toBe("PRODUCED");
    expect(simulator.card("card").production?.occurredAt).toBe("2026-01-01T12:00:01.000Z");
  });

  it("lags by the property readLagMs, and a reset restores the option", async () => {
    const simulator = lagging();
    simulator.card("card").produce();
    expect(await statusRead(simulator)).toBe("READY");
    simulator.readLagMs = 0;
    expect(await statusRead(simulator)).toBe("IN_PROGRESS");
    simulator.reset();
    expect([simulator.readLagMs, await statusRead(simulator)]).toEqual([300, "READY"]);
  });

  it("shows the newest state if readLagMs is 0, even if the clock was set back", async () => {
    const simulator = lagging({ readLagMs: 0 });
    simulator.card("card").produce();
    simulator.now = "2025-01-01T00:00:00Z";
    expect(await statusRead(simulator)).toBe("IN_PROGRESS");
  });

  it.each<[string, Parameters<typeof vi.useFakeTimers>[0]]>([
    ["timers and Date", {}],
    ["Date alone", { toFake: ["Date"] }],
    ["timers alone", { toFake: ["setTimeout", "clearTimeout"] }],
  ])("measures the lag by the system clock under mocks of %s", async (_mocked, config) => {
    vi.useFakeTimers(config);
    const simulator = lagging({ now: undefined, readLagMs: 60_000 });
    simulator.card("card").produce();
    expect(await statusRead(simulator)).toBe("READY");
    if (config?.toFake?.includes("Date")) vi.setSystemTime(Date.now() + 60_000);
    else vi.advanceTimersByTime(60_000);
    expect(await statusRead(simulator)).toBe("IN_PROGRESS");
  });
});

describe("clientOptions()", () => {
  it("sets reconcileWindowMs to 0 if reads do not lag, otherwise to more than the lag, up to 10 minutes", () => {
    const simulator = lagging({ readLagMs: 0 });
    expect(simulator.clientOptions().reconcileWindowMs).toBe(0);
    simulator.readLagMs = 300;
    expect(simulator.clientOptions().reconcileWindowMs).toBeGreaterThan(300);
    simulator.readLagMs = 3_600_000;
    expect(simulator.clientOptions().reconcileWindowMs).toBe(600_000);
  });
});

describe("readLagMs", () => {
  it.each([-1, Number.NaN, "300"])("rejects the readLagMs %j, as an option and as a property", (value) => {
    const readLagMs = value as number;
    const refusal = expect.objectContaining({ code: "ERR_ARGUMENT", argument: "readLagMs" });
    expect(() => createKioskSimulator({ readLagMs })).toThrow(refusal);
    expect(() => Object.assign(createKioskSimulator(), { readLagMs })).toThrow(refusal);
  });
});
