import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { type FollowOptions, KioskArgumentError, type Production } from "wise-card-kiosk";
import { createFeed, EventFeed } from "../support/event-feed.js";
import { NEVER_AGAIN, OFTEN, startCard } from "../support/followed-card.js";
import { reply, replyInTurn, startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection, createClient } from "../support/transports.js";

/** Collects the states of a watch until it ends. */
async function all(states: AsyncIterable<Production>): Promise<Production[]> {
  const seen: Production[] = [];
  for await (const production of states) seen.push(production);
  return seen;
}

describe("a watch", () => {
  it("yields the current state and each new one, and ends after PRODUCED", async () => {
    await using world = await startCard();
    const { card, kiosk } = world;
    const seen: Production[] = [];
    for await (const production of kiosk.watchProduction(CARD, { intervalMs: OFTEN })) {
      seen.push(production);
      if (production.status === "READY") card.produce();
      if (production.status === "IN_PROGRESS") card.fail("PRT_RIBBON_ENDED");
      if (production.status === "PRODUCTION_ERROR") card.produce().complete();
    }
    expect(seen.map(({ status }) => status)).toEqual(["READY", "IN_PROGRESS", "PRODUCTION_ERROR", "PRODUCED"]);
    expect(seen).toEqual(card.history.toSpliced(3, 1));
  });

  it("yields a state that is read many times once, and stays ended after PRODUCED", async () => {
    await using world = await startCard();
    const states = world.kiosk.watchProduction(CARD, { intervalMs: OFTEN });
    expect(await states.next()).toMatchObject({ done: false, value: { status: "READY" } });
    const next = states.next();
    await vi.waitFor(() => expect(world.simulator.requests.length).toBeGreaterThan(4));
    world.card.complete();
    expect(await next).toMatchObject({ done: false, value: { status: "PRODUCED" } });
    expect(await states.next()).toEqual({ done: true, value: undefined });
    expect(await states.next()).toEqual({ done: true, value: undefined });
  });

  it("yields a state once, even if its consumer changes what it gets", async () => {
    await using world = await startCard();
    const states = world.kiosk.watchProduction(CARD, { intervalMs: OFTEN });
    Object.assign((await states.next()).value ?? {}, { occurredAt: "***" });
    const next = states.next();
    await vi.waitFor(() => expect(world.simulator.requests.length).toBeGreaterThan(4));
    world.card.complete();
    expect(await next).toMatchObject({ value: { status: "PRODUCED" } });
  });

  it("yields no earlier state again if reads lag behind an event", async () => {
    await using world = await startCard({}, { now: "2026-01-01T12:00:00.250Z", readLagMs: 3000 });
    const { card, kiosk, simulator } = world;
    card.produce().fail("PRD_HOPPER_JAM");
    simulator.advanceTime(60_000);
    const states = kiosk.watchProduction(CARD, { intervalMs: OFTEN, events: createFeed(simulator) });
    const seen = [(await states.next()).value];
    card.produce();
    seen.push((await states.next()).value);
    const readsBefore = simulator.requests.length;
    const next = states.next();
    await vi.waitFor(() => expect(simulator.requests.length).toBeGreaterThan(readsBefore + 2));
    simulator.advanceTime(3000);
    card.complete();
    seen.push((await next).value);
    expect(seen.map((production) => production?.status)).toEqual(["PRODUCTION_ERROR", "IN_PROGRESS", "PRODUCED"]);
  });

  it("yields a failure again if its error code or time changes, but not if its description does", async () => {
    const failed = { status: "PRODUCTION_ERROR", kioskId: "WIS00001", occurredAt: "2026-01-01T12:00:00.100Z" };
    const bodies = [
      failed,
      { ...failed, description: "Jam" },
      { ...failed, errorCode: "PRD_HOPPER_JAM" },
      { ...failed, errorCode: "PRD_HOPPER_JAM", occurredAt: "2026-01-01T12:00:00.101Z" },
      { status: "PRODUCED" },
    ];
    await using server = await startHttpServer(replyInTurn(...bodies.map((body) => reply(200, body))));
    const seen = await all(createClient(server).watchProduction(CARD, { intervalMs: OFTEN }));
    expect(seen).toMatchObject([bodies[0], bodies[2], bodies[3], bodies[4]] as object[]);
  });

  it("rejects when maxWaitMs passes, and then ends", async () => {
    await using world = await startCard();
    const states = world.kiosk.watchProduction(CARD, { intervalMs: OFTEN, maxWaitMs: 300 });
    await states.next();
    expect(await catchRejection(states.next())).toMatchObject({
      code: "ERR_WAIT_TIMEOUT",
      message: "watchProduction: maxWaitMs passed; the last state is READY",
      lastProduction: { status: "READY" },
    });
    expect(await states.next()).toEqual({ done: true, value: undefined });
  });

  it("rejects with the error of a read that a retry does not fix, and then ends", async () => {
    await using world = await startCard();
    const states = world.kiosk.watchProduction(CARD, { intervalMs: OFTEN });
    await states.next();
    world.simulator.injectFault({ fault: { httpStatus: 404 } });
    expect(await catchRejection(states.next())).toMatchObject({ code: "ERR_NOT_FOUND" });
    expect(await states.next()).toEqual({ done: true, value: undefined });
    await sleep(5 * OFTEN);
    expect(world.simulator.requests).toHaveLength(2);
  });

  it("resolves concurrent next() calls in turn", async () => {
    await using world = await startCard();
    const states = world.kiosk.watchProduction(CARD, { intervalMs: OFTEN });
    const nexts = [states.next(), states.next(), states.next()];
    await nexts[0];
    world.card.complete();
    expect((await Promise.all(nexts)).map(({ done, value }) => (done ? "over" : value?.status))).toEqual([
      "READY",
      "PRODUCED",
      "over",
    ]);
  });

  it.each<[string, unknown]>([
    ["maxWaitMs", { maxWaitMs: 0 }],
    ["intervalMs", { intervalMs: 0 }],
    ["events", { events: {} }],
    ["deadlineMs", { deadlineMs: "1" }],
    ["options", 5],
  ])("throws immediately for an invalid %s: %o", async (argument, options) => {
    await using world = await startCard();
    const watch = () => world.kiosk.watchProduction(CARD, options as FollowOptions);
    expect(watch).toThrow(KioskArgumentError);
    expect(watch).toThrow(expect.objectContaining({ argument }));
  });

  it("leaves no listener on the signal if it is left before its first state and then asked for one", async () => {
    await using world = await startCard();
    const { signal } = new AbortController();
    const states = world.kiosk.watchProduction(CARD, { signal });
    await states.return?.();
    expect(await states.next()).toEqual({ done: true, value: undefined });
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("throws immediately for an invalid card", async () => {
    await using world = await startCard();
    const watch = () => world.kiosk.watchProduction({ ...CARD, profileId: 0 });
    expect(watch).toThrow(expect.objectContaining({ argument: "profileId" }));
  });
});

describe("a watch between two calls of next()", () => {
  it("reads nothing before the first next()", async () => {
    await using world = await startCard();
    const events = new EventFeed();
    world.kiosk.watchProduction(CARD, { intervalMs: OFTEN, events });
    await sleep(5 * OFTEN);
    expect([world.simulator.requests.length, events.asked]).toEqual([0, 0]);
  });

  it("sends no further read until the next call of next()", async () => {
    await using world = await startCard();
    const states = world.kiosk.watchProduction(CARD, { intervalMs: OFTEN });
    await states.next();
    await sleep(20 * OFTEN);
    expect(world.simulator.requests).toHaveLength(1);
    world.card.complete();
    expect(await states.next()).toMatchObject({ value: { status: "PRODUCED" } });
    expect(world.simulator.requests).toHaveLength(2);
  });

  it("sends no read after an event has resolved next(), even if a read was due soon", async () => {
    await using world = await startCard();
    world.card.produce();
    const events = createFeed(world.simulator);
    const states = world.kiosk.watchProduction(CARD, { intervalMs: 300, events });
    await states.next();
    const next = states.next();
    world.card.fail();
    expect(await next).toMatchObject({ value: { status: "PRODUCTION_ERROR" } });
    await sleep(400);
    expect(world.simulator.requests).toHaveLength(1);
  });

  it("yields the current state after a long pause, and not an older one", async () => {
    await using world = await startCard();
    const seen: string[] = [];
    for await (const { status } of world.kiosk.watchProduction(CARD, { intervalMs: OFTEN })) {
      seen.push(status);
      if (status === "PRODUCED") break;
      world.card.produce();
      await sleep(5 * OFTEN);
      world.card.fail();
      await sleep(5 * OFTEN);
      world.card.complete();
    }
    expect(seen).toEqual(["READY", "PRODUCED"]);
  });

  it("yields the state of an event from before maxWaitMs passed, and then rejects", async () => {
    await using world = await startCard();
    world.card.produce();
    const events = createFeed(world.simulator);
    const states = world.kiosk.watchProduction(CARD, { intervalMs: NEVER_AGAIN, maxWaitMs: 300, events });
    await states.next();
    world.card.fail("PRD_FEEDER_JAM");
    await sleep(350);
    expect(await states.next()).toMatchObject({ value: { status: "PRODUCTION_ERROR", errorCode: "PRD_FEEDER_JAM" } });
    expect(await catchRejection(states.next())).toMatchObject({
      code: "ERR_WAIT_TIMEOUT",
      lastProduction: { status: "PRODUCTION_ERROR" },
    });
  });
});
