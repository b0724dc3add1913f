import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createKioskSimulator, type KioskSimulator, type KioskSimulatorOptions } from "../../src/testing/index.js";
import { DOORS, type Door, sendThrough } from "../support/simulator-adapters.js";

const NOW = "2026-01-01T12:00:00.000Z";

const lagging = (options: KioskSimulatorOptions = {}) =>
  createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card" }], now: NOW, readLagMs: 300, ...options });

/** Sends by `fetch`, which is one of the doors. */
const statusRead = async (simulator: KioskSimulator) => {
  const answer = await sendThrough(await DOORS.fetch(simulator), simulator, "GET");
  return answer.status === 200 ? JSON.parse(answer.text).status : answer.status;
};
const produce = async (simulator: KioskSimulator) =>
  sendThrough(await DOORS.fetch(simulator), simulator, "PUT", { kioskId: "WIS00001" });

describe.each(Object.entries(DOORS))("A read that lags, through the %s door,", (_name, open) => {
  let simulator: KioskSimulator;
  let door: Door;

  beforeEach(async () => {
    simulator = lagging();
    door = await open(simulator);
  });
  afterEach(() => door.close());

  const read = async () => JSON.parse((await sendThrough(door, simulator, "GET")).text).status;
  const put = () => sendThrough(door, simulator, "PUT", { kioskId: "WIS00001" });

  it("shows the state of that many milliseconds ago", async () => {
    expect((await put()).status).toBe(200);
    expect(await read()).toBe("READY");
    simulator.advanceTime(299);
    expect(await read()).toBe("READY");
    simulator.advanceTime(1);
    expect(await read()).toBe("IN_PROGRESS");
  });

  it("does not keep a second production request from being refused", async () => {
    await put();
    const second = await put();
    expect([second.status, JSON.parse(second.text).errorCode]).toEqual([422, "REQUEST_ALREADY_EXISTS"]);
    expect(simulator.card("card").history.map(({ status }) => status)).toEqual(["READY", "IN_PROGRESS"]);
  });
});

describe.each(Object.entries(DOORS))("Requests decided by a lagging state, through the %s door,", (_name, open) => {
  it("print a card twice, and its history shows both prints", async () => {
    const simulator = lagging({ assumptions: { decideByLaggingState: true } });
    const door = await open(simulator);
    const put = () => sendThrough(door, simulator, "PUT", { kioskId: "WIS00001" });
    try {
      expect([(await put()).status, (await put()).status]).toEqual([200, 200]);
      const prints = simulator.card("card").history.filter(({ status }) => status === "IN_PROGRESS");
      expect(new Set(prints.map(({ occurredAt }) => occurredAt)).size).toBe(2);
      expect(simulator.deliveries).toHaveLength(2);
      simulator.advanceTime(300);
      expect((await put()).status).toBe(422);
    } finally {
      await door.close();
    }
  });
});

describe("A lagging state", () => {
  afterEach(() => vi.useRealTimers());

  it("decides production requests both ways: a failed print that is not shown yet is refused a repetition", async () => {
    const simulator = lagging({ assumptions: { decideByLaggingState: true } });
    simulator.card("card").produce();
    simulator.advanceTime(300);
    simulator.card("card").fail("PRT_PAUSED");
    expect((await produce(simulator)).status).toBe(422);
    simulator.advanceTime(300);
    expect((await produce(simulator)).status).toBe(200);
  });

  it("decides no simulation: a print that is not shown yet can be ended", async () => {
    const simulator = lagging({ assumptions: { decideByLaggingState: true } });
    await produce(simulator);
    const door = await DOORS.fetch(simulator);
    expect((await sendThrough(door, simulator, "POST", { status: "PRODUCED" })).status).toBe(200);
    expect(simulator.card("card").production?.status).toBe("PRODUCED");
  });

  it("shows the state in which a card begins at once, and a card that was not ready as not ready", async () => {
    const simulator = lagging({ cards: [{ profileId: 123456, cardToken: "card", production: null }] });
    simulator.card("card").ready();
    expect(await statusRead(simulator)).toBe(404);
    simulator.advanceTime(300);
    expect(await statusRead(simulator)).toBe("READY");
    simulator.reset();
    expect(await statusRead(simulator)).toBe(404);
  });

  it("shows each of several states in its turn", async () => {
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

  it("includes a refusal that is read", async () => {
    const simulator = lagging({ assumptions: { refusalIsRead: true } });
    const door = await DOORS.fetch(simulator);
    await sendThrough(door, simulator, "PUT", { kioskId: "WIS9" });
    expect(await statusRead(simulator)).toBe("READY");
    simulator.advanceTime(300);
    expect(await statusRead(simulator)).toBe("REQUEST_ERROR");
  });

  it("counts from the moment at which a script took its turn, however far the clock was moved at once", async () => {
    const cards = [{ profileId: 123456, cardToken: "card", outcomes: ["PRODUCED"], productionDelayMs: 1000 }];
    const simulator = lagging({ cards, assumptions: { occurredAtOfResult: "result" } });
    await produce(simulator);
    simulator.advanceTime(1299);
    expect(await statusRead(simulator)).toBe("IN_PROGRESS");
    simulator.advanceTime(1);
    expect(await statusRead(simulator)).toBe("PRODUCED");
    expect(simulator.card("card").production?.occurredAt).toBe("2026-01-01T12:00:01.000Z");
  });

  it("lags as long as the property says, and a reset puts the option back", async () => {
    const simulator = lagging();
    simulator.card("card").produce();
    expect(await statusRead(simulator)).toBe("READY");
    simulator.readLagMs = 0;
    expect(await statusRead(simulator)).toBe("IN_PROGRESS");
    simulator.reset();
    expect([simulator.readLagMs, await statusRead(simulator)]).toEqual([300, "READY"]);
  });

  it("shows the newest state without a lag, though the clock was set back", async () => {
    const simulator = lagging({ readLagMs: 0 });
    simulator.card("card").produce();
    simulator.now = "2025-01-01T00:00:00Z";
    expect(await statusRead(simulator)).toBe("IN_PROGRESS");
  });

  it.each<[string, Parameters<typeof vi.useFakeTimers>[0]]>([
    ["timers and Date", {}],
    ["Date alone", { toFake: ["Date"] }],
    ["timers alone", { toFake: ["setTimeout", "clearTimeout"] }],
  ])("follows the system's clock under mocks of %s", async (_mocked, config) => {
    vi.useFakeTimers(config);
    const simulator = lagging({ now: undefined, readLagMs: 60_000 });
    simulator.card("card").produce();
    expect(await statusRead(simulator)).toBe("READY");
    if (config?.toFake?.includes("Date")) vi.setSystemTime(Date.now() + 60_000);
    else vi.advanceTimersByTime(60_000);
    expect(await statusRead(simulator)).toBe("IN_PROGRESS");
  });
});

describe("The client's options", () => {
  it("trust the first read if reads do not lag, and else none within the lag", () => {
    const simulator = lagging({ readLagMs: 0 });
    expect(simulator.clientOptions().reconcileWindowMs).toBe(0);
    simulator.readLagMs = 300;
    expect(simulator.clientOptions().reconcileWindowMs).toBeGreaterThan(300);
    simulator.readLagMs = 3_600_000;
    expect(simulator.clientOptions().reconcileWindowMs).toBe(600_000);
  });
});

describe("readLagMs", () => {
  it.each([-1, Number.NaN, "300"])("refuses %j, as an option and as a property", (value) => {
    const readLagMs = value as number;
    const refusal = expect.objectContaining({ code: "ERR_ARGUMENT", argument: "readLagMs" });
    expect(() => createKioskSimulator({ readLagMs })).toThrow(refusal);
    expect(() => Object.assign(createKioskSimulator(), { readLagMs })).toThrow(refusal);
  });
});
