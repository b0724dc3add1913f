import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createKioskSimulator, type KioskSimulator } from "../../src/testing/index.js";
import { DOORS, type Door, sendThrough } from "../support/simulator-adapters.js";

const CARDS = [{ profileId: 123456, cardToken: "card" }];
const NOW = "2026-01-01T12:00:00.000Z";

describe.each(Object.entries(DOORS))("A request that arrives late, through the %s door,", (_name, open) => {
  let simulator: KioskSimulator;
  let door: Door;

  beforeEach(async () => {
    simulator = createKioskSimulator({ cards: CARDS, now: NOW });
    door = await open(simulator);
  });
  afterEach(() => door.close());

  const put = () => sendThrough(door, simulator, "PUT", { kioskId: "WIS00001" });
  const statuses = () => simulator.card("card").history.map(({ status }) => status);

  it("gets no response, and takes effect when it arrives", async () => {
    simulator.injectFault({ operation: "produceCard", fault: { arrivesAfterMs: 500 } });
    await expect(put()).rejects.toThrow();
    simulator.assertNoPendingFaults();
    simulator.advanceTime(499);
    expect([statuses(), simulator.requests]).toEqual([["READY"], []]);
    simulator.advanceTime(1);
    expect(statuses()).toEqual(["READY", "IN_PROGRESS"]);
    expect(simulator.card("card").production?.occurredAt).toBe("2026-01-01T12:00:00.500Z");
    expect(simulator.requests).toMatchObject([{ operation: "produceCard", body: { kioskId: "WIS00001" } }]);
  });

  it("is overtaken by the next one, and judged by the state that it finds", async () => {
    simulator.injectFault({ fault: { arrivesAfterMs: 500 } });
    await expect(put()).rejects.toThrow();
    expect((await put()).status).toBe(200);
    simulator.card("card").fail("PRD_HOPPER_JAM");
    simulator.advanceTime(500);
    expect(statuses()).toEqual(["READY", "IN_PROGRESS", "PRODUCTION_ERROR", "IN_PROGRESS"]);
  });

  it("takes no effect if that is asked for, or if it is refused by then", async () => {
    simulator.injectFault({ fault: { arrivesAfterMs: 100 }, takesEffect: false });
    await expect(put()).rejects.toThrow();
    simulator.advanceTime(100);
    expect([statuses(), simulator.requests.length]).toEqual([["READY"], 1]);
    simulator.injectFault({ fault: { arrivesAfterMs: 100 } });
    await expect(put()).rejects.toThrow();
    simulator.card("card").complete();
    simulator.advanceTime(100);
    expect([statuses(), simulator.requests.length]).toEqual([["READY", "PRODUCED"], 2]);
  });

  it("does not arrive once the simulator was reset", async () => {
    simulator.injectFault({ fault: { arrivesAfterMs: 500 } });
    await expect(put()).rejects.toThrow();
    simulator.reset();
    simulator.advanceTime(1000);
    expect([statuses(), simulator.requests]).toEqual([["READY"], []]);
  });

  it("arrives by the system's clock if the simulator's follows it", async () => {
    const following = createKioskSimulator({ cards: CARDS });
    const ownDoor = await open(following);
    try {
      following.injectFault({ fault: { arrivesAfterMs: 20 } });
      await expect(sendThrough(ownDoor, following, "PUT", { kioskId: "WIS00001" })).rejects.toThrow();
      await expect.poll(() => following.card("card").production?.status).toBe("IN_PROGRESS");
    } finally {
      await ownDoor.close();
    }
  });
});

describe("Late requests", () => {
  afterEach(() => vi.useRealTimers());

  it("arrive in the order of their arrival times, each at its own", async () => {
    const simulator = createKioskSimulator({ cards: CARDS, now: NOW });
    const door = await DOORS.fetch(simulator);
    for (const arrivesAfterMs of [300, 100]) {
      simulator.injectFault({ fault: { arrivesAfterMs } });
      const path = `/v3/spend/profiles/1/cards/${arrivesAfterMs}/production`;
      await expect(door.send({ method: "GET", path, headers: {} })).rejects.toThrow();
    }
    simulator.advanceTime(1000);
    expect(simulator.requests.map(({ path }) => path.match(/\d+(?=\/production)/)?.[0])).toEqual(["100", "300"]);
  });

  it.each<[string, Parameters<typeof vi.useFakeTimers>[0]]>([
    ["timers and Date", {}],
    ["Date alone", { toFake: ["Date"] }],
    ["timers alone", { toFake: ["setTimeout", "clearTimeout"] }],
  ])("arrive under mocks of %s", async (_mocked, config) => {
    vi.useFakeTimers(config);
    const simulator = createKioskSimulator({ cards: CARDS });
    const door = await DOORS.fetch(simulator);
    simulator.injectFault({ fault: { arrivesAfterMs: 60_000 } });
    await expect(sendThrough(door, simulator, "PUT", { kioskId: "WIS00001" })).rejects.toThrow();
    expect(simulator.card("card").production?.status).toBe("READY");
    if (config?.toFake?.includes("Date")) vi.setSystemTime(Date.now() + 60_000);
    else vi.advanceTimersByTime(60_000);
    expect(simulator.card("card").production?.status).toBe("IN_PROGRESS");
  });

  it("are named if none was met", () => {
    const simulator = createKioskSimulator();
    simulator.injectFault({ operation: "produceCard", fault: { arrivesAfterMs: 20 } });
    expect(() => simulator.assertNoPendingFaults()).toThrow("arrival after 20 ms for produceCard");
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "20", null])("refuse to be %j ms late", (arrivesAfterMs) => {
    const fault = { arrivesAfterMs } as { arrivesAfterMs: number };
    expect(() => createKioskSimulator().injectFault({ fault })).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument: "fault.arrivesAfterMs" }),
    );
  });
});
