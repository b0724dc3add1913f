import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import {
  KioskArgumentError,
  type KioskError,
  KioskTimeoutError,
  KioskWaitTimeoutError,
  type Production,
  type ProductionStatus,
  type WaitOptions,
} from "wise-card-kiosk";
import type { Fault, SimulatedCard } from "wise-card-kiosk/testing";
import { NEVER_AGAIN, OFTEN, startCard } from "../support/followed-card.js";
import { inTurn, reply, startHttpServer } from "../support/http-server.js";
import { CARD, clientOf, PRODUCE, rejectionOf } from "../support/transports.js";

const statusesOf = (states: readonly Production[]) => states.map(({ status }) => status);

/** An `onChange` that takes a step of its own at each change. */
function stepping(...steps: readonly (() => unknown)[]) {
  const seen: Production[] = [];
  const onChange = async (production: Production) => {
    seen.push(production);
    await steps[seen.length - 1]?.();
  };
  return { seen, onChange };
}

describe("a wait by default", () => {
  it.each<[ProductionStatus, (card: SimulatedCard) => unknown]>([
    ["PRODUCED", (card) => card.complete()],
    ["PRODUCTION_ERROR", (card) => card.fail("PRT_RIBBON_ENDED")],
  ])("goes on through READY and IN_PROGRESS and ends at %s", async (status, end) => {
    await using world = await startCard();
    const { card, kiosk } = world;
    const { seen, onChange } = stepping(
      () => card.produce(),
      () => end(card),
    );
    const last = await kiosk.waitForProduction(CARD, { intervalMs: OFTEN, onChange });
    expect(last).toEqual(card.production);
    expect(statusesOf(seen)).toEqual(["READY", "IN_PROGRESS", status]);
  });

  it("ends at REQUEST_ERROR", async () => {
    await using world = await startCard({}, { assumptions: { refusalIsRead: true } });
    await world.kiosk.produceCard({ ...PRODUCE, kioskId: "WIS9" });
    const last = await world.kiosk.waitForProduction(CARD);
    expect(last).toMatchObject({ status: "REQUEST_ERROR", errorCode: "KIOSK_ID_NOT_FOUND" });
  });

  it("goes on through a status that this version does not know", async () => {
    const states = ["PAUSED", "COLLECTING", "PRODUCED"].map((status) => reply(200, { status }));
    await using server = await startHttpServer(inTurn(...states));
    const { seen, onChange } = stepping();
    await clientOf(server).waitForProduction(CARD, { intervalMs: OFTEN, onChange });
    expect(seen).toMatchObject([{ rawStatus: "PAUSED" }, { rawStatus: "COLLECTING" }, { status: "PRODUCED" }]);
  });

  it("ends with the first read where the card is produced already, and says nothing twice", async () => {
    await using world = await startCard();
    world.card.complete();
    const onChange = vi.fn();
    await world.kiosk.waitForProduction(CARD, { onChange });
    expect([world.simulator.requests.length, onChange.mock.calls.length]).toEqual([1, 1]);
  });
});

describe("a wait until", () => {
  it.each<[string, WaitOptions["until"]]>([
    ["a list of statuses", ["READY", "IN_PROGRESS"]],
    ["a function", ({ status }) => status === "IN_PROGRESS"],
  ])("%s ends there", async (_what, until) => {
    await using world = await startCard();
    world.card.produce();
    expect(await world.kiosk.waitForProduction(CARD, { until })).toMatchObject({ status: "IN_PROGRESS" });
  });

  it("something else goes on after a failure", async () => {
    await using world = await startCard();
    const { card, kiosk } = world;
    card.produce().fail("PRD_FEEDER_EMPTY");
    const { seen, onChange } = stepping(
      () => card.produce(),
      () => card.complete(),
    );
    await kiosk.waitForProduction(CARD, { until: ["PRODUCED"], intervalMs: OFTEN, onChange });
    expect(statusesOf(seen)).toEqual(["PRODUCTION_ERROR", "IN_PROGRESS", "PRODUCED"]);
  });

  it.each<[string, WaitOptions["until"]]>([
    ["a list without it", ["PRODUCTION_ERROR"]],
    ["a function that never says so", () => false],
  ])("PRODUCED ends with %s, for nothing follows it", async (_what, until) => {
    await using world = await startCard();
    world.card.complete();
    expect(await world.kiosk.waitForProduction(CARD, { until })).toMatchObject({ status: "PRODUCED" });
  });

  it("a function that throws rejects with that", async () => {
    await using world = await startCard();
    const failure = new Error("no");
    const until = () => {
      throw failure;
    };
    expect(await rejectionOf(world.kiosk.waitForProduction(CARD, { until }))).toBe(failure);
  });
});

describe("a wait after a failure", () => {
  it("does not end on the failure that is retried", async () => {
    await using world = await startCard({}, { cards: [{ ...CARD, outcomes: ["PRD_HOPPER_JAM"] }] });
    const { card, kiosk } = world;
    await kiosk.produceCard(PRODUCE);
    const failure = await kiosk.waitForProduction(CARD, { intervalMs: OFTEN });
    expect(failure).toMatchObject({ status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_JAM" });
    const { seen, onChange } = stepping(
      () => kiosk.produceCard({ ...PRODUCE, previous: failure }),
      () => card.fail("PRD_HOPPER_JAM"),
    );
    const again = await kiosk.waitForProduction(CARD, { previous: failure, intervalMs: OFTEN, onChange });
    expect(again).toMatchObject({ status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_JAM" });
    expect(again.occurredAt).not.toBe(failure.occurredAt);
    expect(statusesOf(seen)).toEqual(["PRODUCTION_ERROR", "IN_PROGRESS", "PRODUCTION_ERROR"]);
  });

  it("that went through JSON, or tells the time in whole seconds, knows it all the same", async () => {
    await using world = await startCard({}, { now: "2026-01-01T12:00:00.250Z" });
    const failure = world.card.produce().fail("PRD_HOPPER_JAM").production as Production;
    const wait = (after: Production) =>
      rejectionOf(world.kiosk.waitForProduction(CARD, { previous: after, intervalMs: OFTEN, maxWaitMs: 200 }));
    const timedOut = { code: "ERR_WAIT_TIMEOUT", lastProduction: failure };
    expect(await wait(JSON.parse(JSON.stringify(failure)))).toMatchObject(timedOut);
    expect(await wait({ ...failure, occurredAt: "2026-01-01T12:00:00Z" })).toMatchObject(timedOut);
    const other = { ...failure, occurredAt: "2026-01-01T11:59:59Z" };
    expect(await world.kiosk.waitForProduction(CARD, { previous: other })).toEqual(failure);
  });
});

describe("onChange", () => {
  it("hears of each state once, however often it is read", async () => {
    await using world = await startCard();
    const { card, kiosk, simulator } = world;
    card.produce();
    const { seen, onChange } = stepping(() =>
      vi.waitFor(() => expect(simulator.requests.length).toBeGreaterThan(5)).then(() => card.complete()),
    );
    const tell = (production: Production) => void onChange(production);
    await kiosk.waitForProduction(CARD, { intervalMs: OFTEN, onChange: tell });
    expect(statusesOf(seen)).toEqual(["IN_PROGRESS", "PRODUCED"]);
  });

  it("is awaited", async () => {
    await using world = await startCard();
    world.card.complete();
    let isOver = false;
    const onChange = async () => {
      await sleep(20);
      isOver = true;
    };
    await world.kiosk.waitForProduction(CARD, { onChange });
    expect(isOver).toBe(true);
  });

  it("that hangs is given up when the wait is over", async () => {
    await using world = await startCard();
    const onChange = () => new Promise<void>(() => {});
    const wait = (options: object) => rejectionOf(world.kiosk.waitForProduction(CARD, { onChange, ...options }));
    expect(await wait({ maxWaitMs: 200 })).toMatchObject({
      code: "ERR_WAIT_TIMEOUT",
      lastProduction: { status: "READY" },
    });
    expect(await wait({ deadlineMs: 200 })).toMatchObject({ code: "ERR_TIMEOUT" });
    const reason = new Error("left");
    const controller = new AbortController();
    const aborted = wait({ signal: controller.signal });
    await vi.waitFor(() => expect(world.exchanges).toHaveLength(3));
    controller.abort(reason);
    expect(await aborted).toBe(reason);
  });

  it.each([
    [
      "throws",
      (failure: Error) => {
        throw failure;
      },
    ],
    ["rejects", (failure: Error) => Promise.reject(failure)],
  ])("that %s ends the wait with that, and the reading", async (_how, fail) => {
    await using world = await startCard();
    const failure = new Error("screen unplugged");
    const wait = world.kiosk.waitForProduction(CARD, { intervalMs: OFTEN, onChange: () => fail(failure) });
    expect(await rejectionOf(wait)).toBe(failure);
    await sleep(10 * OFTEN);
    expect(world.simulator.requests).toHaveLength(1);
  });
});

describe("a read that fails", () => {
  it.each<[string, Fault]>([
    ["500", { httpStatus: 500 }],
    ["429", { httpStatus: 429, headers: { "retry-after": "0" } }],
    ["503 in HTML", { httpStatus: 503, body: "<html>" }],
    ["408", { httpStatus: 408 }],
    ["a reset connection", "connection-reset"],
    ["a lost answer", "lost-response"],
    ["a truncated body", "truncated-body"],
    ["a refused connection", "connection-refused"],
    ["a timeout", "timeout"],
  ])("with %s is made again, many times if need be", async (_what, fault) => {
    await using world = await startCard({ maxRetries: 0, timeoutMs: 100 });
    world.card.complete();
    world.simulator.injectFault({ fault, times: 4 });
    const last = await world.kiosk.waitForProduction(CARD, { intervalMs: OFTEN });
    expect(last).toMatchObject({ status: "PRODUCED" });
    expect(world.exchanges).toHaveLength(5);
    world.simulator.assertNoPendingFaults();
  });

  it.each<[string, Fault, string]>([
    ["404", { httpStatus: 404 }, "ERR_NOT_FOUND"],
    ["403", { httpStatus: 403 }, "ERR_PERMISSION"],
    ["400", { httpStatus: 400 }, "ERR_API"],
    ["401", { httpStatus: 401 }, "ERR_AUTHENTICATION"],
    ["a redirect", { httpStatus: 302, headers: { location: "/" } }, "ERR_API"],
    ["a body that is not understood", { httpStatus: 200, body: "<html>" }, "ERR_DECODE"],
  ])("with %s rejects the wait", async (_what, fault, code) => {
    await using world = await startCard();
    world.card.produce();
    const { onChange } = stepping(() => world.simulator.injectFault({ fault }));
    const error = await rejectionOf(world.kiosk.waitForProduction(CARD, { intervalMs: OFTEN, onChange }));
    expect(error).toMatchObject({
      code,
      mayHaveTakenEffect: false,
      productionAfter: { status: "IN_PROGRESS" },
    });
    expect(world.simulator.requests).toHaveLength(2);
  });

  it("for want of a token rejects the wait", async () => {
    await using world = await startCard();
    const cause = new Error("sealed");
    const token = () => Promise.reject(cause);
    expect(await rejectionOf(world.kiosk.waitForProduction(CARD, { token }))).toMatchObject({
      code: "ERR_TOKEN",
      cause,
    });
  });

  it("with 401 is made again with another token, as often as one expires", async () => {
    let current = 1;
    await using world = await startCard({}, { cards: [CARD], acceptsToken: (token) => token === `token-${current}` });
    world.card.produce();
    let given = 1;
    const token = ({ rejectedToken }: { readonly rejectedToken?: string }) => {
      if (rejectedToken !== undefined) given = current;
      return `token-${given}`;
    };
    const expire = () => {
      current += 1;
    };
    const { seen, onChange } = stepping(
      () => {
        expire();
        world.card.fail();
      },
      () => {
        expire();
        world.card.complete();
      },
    );
    await world.kiosk.waitForProduction(CARD, { token, until: ["PRODUCED"], intervalMs: OFTEN, onChange });
    expect(statusesOf(seen)).toEqual(["IN_PROGRESS", "PRODUCTION_ERROR", "PRODUCED"]);
    expect(world.exchanges.filter(({ httpStatus }) => httpStatus === 401)).toHaveLength(2);
  });
});

describe("Retry-After", () => {
  /** The times at which requests arrived. */
  async function startLimited(retryAfter: string) {
    const times: number[] = [];
    const answers = inTurn(
      reply(429, "", { "retry-after": retryAfter }),
      reply(200, { status: "PRODUCED", kioskId: "WIS00001" }),
    );
    const server = await startHttpServer((response, request) => {
      times.push(performance.now());
      answers(response, request);
    });
    return Object.assign(server, { times });
  }

  it.each([0, 2])("is obeyed, also with maxRetries %i", async (maxRetries) => {
    await using server = await startLimited("1");
    await clientOf(server, { maxRetries }).waitForProduction(CARD, { intervalMs: OFTEN });
    const [first = 0, second = 0] = server.times;
    expect(second - first).toBeGreaterThanOrEqual(995);
    expect(server.times).toHaveLength(2);
  });

  it("that is longer than the wait ends with it, and its error is the cause", async () => {
    await using server = await startLimited("120");
    const error = await rejectionOf(
      clientOf(server, { maxRetries: 2 }).waitForProduction(CARD, { intervalMs: OFTEN, maxWaitMs: 200 }),
    );
    expect(error).toBeInstanceOf(KioskWaitTimeoutError);
    expect(error).toMatchObject({ cause: { code: "ERR_RATE_LIMIT", retryAfterMs: 120_000 } });
    expect(server.times).toHaveLength(1);
  });
});

describe("a wait that takes too long", () => {
  it("by maxWaitMs rejects with the last state", async () => {
    await using world = await startCard();
    world.card.produce();
    const error = await rejectionOf(world.kiosk.waitForProduction(CARD, { intervalMs: OFTEN, maxWaitMs: 300 }));
    expect(error).toBeInstanceOf(KioskWaitTimeoutError);
    const { lastProduction, productionAfter } = error as KioskWaitTimeoutError;
    expect(lastProduction).toEqual(world.card.production);
    expect(productionAfter).toBe(lastProduction);
    expect(error).toMatchObject({ code: "ERR_WAIT_TIMEOUT", mayHaveTakenEffect: false });
    expect(error).not.toHaveProperty("cause");
    expect((error as KioskError).message).toBe("waitForProduction: maxWaitMs passed; the last state is IN_PROGRESS");
  });

  it("by maxWaitMs while the first read hangs rejects without a state", async () => {
    await using server = await startHttpServer(() => {});
    const error = await rejectionOf(clientOf(server).waitForProduction(CARD, { maxWaitMs: 50 }));
    expect(error).toBeInstanceOf(KioskWaitTimeoutError);
    expect(error).toMatchObject({ lastProduction: undefined, message: expect.stringContaining("nothing was read") });
  });

  it("by maxWaitMs while reads fail tells why they did, and not of failures that were overcome", async () => {
    await using world = await startCard({ maxRetries: 0 });
    world.card.produce();
    const fault = { httpStatus: 502 };
    world.simulator.injectFault({ fault });
    const wait = () => rejectionOf(world.kiosk.waitForProduction(CARD, { intervalMs: OFTEN, maxWaitMs: 300 }));
    expect(await wait()).not.toHaveProperty("cause");
    world.simulator.injectFault({ fault, times: Number.POSITIVE_INFINITY });
    expect(await wait()).toMatchObject({ cause: { code: "ERR_SERVER", httpStatus: 502 } });
  });

  it.each([
    ["the call", {}, { deadlineMs: 300 }],
    ["the client", { deadlineMs: 300 }, {}],
  ])("by deadlineMs of %s rejects with another error", async (_whose, ofClient, ofCall) => {
    await using world = await startCard(ofClient);
    world.card.produce();
    const error = await rejectionOf(world.kiosk.waitForProduction(CARD, { intervalMs: OFTEN, ...ofCall }));
    expect(error).toBeInstanceOf(KioskTimeoutError);
    expect(error).toMatchObject({
      message: "waitForProduction: no complete answer within deadlineMs",
      mayHaveTakenEffect: false,
      productionAfter: { status: "IN_PROGRESS" },
    });
  });
});

it("reads grow rarer", async () => {
  await using world = await startCard();
  world.card.produce();
  await rejectionOf(world.kiosk.waitForProduction(CARD, { intervalMs: 20, maxWaitMs: 1000 }));
  // With the shortest waits there are reads at 0, 15, 38, 71, 122, 198, 312, 482 and 738 ms, without growth at least 50.
  expect(world.simulator.requests.length).toBeLessThanOrEqual(9);
  expect(world.simulator.requests.length).toBeGreaterThan(1);
});

it("every read is told of as one of its own, under one correlation id", async () => {
  await using world = await startCard({ maxRetries: 1 });
  world.simulator.injectFault({ fault: { httpStatus: 503, headers: { "retry-after": "0" } } });
  const { onChange } = stepping(() => world.card.complete());
  await world.kiosk.waitForProduction(CARD, { intervalMs: OFTEN, onChange, correlationId: "counter-7" });
  expect(world.exchanges).toMatchObject([
    { operation: "getProductionStatus", purpose: "call", attempt: 1, httpStatus: 503, retryInMs: 0 },
    { operation: "getProductionStatus", purpose: "call", attempt: 2, httpStatus: 200 },
    { operation: "getProductionStatus", purpose: "call", attempt: 1, httpStatus: 200 },
  ]);
  expect(new Set(world.exchanges.map(({ correlationId }) => correlationId))).toEqual(new Set(["counter-7"]));
});

describe("an option is refused", () => {
  it.each<[string, unknown]>([
    ["maxWaitMs", { maxWaitMs: 0 }],
    ["maxWaitMs", { maxWaitMs: Number.NaN }],
    ["maxWaitMs", { maxWaitMs: 2 ** 31 }],
    ["intervalMs", { intervalMs: "1000" }],
    ["intervalMs", { intervalMs: -1 }],
    ["events", { events: [] }],
    ["events", { events: null }],
    ["until", { until: [] }],
    ["until", { until: ["DONE"] }],
    ["until", { until: "PRODUCED" }],
    ["until", { until: 7 }],
    ["until", { until: new Set(["PRODUCED"]) }],
    ["previous", { previous: "PRODUCTION_ERROR" }],
    ["previous", { previous: {} }],
    ["onChange", { onChange: true }],
    ["signal", { signal: {} }],
    ["timeoutMs", { timeoutMs: 0 }],
    ["options", null],
  ])("%s of %o", async (argument, options) => {
    await using world = await startCard();
    const error = await rejectionOf(world.kiosk.waitForProduction(CARD, options as WaitOptions));
    expect(error).toBeInstanceOf(KioskArgumentError);
    expect(error).toMatchObject({ argument });
    expect(world.simulator.requests).toEqual([]);
  });

  it("that is left out or undefined is not", async () => {
    await using world = await startCard();
    world.card.complete();
    const none = { maxWaitMs: undefined, intervalMs: undefined, events: undefined, until: undefined };
    const noneEither = { previous: undefined, onChange: undefined, signal: undefined };
    await world.kiosk.waitForProduction(CARD, { ...none, ...noneEither });
    expect(world.simulator.requests).toHaveLength(1);
  });
});

it("a wait reads once, and then not before its interval is over", async () => {
  await using world = await startCard();
  await rejectionOf(world.kiosk.waitForProduction(CARD, { intervalMs: NEVER_AGAIN, maxWaitMs: 150 }));
  expect(world.simulator.requests).toHaveLength(1);
});
