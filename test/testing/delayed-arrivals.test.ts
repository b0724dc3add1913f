import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createKioskSimulator, type KioskSimulator } from "../../src/testing/index.js";
import { ADAPTERS, type Adapter, sendThrough } from "../support/simulator-adapters.js";
import { collectUncaughtErrors } from "../support/uncaught-errors.js";

const CARDS = [{ profileId: 123456, cardToken: "card" }];
const NOW = "2026-01-01T12:00:00.000Z";

describe.each(Object.entries(ADAPTERS))("a delayed request through %s", (_name, open) => {
  let simulator: KioskSimulator;
  let adapter: Adapter;

  beforeEach(async () => {
    simulator = createKioskSimulator({ cards: CARDS, now: NOW });
    adapter = await open(simulator);
  });
  afterEach(() => adapter.close());

  const put = () => sendThrough(adapter, simulator, "PUT", { kioskId: "WIS00001" });
  const statuses = () => simulator.card("card").history.map(({ status }) => status);

  it("a delayed request gets no response and takes effect when it arrives", async () => {
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

  it("a delayed request can be overtaken, and meets the state of the card at its arrival", async () => {
    simulator.injectFault({ fault: { arrivesAfterMs: 500 } });
    await expect(put()).rejects.toThrow();
    expect((await put()).status).toBe(200);
    simulator.card("card").fail("PRD_HOPPER_JAM");
    simulator.advanceTime(500);
    expect(statuses()).toEqual(["READY", "IN_PROGRESS", "PRODUCTION_ERROR", "IN_PROGRESS"]);
  });

  it("a delayed request takes no effect if takesEffect is false, or if it is refused on arrival", async () => {
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

  it("a delayed request does not arrive after a reset", async () => {
    simulator.injectFault({ fault: { arrivesAfterMs: 500 } });
    await expect(put()).rejects.toThrow();
    simulator.reset();
    simulator.advanceTime(1000);
    expect([statuses(), simulator.requests]).toEqual([["READY"], []]);
  });

  it("a delayed request arrives by the system clock if the simulator follows it", async () => {
    const following = createKioskSimulator({ cards: CARDS });
    const ownAdapter = await open(following);
    try {
      following.injectFault({ fault: { arrivesAfterMs: 20 } });
      await expect(sendThrough(ownAdapter, following, "PUT", { kioskId: "WIS00001" })).rejects.toThrow();
      await expect.poll(() => following.card("card").production?.status).toBe("IN_PROGRESS");
    } finally {
      await ownAdapter.close();
    }
  });
});

describe("delayed requests", () => {
  afterEach(() => vi.useRealTimers());

  it("delayed requests arrive in the order of their arrival times", async () => {
    const simulator = createKioskSimulator({ cards: CARDS, now: NOW });
    const adapter = await ADAPTERS.fetch(simulator);
    for (const arrivesAfterMs of [300, 100]) {
      simulator.injectFault({ fault: { arrivesAfterMs } });
      const path = `/v3/spend/profiles/1/cards/${arrivesAfterMs}/production`;
      await expect(adapter.send({ method: "GET", path, headers: {} })).rejects.toThrow();
    }
    simulator.advanceTime(1000);
    expect(simulator.requests.map(({ path }) => path.match(/\d+(?=\/production)/)?.[0])).toEqual(["100", "300"]);
  });

  it.each<[string, Parameters<typeof vi.useFakeTimers>[0]]>([
    ["timers and Date", {}],
    ["Date alone", { toFake: ["Date"] }],
    ["timers alone", { toFake: ["setTimeout", "clearTimeout"] }],
  ])("a delayed request arrives under mocks of %s", async (_mocked, config) => {
    vi.useFakeTimers(config);
    const simulator = createKioskSimulator({ cards: CARDS });
    const adapter = await ADAPTERS.fetch(simulator);
    simulator.injectFault({ fault: { arrivesAfterMs: 60_000 } });
    await expect(sendThrough(adapter, simulator, "PUT", { kioskId: "WIS00001" })).rejects.toThrow();
    expect(simulator.card("card").production?.status).toBe("READY");
    if (config?.toFake?.includes("Date")) vi.setSystemTime(Date.now() + 60_000);
    else vi.advanceTimersByTime(60_000);
    expect(simulator.card("card").production?.status).toBe("IN_PROGRESS");
  });

  it("an exception of acceptsToken when a request arrives becomes an uncaught error, and later requests arrive", async () => {
    const failures = collectUncaughtErrors();
    let isValid = false;
    const acceptsToken = () => {
      if (isValid) return true;
      throw new Error("wrong token");
    };
    const simulator = createKioskSimulator({ cards: CARDS, acceptsToken });
    const adapter = await ADAPTERS.fetch(simulator);
    const put = async () => {
      simulator.injectFault({ fault: { arrivesAfterMs: 1 } });
      await expect(sendThrough(adapter, simulator, "PUT", { kioskId: "WIS00001" })).rejects.toThrow("fetch failed");
    };
    await put();
    await vi.waitFor(() => expect(failures).toEqual([new Error("wrong token")]));
    isValid = true;
    await put();
    await expect.poll(() => simulator.card("card").production?.status).toBe("IN_PROGRESS");
  });

  it("assertNoPendingFaults() names a delay that no request consumed", () => {
    const simulator = createKioskSimulator();
    simulator.injectFault({ operation: "produceCard", fault: { arrivesAfterMs: 20 } });
    expect(() => simulator.assertNoPendingFaults()).toThrow("arrival after 20 ms for produceCard");
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY, "20", null])("rejects a delay of %j ms", (arrivesAfterMs) => {
    const fault = { arrivesAfterMs } as { arrivesAfterMs: number };
    expect(() => createKioskSimulator().injectFault({ fault })).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument: "fault.arrivesAfterMs" }),
    );
  });
});
