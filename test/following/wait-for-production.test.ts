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
import { reply, replyInTurn, startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection, createClient, PRODUCE } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const toStatuses = (states: readonly Production[]) => states.map(({ status }) => status);

/** Creates an `onChange` that runs the next step at each change. */
function stepping(...steps: readonly (() => unknown)[]) {
  const seen: Production[] = [];
  const onChange = async (production: Production) => {
    seen.push(production);
    await steps[seen.length - 1]?.();
  };
  return { seen, onChange };
}

describe("a wait with default options", () => {
  it.each<[ProductionStatus, (card: SimulatedCard) => unknown]>([
    ["PRODUCED", (card) => card.complete()],
    ["PRODUCTION_ERROR", (card) => card.fail("PRT_RIBBON_ENDED")],
  ])("continues through READY and IN_PROGRESS and ends with %s", async (status, end) => {
    await using world = await startCard();
    const { card, kiosk } = world;
    const { seen, onChange } = stepping(
      () => card.produce(),
      () => end(card),
    );
    const last = await kiosk.waitForProduction(CARD, { intervalMs: OFTEN, onChange });
    expect(last).toEqual(card.production);
    expect(toStatuses(seen)).toEqual(["READY", "IN_PROGRESS", status]);
  });

  it("resolves with the state of the card, even if onChange changes what it gets", async () => {
    await using world = await startCard();
    world.card.complete();
    const onChange = (production: Production) => void Object.assign(production, { status: "READY", kioskId: "***" });
    expect(await world.kiosk.waitForProduction(CARD, { onChange })).toEqual(world.card.production);
  });

  it("ends with REQUEST_ERROR by default", async () => {
    await using world = await startCard({}, { assumptions: { refusalIsRead: true } });
    await world.kiosk.produceCard({ ...PRODUCE, kioskId: "WIS9" });
    const last = await world.kiosk.waitForProduction(CARD);
    expect(last).toMatchObject({ status: "REQUEST_ERROR", errorCode: "KIOSK_ID_NOT_FOUND" });
  });

  it("continues through a status that this version does not know", async () => {
    const states = ["PAUSED", "COLLECTING", "PRODUCED"].map((status) => reply(200, { status }));
    await using server = await startHttpServer(replyInTurn(...states));
    const { seen, onChange } = stepping();
    await createClient(server).waitForProduction(CARD, { intervalMs: OFTEN, onChange });
    expect(seen).toMatchObject([{ rawStatus: "PAUSED" }, { rawStatus: "COLLECTING" }, { status: "PRODUCED" }]);
  });

  it("ends with the first read if the card is produced already, and calls onChange once", async () => {
    await using world = await startCard();
    world.card.complete();
    const onChange = vi.fn();
    await world.kiosk.waitForProduction(CARD, { onChange });
    expect([world.simulator.requests.length, onChange.mock.calls.length]).toEqual([1, 1]);
  });
});

describe("the option until", () => {
  it.each<[string, WaitOptions["until"]]>([
    ["a list of statuses", ["READY", "IN_PROGRESS"]],
    ["a function", ({ status }) => status === "IN_PROGRESS"],
  ])("ends a wait by %s", async (_what, until) => {
    await using world = await startCard();
    world.card.produce();
    expect(await world.kiosk.waitForProduction(CARD, { until })).toMatchObject({ status: "IN_PROGRESS" });
  });

  it.each<[string, unknown]>([
    ["is a list without it", ["PRODUCED"]],
    ["is a function that returns nothing", () => undefined],
    ["is a function that returns null", () => null],
  ])("continues after a failure if until %s", async (_what, until) => {
    await using world = await startCard();
    const { card, kiosk } = world;
    card.produce().fail("PRD_FEEDER_EMPTY");
    const { seen, onChange } = stepping(
      () => card.produce(),
      () => card.complete(),
    );
    await kiosk.waitForProduction(CARD, { until: until as WaitOptions["until"], intervalMs: OFTEN, onChange });
    expect(toStatuses(seen)).toEqual(["PRODUCTION_ERROR", "IN_PROGRESS", "PRODUCED"]);
  });

  it.each<[string, WaitOptions["until"]]>([
    ["a list without PRODUCED", ["PRODUCTION_ERROR"]],
    ["a function that never returns true", () => false],
  ])("ends a wait at PRODUCED even with %s", async (_what, until) => {
    await using world = await startCard();
    world.card.complete();
    expect(await world.kiosk.waitForProduction(CARD, { until })).toMatchObject({ status: "PRODUCED" });
  });

  it("rejects with the error that until throws", async () => {
    await using world = await startCard();
    const failure = new Error("no");
    const until = () => {
      throw failure;
    };
    expect(await catchRejection(world.kiosk.waitForProduction(CARD, { until }))).toBe(failure);
  });
});

it.each<[string, () => Promise<boolean>]>([
  ["resolves", async () => false],
  ["rejects", () => Promise.reject(new Error("no"))],
])("rejects a wait if until returns a promise that %s", async (_what, until) => {
  await using world = await startCard();
  const wait = world.kiosk.waitForProduction(CARD, { until: until as unknown as () => boolean });
  expect(await catchRejection(wait)).toMatchObject({
    name: "KioskArgumentError",
    argument: "until",
    message: "until must be a function that returns true or false, not one that returns a promise",
  });
});

describe("the option previous", () => {
  it("does not end a wait with the failure that is retried", async () => {
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
    expect(toStatuses(seen)).toEqual(["PRODUCTION_ERROR", "IN_PROGRESS", "PRODUCTION_ERROR"]);
  });

  it("recognises the previous failure after a round trip through JSON, and with a time in whole seconds", async () => {
    await using world = await startCard({}, { now: "2026-01-01T12:00:00.250Z" });
    const failure = world.card.produce().fail("PRD_HOPPER_JAM").production as Production;
    const wait = (previous: Production) =>
      catchRejection(world.kiosk.waitForProduction(CARD, { previous, intervalMs: OFTEN, maxWaitMs: 200 }));
    const timedOut = { code: "ERR_WAIT_TIMEOUT", lastProduction: failure };
    expect(await wait(JSON.parse(JSON.stringify(failure)))).toMatchObject(timedOut);
    expect(await wait({ ...failure, occurredAt: "2026-01-01T12:00:00Z" })).toMatchObject(timedOut);
    const other = { ...failure, occurredAt: "2026-01-01T11:59:59Z" };
    expect(await world.kiosk.waitForProduction(CARD, { previous: other })).toEqual(failure);
  });

  it.each<[string, Partial<Production>]>([
    ["the failure of a later print", { status: "PRODUCTION_ERROR", occurredAt: "2026-01-01T12:00:30Z" }],
    ["the print that has just begun", { status: "IN_PROGRESS", occurredAt: "2026-01-01T12:00:50Z" }],
  ])("does not end a wait after %s with an earlier failure, which a lagging read shows", async (_what, changes) => {
    const jam = { status: "PRODUCTION_ERROR", kioskId: "WIS00001", errorCode: "PRD_HOPPER_JAM" };
    const earlier = { ...jam, occurredAt: "2026-01-01T12:00:00Z" };
    const last = { ...jam, occurredAt: "2026-01-01T12:00:50Z" };
    await using server = await startHttpServer(replyInTurn(reply(200, earlier), reply(200, last)));
    const previous = { ...last, description: null, ...changes } as Production;
    const wait = createClient(server).waitForProduction(CARD, { previous, intervalMs: OFTEN });
    expect(await wait).toMatchObject(last);
  });
});

describe("the option previous, with other details than a read", () => {
  const jam = {
    status: "PRODUCTION_ERROR",
    kioskId: "WIS00001",
    occurredAt: "2026-01-01T12:00:00.250Z",
    errorCode: "PRD_HOPPER_JAM",
  } as const;

  it.each([{ errorCode: null }, { kioskId: null }, { occurredAt: null }])(
    "the failure of previous does not end a wait if one of them has %j",
    async (missing) => {
      const previous = { ...jam, description: null };
      for (const [known, read] of [
        [previous, { ...jam, ...missing }],
        [{ ...previous, ...missing }, jam],
      ] as const) {
        await using server = await startHttpServer(replyInTurn(reply(200, read)));
        const wait = createClient(server).waitForProduction(CARD, {
          previous: known,
          intervalMs: OFTEN,
          maxWaitMs: 200,
        });
        expect(await catchRejection(wait)).toMatchObject({ code: "ERR_WAIT_TIMEOUT", lastProduction: read });
      }
    },
  );

  it("a failure without a time ends a wait once another state has been read", async () => {
    const again = { ...jam, occurredAt: null };
    const printing = { status: "IN_PROGRESS", kioskId: "WIS00001", occurredAt: null, errorCode: null };
    await using server = await startHttpServer(replyInTurn(reply(200, again), reply(200, printing), reply(200, again)));
    const wait = createClient(server).waitForProduction(CARD, {
      previous: { ...jam, description: null },
      intervalMs: OFTEN,
    });
    expect(await wait).toMatchObject(again);
    expect(server.requests).toHaveLength(3);
  });
});

describe("onChange", () => {
  it("calls onChange once for each state, however often it is read", async () => {
    await using world = await startCard();
    const { card, kiosk, simulator } = world;
    card.produce();
    const { seen, onChange } = stepping(() =>
      vi.waitFor(() => expect(simulator.requests.length).toBeGreaterThan(5)).then(() => card.complete()),
    );
    const onChangeNotAwaited = (production: Production) => void onChange(production);
    await kiosk.waitForProduction(CARD, { intervalMs: OFTEN, onChange: onChangeNotAwaited });
    expect(toStatuses(seen)).toEqual(["IN_PROGRESS", "PRODUCED"]);
  });

  it("awaits onChange", async () => {
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

  it("abandons a hanging onChange when a limit passes or the signal aborts", async () => {
    await using world = await startCard();
    const onChange = () => new Promise<void>(() => {});
    const wait = (options: object) => catchRejection(world.kiosk.waitForProduction(CARD, { onChange, ...options }));
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
  ])("ends a wait with the error of an onChange that %s, and stops reading", async (_how, fail) => {
    await using world = await startCard();
    const failure = new Error("screen unplugged");
    const wait = world.kiosk.waitForProduction(CARD, { intervalMs: OFTEN, onChange: () => fail(failure) });
    expect(await catchRejection(wait)).toBe(failure);
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
    ["a lost response", "lost-response"],
    ["a truncated body", "truncated-body"],
    ["a refused connection", "connection-refused"],
    ["a timeout", "timeout"],
  ])("repeats a read that fails with %s, as often as necessary", async (_what, fault) => {
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
    ["a body that cannot be decoded", { httpStatus: 200, body: "<html>" }, "ERR_DECODE"],
  ])("rejects a wait if a read fails with %s", async (_what, fault, code) => {
    await using world = await startCard();
    world.card.produce();
    const { onChange } = stepping(() => world.simulator.injectFault({ fault }));
    const error = await catchRejection(world.kiosk.waitForProduction(CARD, { intervalMs: OFTEN, onChange }));
    expect(error).toMatchObject({
      code,
      mayHaveTakenEffect: false,
      productionAfter: { status: "IN_PROGRESS" },
    });
    expect(world.simulator.requests).toHaveLength(2);
  });

  it("rejects a wait if the token provider fails", async () => {
    await using world = await startCard();
    const cause = new Error("sealed");
    const token = () => Promise.reject(cause);
    expect(await catchRejection(world.kiosk.waitForProduction(CARD, { token }))).toMatchObject({
      code: "ERR_TOKEN",
      cause,
    });
  });

  it("repeats a read that fails with 401 with another token, each time a token expires", async () => {
    let current = 1;
    await using world = await startCard({}, { cards: [CARD], acceptsToken: (token) => token === `token-${current}` });
    world.card.produce();
    let held = 1;
    const token = ({ rejectedToken }: { readonly rejectedToken?: string | undefined }) => {
      if (rejectedToken !== undefined) held = current;
      return `token-${held}`;
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
    expect(toStatuses(seen)).toEqual(["IN_PROGRESS", "PRODUCTION_ERROR", "PRODUCED"]);
    expect(world.exchanges.filter(({ httpStatus }) => httpStatus === 401)).toHaveLength(2);
  });
});

describe("Retry-After", () => {
  /** Starts a server that first responds with 429, and records when requests arrive. */
  async function startLimited(retryAfter: string) {
    const times: number[] = [];
    const respond = replyInTurn(
      reply(429, "", { "retry-after": retryAfter }),
      reply(200, { status: "PRODUCED", kioskId: "WIS00001" }),
    );
    const server = await startHttpServer((response, request) => {
      times.push(performance.now());
      respond(response, request);
    });
    return Object.assign(server, { times });
  }

  it.each([0, 2])("respects Retry-After with maxRetries %i", async (maxRetries) => {
    await using server = await startLimited("1");
    await createClient(server, { maxRetries }).waitForProduction(CARD, { intervalMs: OFTEN });
    const [first = 0, second = 0] = server.times;
    expect(second - first).toBeGreaterThanOrEqual(995);
    expect(server.times).toHaveLength(2);
  });

  it("rejects with the 429 as the cause if Retry-After exceeds maxWaitMs", async () => {
    await using server = await startLimited("120");
    const error = await catchRejection(
      createClient(server, { maxRetries: 2 }).waitForProduction(CARD, { intervalMs: OFTEN, maxWaitMs: 200 }),
    );
    expect(error).toBeInstanceOf(KioskWaitTimeoutError);
    expect(error).toMatchObject({ cause: { code: "ERR_RATE_LIMIT", retryAfterMs: 120_000 } });
    expect(server.times).toHaveLength(1);
  });
});

describe("a wait that exceeds its limit", () => {
  it("rejects with the last state when maxWaitMs passes", async () => {
    await using world = await startCard();
    world.card.produce();
    const error = await catchRejection(world.kiosk.waitForProduction(CARD, { intervalMs: OFTEN, maxWaitMs: 300 }));
    expect(error).toBeInstanceOf(KioskWaitTimeoutError);
    const { lastProduction, productionAfter } = error as KioskWaitTimeoutError;
    expect(lastProduction).toEqual(world.card.production);
    expect(productionAfter).toBe(lastProduction);
    expect(error).toMatchObject({ code: "ERR_WAIT_TIMEOUT", mayHaveTakenEffect: false });
    expect(error).not.toHaveProperty("cause");
    expect((error as KioskError).message).toBe("waitForProduction: maxWaitMs passed; the last state is IN_PROGRESS");
  });

  it("rejects without a state when maxWaitMs passes during the first read", async () => {
    await using server = await startHttpServer(() => {});
    const error = await catchRejection(createClient(server).waitForProduction(CARD, { maxWaitMs: 50 }));
    expect(error).toBeInstanceOf(KioskWaitTimeoutError);
    expect(error).toMatchObject({ lastProduction: undefined, message: expect.stringContaining("nothing was read") });
  });

  it("rejects with the error of the last read as the cause, but only if that read failed", async () => {
    await using world = await startCard({ maxRetries: 0 });
    world.card.produce();
    const fault = { httpStatus: 502 };
    world.simulator.injectFault({ fault });
    const wait = () => catchRejection(world.kiosk.waitForProduction(CARD, { intervalMs: OFTEN, maxWaitMs: 300 }));
    expect(await wait()).not.toHaveProperty("cause");
    world.simulator.injectFault({ fault, times: Number.POSITIVE_INFINITY });
    expect(await wait()).toMatchObject({ cause: { code: "ERR_SERVER", httpStatus: 502 } });
  });

  it.each([
    ["the call", {}, { deadlineMs: 300 }],
    ["the client", { deadlineMs: 300 }, {}],
  ])("rejects with KioskTimeoutError when the deadlineMs of %s passes", async (_owner, ofClient, ofCall) => {
    await using world = await startCard(ofClient);
    world.card.produce();
    const error = await catchRejection(world.kiosk.waitForProduction(CARD, { intervalMs: 60_000, ...ofCall }));
    expect(error).toBeInstanceOf(KioskTimeoutError);
    expect(error).toMatchObject({
      message: "waitForProduction: the call did not finish within deadlineMs",
      requestSent: true,
      mayHaveTakenEffect: false,
      productionAfter: { status: "IN_PROGRESS" },
    });
  });

  it.each<[string, boolean, string, (reads: number) => string | Promise<string>]>([
    ["the token provider hangs", false, "the token provider did not finish", () => new Promise(() => {})],
    [
      "the token provider hangs after a read",
      true,
      "the token provider did not finish",
      (reads) => (reads === 0 ? "token" : new Promise(() => {})),
    ],
    ["the response to a read does not arrive", true, "no complete response", () => "token"],
  ])("says what is missing when the deadlineMs passes while %s", async (_what, requestSent, missing, token) => {
    await using server = await startHttpServer((response, request) => {
      if (server.requests.length === 1 && missing !== "no complete response")
        reply(200, WISE_EXAMPLES.ready)(response, request);
    });
    const kiosk = createClient(server, { token: () => token(server.requests.length), deadlineMs: 300, maxRetries: 0 });
    expect(await catchRejection(kiosk.waitForProduction(CARD, { intervalMs: OFTEN }))).toMatchObject({
      name: "KioskTimeoutError",
      message: `waitForProduction: ${missing} within deadlineMs`,
      requestSent,
      mayHaveTakenEffect: false,
    });
  });
});

it("reads at growing intervals", async () => {
  await using world = await startCard();
  world.card.produce();
  await catchRejection(world.kiosk.waitForProduction(CARD, { intervalMs: 20, maxWaitMs: 1000 }));
  // With the shortest intervals, reads are due at 0, 15, 38, 71, 122, 198, 312, 482 and 738 ms; without growth, at least 50 are.
  expect(world.simulator.requests.length).toBeLessThanOrEqual(9);
  expect(world.simulator.requests.length).toBeGreaterThan(1);
});

it("reports every read as a call of its own, with one correlation id", async () => {
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

describe("an invalid option", () => {
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
  ])("rejects an invalid %s: %o", async (argument, options) => {
    await using world = await startCard();
    const error = await catchRejection(world.kiosk.waitForProduction(CARD, options as WaitOptions));
    expect(error).toBeInstanceOf(KioskArgumentError);
    expect(error).toMatchObject({ argument });
    expect(world.simulator.requests).toEqual([]);
  });

  it("accepts options that are omitted or undefined", async () => {
    await using world = await startCard();
    world.card.complete();
    const none = { maxWaitMs: undefined, intervalMs: undefined, events: undefined, until: undefined };
    const noneEither = { previous: undefined, onChange: undefined, signal: undefined };
    await world.kiosk.waitForProduction(CARD, { ...none, ...noneEither });
    expect(world.simulator.requests).toHaveLength(1);
  });
});

it("reads once, and not again before the interval has passed", async () => {
  await using world = await startCard();
  await catchRejection(world.kiosk.waitForProduction(CARD, { intervalMs: NEVER_AGAIN, maxWaitMs: 150 }));
  expect(world.simulator.requests).toHaveLength(1);
});
