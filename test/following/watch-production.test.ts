import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { type FollowOptions, KioskArgumentError, type Production } from "wise-card-kiosk";
import { EventFeed, feedOf } from "../support/event-feed.js";
import { NEVER_AGAIN, OFTEN, startCard } from "../support/followed-card.js";
import { inTurn, reply, startHttpServer } from "../support/http-server.js";
import { CARD, clientOf, rejectionOf } from "../support/transports.js";

/** The states of a watch, to its end. */
async function all(states: AsyncIterable<Production>): Promise<Production[]> {
  const seen: Production[] = [];
  for await (const production of states) seen.push(production);
  return seen;
}

describe("a watch", () => {
  it("gives the present state and then each other one, and ends after PRODUCED", async () => {
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

  it("gives a state that is read many times once, and is over when it is", async () => {
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

  it("gives a failure a second time where it has another code or time, and not where it has other words", async () => {
    const failed = { status: "PRODUCTION_ERROR", kioskId: "WIS00001", occurredAt: "2026-01-01T12:00:00.100Z" };
    const answers = [
      failed,
      { ...failed, description: "Jam" },
      { ...failed, errorCode: "PRD_HOPPER_JAM" },
      { ...failed, errorCode: "PRD_HOPPER_JAM", occurredAt: "2026-01-01T12:00:00.101Z" },
      { status: "PRODUCED" },
    ];
    await using server = await startHttpServer(inTurn(...answers.map((answer) => reply(200, answer))));
    const seen = await all(clientOf(server).watchProduction(CARD, { intervalMs: OFTEN }));
    expect(seen).toMatchObject([answers[0], answers[2], answers[3], answers[4]] as object[]);
  });

  it("rejects when maxWaitMs passed, and is over then", async () => {
    await using world = await startCard();
    const states = world.kiosk.watchProduction(CARD, { intervalMs: OFTEN, maxWaitMs: 300 });
    await states.next();
    expect(await rejectionOf(states.next())).toMatchObject({
      code: "ERR_WAIT_TIMEOUT",
      message: "watchProduction: maxWaitMs passed; the last state is READY",
      lastProduction: { status: "READY" },
    });
    expect(await states.next()).toEqual({ done: true, value: undefined });
  });

  it("rejects with the error of a read that another one would not mend, and is over then", async () => {
    await using world = await startCard();
    const states = world.kiosk.watchProduction(CARD, { intervalMs: OFTEN });
    await states.next();
    world.simulator.injectFault({ fault: { httpStatus: 404 } });
    expect(await rejectionOf(states.next())).toMatchObject({ code: "ERR_NOT_FOUND" });
    expect(await states.next()).toEqual({ done: true, value: undefined });
    await sleep(5 * OFTEN);
    expect(world.simulator.requests).toHaveLength(2);
  });

  it("answers several that ask at once in turn", async () => {
    await using world = await startCard();
    const states = world.kiosk.watchProduction(CARD, { intervalMs: OFTEN });
    const asked = [states.next(), states.next(), states.next()];
    await asked[0];
    world.card.complete();
    expect((await Promise.all(asked)).map(({ done, value }) => (done ? "over" : value?.status))).toEqual([
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
  ])("refuses %s of %o at once", async (argument, options) => {
    await using world = await startCard();
    const watch = () => world.kiosk.watchProduction(CARD, options as FollowOptions);
    expect(watch).toThrow(KioskArgumentError);
    expect(watch).toThrow(expect.objectContaining({ argument }));
  });

  it("refuses a card that is none at once", async () => {
    await using world = await startCard();
    const watch = () => world.kiosk.watchProduction({ ...CARD, profileId: 0 });
    expect(watch).toThrow(expect.objectContaining({ argument: "profileId" }));
  });
});

describe("a watch that nobody asks", () => {
  it("reads nothing before the first time", async () => {
    await using world = await startCard();
    const events = new EventFeed();
    world.kiosk.watchProduction(CARD, { intervalMs: OFTEN, events });
    await sleep(5 * OFTEN);
    expect([world.simulator.requests.length, events.asked]).toEqual([0, 0]);
  });

  it("for more reads no more", async () => {
    await using world = await startCard();
    const states = world.kiosk.watchProduction(CARD, { intervalMs: OFTEN });
    await states.next();
    await sleep(20 * OFTEN);
    expect(world.simulator.requests).toHaveLength(1);
    world.card.complete();
    expect(await states.next()).toMatchObject({ value: { status: "PRODUCED" } });
    expect(world.simulator.requests).toHaveLength(2);
  });

  it("for more after an event reads no more either, though a read was soon due", async () => {
    await using world = await startCard();
    world.card.produce();
    const events = feedOf(world.simulator);
    const states = world.kiosk.watchProduction(CARD, { intervalMs: 300, events });
    await states.next();
    const next = states.next();
    world.card.fail();
    expect(await next).toMatchObject({ value: { status: "PRODUCTION_ERROR" } });
    await sleep(400);
    expect(world.simulator.requests).toHaveLength(1);
  });

  it("for long gives what is true when it is asked again, and not what was true before", async () => {
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

  it("until maxWaitMs passed still gives what an event told meanwhile, and then rejects", async () => {
    await using world = await startCard();
    world.card.produce();
    const events = feedOf(world.simulator);
    const states = world.kiosk.watchProduction(CARD, { intervalMs: NEVER_AGAIN, maxWaitMs: 300, events });
    await states.next();
    world.card.fail("PRD_FEEDER_JAM");
    await sleep(350);
    expect(await states.next()).toMatchObject({ value: { status: "PRODUCTION_ERROR", errorCode: "PRD_FEEDER_JAM" } });
    expect(await rejectionOf(states.next())).toMatchObject({
      code: "ERR_WAIT_TIMEOUT",
      lastProduction: { status: "PRODUCTION_ERROR" },
    });
  });
});
