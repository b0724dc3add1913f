import { describe, expect, it, vi } from "vitest";
import type { KioskProductionEvent, KioskWebhookEvent, Production } from "wise-card-kiosk";
import type { KioskSimulator } from "wise-card-kiosk/testing";
import { createFeed, EventFeed } from "../support/event-feed.js";
import { NEVER_AGAIN, OFTEN, startCard } from "../support/followed-card.js";
import { type Responder, reply, replyInTurn, startHttpServer } from "../support/http-server.js";
import { CARD, createClient } from "../support/transports.js";

/** Returns how many reads the simulator received. */
const countReads = ({ requests }: KioskSimulator) => requests.length;

/** Creates an event as `unwrap` returns it. */
function createEvent(production: Production, changes: Partial<KioskProductionEvent> = {}): KioskProductionEvent {
  return {
    type: "cards#card-production-status-change",
    production,
    ...CARD,
    clientId: "your-bank",
    subscriptionId: "01234567-89ab-cdef-0123-456789abcdef",
    schemaVersion: "4.0.0",
    sentAt: null,
    deliveryId: null,
    isTest: false,
    ...changes,
  };
}

/** Starts a wait that reads once and then depends on events alone. Resolves after the first read. */
async function waitByEvents(
  { kiosk, simulator }: { readonly kiosk: ReturnType<typeof createClient>; readonly simulator: KioskSimulator },
  events: AsyncIterable<KioskWebhookEvent>,
  options: object = {},
) {
  const seen: Production[] = [];
  const onChange = (production: Production) => void seen.push(production);
  const wait = kiosk.waitForProduction(CARD, { intervalMs: NEVER_AGAIN, events, onChange, ...options });
  await vi.waitFor(() => expect(seen).toHaveLength(1));
  expect(countReads(simulator)).toBe(1);
  return { wait, seen };
}

describe("an event that is certainly newer", () => {
  it.each<[string, (simulator: KioskSimulator) => unknown]>([
    ["PRODUCED", (simulator) => simulator.card(CARD.cardToken).complete()],
    ["PRODUCTION_ERROR", (simulator) => simulator.card(CARD.cardToken).fail("PRT_COVER_OPEN")],
  ])("ends a wait without another read on an event of %s", async (status, change) => {
    await using world = await startCard();
    world.card.produce();
    const { wait } = await waitByEvents(world, createFeed(world.simulator));
    change(world.simulator);
    const last = await wait;
    expect(last).toEqual(world.card.production);
    expect([last.status, countReads(world.simulator)]).toEqual([status, 1]);
  });

  it("ends a wait with a hanging first read on an event of PRODUCED", async () => {
    await using world = await startCard();
    world.card.produce();
    world.simulator.injectFault({ fault: "timeout" });
    const wait = world.kiosk.waitForProduction(CARD, { events: createFeed(world.simulator) });
    await vi.waitFor(() => expect(countReads(world.simulator)).toBe(1));
    world.card.complete();
    expect(await wait).toMatchObject({ status: "PRODUCED" });
    expect(world.exchanges).toMatchObject([{ error: "ABORTED" }]);
  });

  it("accepts an event that was in the feed before the wait began", async () => {
    await using world = await startCard();
    const events = createFeed(world.simulator);
    world.simulator.injectFault({ fault: "timeout", times: Number.POSITIVE_INFINITY });
    world.card.produce().complete();
    expect(await world.kiosk.waitForProduction(CARD, { events })).toMatchObject({ status: "PRODUCED" });
  });

  it("closes the feed without waiting for it", async () => {
    await using world = await startCard();
    world.card.produce();
    const events = createFeed(world.simulator);
    const closed = vi.spyOn(events, "return").mockReturnValue(new Promise(() => {}));
    const { wait } = await waitByEvents(world, events);
    world.card.complete();
    await wait;
    expect(closed).toHaveBeenCalledOnce();
  });
});

describe("an event that may be newer", () => {
  it("triggers an immediate read if the time of an event is in whole seconds", async () => {
    await using world = await startCard({}, { webhooks: { schemaVersion: "2.0.0" }, now: "2026-01-01T12:00:00.250Z" });
    world.card.produce();
    const { wait, seen } = await waitByEvents(world, createFeed(world.simulator));
    world.card.fail("PRD_SMARTCARD");
    expect(await wait).toEqual(world.card.production);
    expect([seen.length, countReads(world.simulator)]).toEqual([2, 2]);
  });

  it.each([["soon"], [null]])("triggers an immediate read if the time of an event is %s", async (occurredAt) => {
    await using world = await startCard();
    const production = world.card.produce().production as Production;
    const events = new EventFeed();
    const { wait } = await waitByEvents(world, events);
    world.card.fail("PRD_SMARTCARD");
    events.push(createEvent({ ...production, status: "PRODUCTION_ERROR", errorCode: "CB_TIME", occurredAt }));
    expect(await wait).toMatchObject({ errorCode: "PRD_SMARTCARD" });
    expect(countReads(world.simulator)).toBe(2);
  });

  it("triggers exactly one read for an event that may be newer", async () => {
    await using world = await startCard();
    world.card.produce();
    const events = new EventFeed();
    const { wait } = await waitByEvents(world, events, { maxWaitMs: 400 });
    const ended = wait.catch((error: unknown) => error);
    events.push(createEvent(failedAt("2026-01-01T12:00:00.000Z")));
    expect(await ended).toMatchObject({ code: "ERR_WAIT_TIMEOUT" });
    expect(countReads(world.simulator)).toBe(2);
  });

  it("triggers a second read if an event arrives during the first, which may have been processed before", async () => {
    const responses: (() => void)[] = [];
    await using server = await startHttpServer((response, request) => {
      const status = server.requests.length === 1 ? "READY" : "PRODUCTION_ERROR";
      responses.push(() => reply(200, { status })(response, request));
    });
    const events = new EventFeed();
    const wait = createClient(server).waitForProduction(CARD, { events, intervalMs: NEVER_AGAIN });
    await vi.waitFor(() => expect(responses).toHaveLength(1));
    events.push(createEvent(failedAt("2026-01-01T12:00:00.000Z")));
    await vi.waitFor(() => expect(events.asked).toBe(2));
    responses[0]?.();
    await vi.waitFor(() => expect(responses).toHaveLength(2));
    responses[1]?.();
    expect(await wait).toMatchObject({ status: "PRODUCTION_ERROR" });
  });

  it("delays the read until Retry-After has passed", async () => {
    const limited = reply(429, "", { "retry-after": "1" });
    const times: number[] = [];
    await using server = await startHttpServer((response, request) => {
      times.push(performance.now());
      const respond = times.length === 1 ? limited : reply(200, { status: "PRODUCED" });
      respond(response, request);
    });
    const events = new EventFeed();
    const wait = createClient(server).waitForProduction(CARD, { events, intervalMs: OFTEN });
    await vi.waitFor(() => expect(times).toHaveLength(1));
    events.push(createEvent(failedAt("2026-01-01T12:00:00.000Z")), createEvent(failedAt("2026-01-01T12:00:01.000Z")));
    await wait;
    expect(times).toHaveLength(2);
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(995);
  });
});

describe("an event that does not concern the wait", () => {
  const produced: Production = {
    status: "PRODUCED",
    kioskId: "WIS00001",
    occurredAt: "2026-01-01T12:00:00.000Z",
    errorCode: null,
    description: null,
  };
  const { profileId, cardToken } = CARD;

  it.each<[string, unknown]>([
    ["an event of another card", createEvent(produced, { cardToken: `${cardToken}0` })],
    ["an event of another profile", createEvent(produced, { profileId: profileId + 1 })],
    ["an event without a card", createEvent(produced, { cardToken: null })],
    ["a test notification", createEvent(produced, { isTest: true })],
    [
      "an event of another type",
      { ...createEvent(produced), type: "other", eventType: "cards#card-status-change", data: {} },
    ],
    ["an event of the known state", "known"],
    ["undefined", undefined],
    ["null", null],
    ["a string", "PRODUCED"],
    ["an undecoded event", { event_type: "cards#card-production-status-change", data: { status: "PRODUCED" } }],
    ["an event without a production", createEvent(undefined as unknown as Production)],
    ["an event with an incomplete production", createEvent({ kioskId: "WIS00001" } as Production)],
  ])("ignores %s", async (_what, event) => {
    await using world = await startCard();
    world.card.produce();
    const events = new EventFeed();
    const asked = vi.spyOn(events, "next");
    const { wait, seen } = await waitByEvents(world, queued(events));
    const given = event === "known" ? createEvent(world.card.production as Production) : event;
    events.push({ given } as unknown as KioskWebhookEvent);
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect([seen.length, countReads(world.simulator)]).toEqual([1, 1]);
    events.push({ given: createEvent(produced) } as unknown as KioskWebhookEvent);
    expect(await wait).toMatchObject({ status: "PRODUCED" });
    expect(countReads(world.simulator)).toBe(1);
  });

  /** Lets a feed carry values that cannot be pushed into it. */
  async function* queued(feed: EventFeed): AsyncGenerator<KioskWebhookEvent> {
    for await (const event of feed) yield (event as unknown as { given: KioskWebhookEvent }).given;
  }
});

describe("events out of order, late and twice", () => {
  it("yields the right states if events arrive late, twice and out of order", async () => {
    await using world = await startCard();
    const { card, kiosk, simulator } = world;
    const events = createFeed(simulator);
    const states = kiosk.watchProduction(CARD, { intervalMs: OFTEN, events });
    const seen = [(await states.next()).value];
    const held = simulator.holdDeliveries();
    card.produce().fail("PRD_HOPPER_JAM");
    held.release((deliveries) => [...deliveries, ...deliveries].toReversed());
    seen.push((await states.next()).value);
    const next = states.next();
    await vi.waitFor(() => expect(events.asked).toBe(5));
    card.produce().complete();
    seen.push((await next).value, (await states.next()).value);
    expect(seen).toEqual([card.history[0], card.history[2], card.history[4], undefined]);
  });

  it("does not end a wait for a retry with late events of the failure before it", async () => {
    await using world = await startCard();
    const { card, simulator } = world;
    const events = createFeed(simulator);
    const held = simulator.holdDeliveries();
    const failure = card.produce().fail("PRD_HOPPER_JAM").production as Production;
    const { wait, seen } = await waitByEvents(world, events, { previous: failure });
    card.produce();
    held.release(([begun, failed, again]) => [again, failed, failed, begun, failed] as never);
    await vi.waitFor(() => expect(events.asked).toBe(6));
    card.fail("PRD_HOPPER_JAM");
    const last = await wait;
    expect(last).toEqual(card.production);
    expect(last.occurredAt).not.toBe(failure.occurredAt);
    expect(seen.at(-2)).toMatchObject({ status: "IN_PROGRESS" });
  });

  it.each(["2.0.0", "4.0.0"] as const)(
    "does not end a wait for a retry with events of schema version %s that arrive after it began",
    async (schemaVersion) => {
      await using world = await startCard({}, { webhooks: { schemaVersion } });
      const { card, simulator } = world;
      const events = createFeed(simulator);
      const held = simulator.holdDeliveries();
      const failure = card.produce().fail("PRD_HOPPER_JAM").production as Production;
      simulator.advanceTime(5000);
      const begun = card.produce().production;
      const { wait, seen } = await waitByEvents(world, events, { previous: failure });
      held.release(([first, failed]) => [failed, first, failed] as never);
      await vi.waitFor(() => expect(events.asked).toBe(4));
      await vi.waitFor(() => expect(countReads(simulator)).toBeGreaterThan(1));
      expect(seen).toEqual([begun]);
      card.complete();
      expect(await wait).toMatchObject({ status: "PRODUCED" });
    },
  );

  it("does not end a print with a failure in the same second if times are in whole seconds", async () => {
    const inProgress = { status: "IN_PROGRESS", kioskId: "WIS00001", occurredAt: "2026-01-01T12:00:05.900Z" } as const;
    let state: object = { status: "READY", occurredAt: "2026-01-01T12:00:00.000Z" };
    await using server = await startHttpServer((response, request) => reply(200, state)(response, request));
    const events = new EventFeed();
    const states = createClient(server).watchProduction(CARD, { intervalMs: NEVER_AGAIN, events });
    await states.next();
    state = inProgress;
    const begun = { ...failedAt("2026-01-01T12:00:05Z"), status: "IN_PROGRESS", errorCode: null } as const;
    events.push(createEvent(begun));
    expect(await states.next()).toEqual({ done: false, value: begun });
    events.push(createEvent(failedAt("2026-01-01T12:00:05Z")));
    const next = states.next();
    await vi.waitFor(() => expect(server.requests).toHaveLength(2));
    events.push(createEvent({ ...begun, status: "PRODUCED" }));
    expect(await next).toMatchObject({ value: { status: "PRODUCED" } });
  });

  it("ignores lagging reads of a print that failed by an event in whole seconds, but not the next print", async () => {
    const inProgress = (occurredAt: string) => ({ status: "IN_PROGRESS", kioskId: "WIS00001", occurredAt });
    const failed = failedAt("2026-01-01T12:00:05Z");
    const precise = "2026-01-01T12:00:05.100Z";
    const begun = reply(200, inProgress(precise));
    const next = inProgress("2026-01-01T12:00:05.900Z");
    let respond = reply(200, { status: "READY", occurredAt: "2026-01-01T12:00:00.000Z" });
    await using server = await startHttpServer((response, request) => respond(response, request));
    const events = new EventFeed();
    const states = createClient(server).watchProduction(CARD, { intervalMs: OFTEN, events });
    await states.next();
    events.push(createEvent(failed));
    expect(await states.next()).toEqual({ done: false, value: failed });
    respond = replyInTurn(begun, begun, reply(200, failedAt(precise)), begun, reply(200, next));
    expect(await states.next()).toMatchObject({ value: next });
  });

  it("ends a wait by reads alone if all events are lost", async () => {
    await using world = await startCard();
    world.card.produce();
    const events = createFeed(world.simulator);
    world.simulator.holdDeliveries();
    const seen: string[] = [];
    const onChange = ({ status }: Production) => {
      seen.push(status);
      if (status === "IN_PROGRESS") world.card.complete();
    };
    await world.kiosk.waitForProduction(CARD, { intervalMs: OFTEN, events, onChange });
    expect(seen).toEqual(["IN_PROGRESS", "PRODUCED"]);
  });
});

it("repeats a read that an event overtook instead of accepting it", async () => {
  const inProgress = { status: "IN_PROGRESS", kioskId: "WIS00001", occurredAt: "2026-01-01T12:00:00.250Z" };
  const responses: ((body: object) => void)[] = [];
  await using server = await startHttpServer((response, request) => {
    responses.push((body) => (reply(200, body) satisfies Responder)(response, request));
  });
  const events = new EventFeed();
  const states = createClient(server).watchProduction(CARD, { intervalMs: OFTEN, events });
  const respondTo = async (count: number, body: object) => {
    await vi.waitFor(() => expect(responses).toHaveLength(count));
    responses[count - 1]?.(body);
  };
  const first = states.next();
  await respondTo(1, { status: "READY", occurredAt: "2026-01-01T11:00:00.000Z" });
  await first;
  const second = states.next();
  await vi.waitFor(() => expect(responses).toHaveLength(2));
  events.push(createEvent(failedAt("2026-01-01T12:00:00Z")));
  expect(await second).toMatchObject({ value: { status: "PRODUCTION_ERROR" } });
  const third = states.next();
  await respondTo(2, inProgress);
  await respondTo(3, failedAt("2026-01-01T12:00:00.250Z"));
  await respondTo(4, { ...inProgress, occurredAt: "2026-01-01T12:10:00.000Z" });
  expect(await third).toMatchObject({ value: { status: "IN_PROGRESS", occurredAt: "2026-01-01T12:10:00.000Z" } });
  await states.return?.();
});

describe("an event feed", () => {
  const feeds: readonly (readonly [string, () => AsyncIterable<KioskWebhookEvent>])[] = [
    ["never yields", () => new EventFeed()],
    ["ends immediately", () => (async function* () {})()],
    ["rejects immediately", () => failing(() => Promise.reject(new Error("queue gone")))],
    [
      "throws immediately",
      () =>
        failing(() => {
          throw new Error("queue gone");
        }),
    ],
    ["yields an invalid result", () => failing(async () => undefined as never)],
    [
      "cannot be opened",
      () => ({
        [Symbol.asyncIterator]() {
          throw new Error("no queue");
        },
      }),
    ],
    ["has no iterator", () => ({ [Symbol.asyncIterator]: () => undefined as never })],
    ["rejects when it is closed", () => closing(() => Promise.reject(new Error("no")))],
    [
      "throws when it is closed",
      () =>
        closing(() => {
          throw new Error("no");
        }),
    ],
    ["hangs when it is closed", () => closing(() => new Promise(() => {}))],
    ["has no return()", () => closing(undefined)],
    ["fails after an event", () => failingAfterOne()],
    ["always yields another event", () => tireless()],
  ];

  it.each(feeds)("follows a card by reads alone with a feed that %s", async (_how, events) => {
    await using world = await startCard();
    world.card.produce();
    const seen: string[] = [];
    const onChange = async ({ status }: Production) => {
      seen.push(status);
      await new Promise((resolve) => setTimeout(resolve, 20));
      if (status === "IN_PROGRESS") world.card.complete();
    };
    await world.kiosk.waitForProduction(CARD, { intervalMs: OFTEN, events: events(), onChange });
    expect(seen).toEqual(["IN_PROGRESS", "PRODUCED"]);
  });

  function failing(next: () => Promise<IteratorResult<KioskWebhookEvent>>): AsyncIterable<KioskWebhookEvent> {
    return { [Symbol.asyncIterator]: () => ({ next }) };
  }

  function closing(close: (() => Promise<never>) | undefined): AsyncIterable<KioskWebhookEvent> {
    const next = () => new Promise<never>(() => {});
    return { [Symbol.asyncIterator]: () => (close === undefined ? { next } : { next, return: close }) };
  }

  async function* tireless(): AsyncGenerator<KioskWebhookEvent> {
    for (;;) yield createEvent(failedAt("2026-01-01T12:00:00Z"), { cardToken: "another" });
  }

  async function* failingAfterOne(): AsyncGenerator<KioskWebhookEvent> {
    yield createEvent(failedAt("2026-01-01T12:00:00Z"), { cardToken: "another" });
    throw new Error("queue gone");
  }
});

function failedAt(occurredAt: string): Production {
  return { status: "PRODUCTION_ERROR", kioskId: "WIS00001", occurredAt, errorCode: null, description: null };
}
