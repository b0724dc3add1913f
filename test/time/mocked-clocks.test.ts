import { mock } from "node:test";
import { afterEach, describe, expect, it, vi } from "vitest";
import { KioskTimeoutError, KioskWaitTimeoutError, WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { CARD, catchRejection, PRODUCE } from "../support/transports.js";

const never = (): Promise<never> => new Promise(() => {});
const { setImmediate } = globalThis;

/** Lets all work run that waits for no timer. */
async function runImmediateWork(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Ways in which test suites mock time. Each returns a function that advances it. */
const MOCKS: readonly (readonly [string, () => (ms: number) => unknown])[] = [
  [
    "the timers of node:test, which mock no clock",
    () => {
      mock.timers.enable({ apis: ["setTimeout"] });
      return (ms) => mock.timers.tick(ms);
    },
  ],
  [
    "the timers of node:test, which mock Date as well",
    () => {
      mock.timers.enable({ apis: ["setTimeout", "Date"] });
      return (ms) => mock.timers.tick(ms);
    },
  ],
  [
    "timers without performance.now",
    () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
      return (ms) => vi.advanceTimersByTimeAsync(ms);
    },
  ],
  [
    "timers and every clock",
    () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
      return (ms) => vi.advanceTimersByTimeAsync(ms);
    },
  ],
];

afterEach(() => {
  mock.timers.reset();
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Returns how many mocked seconds pass until `call` rejects, and its error. */
async function secondsUntilRejection(call: Promise<unknown>, move: (ms: number) => unknown, atMost: number) {
  let error: unknown;
  void catchRejection(call).then((reason) => {
    error = reason;
  });
  await runImmediateWork();
  let seconds = 0;
  for (; error === undefined && seconds < atMost; seconds += 1) {
    await move(1000);
    await runImmediateWork();
  }
  return { error, seconds };
}

describe.each(MOCKS)("mocked time: %s", (_name, enable) => {
  it("a wait of 60 s ends after 60 s", async () => {
    const simulator = createKioskSimulator({ cards: [CARD] });
    const kiosk = new WiseKioskClient(simulator.clientOptions());
    await kiosk.produceCard(PRODUCE);
    const move = enable();
    const wait = kiosk.waitForProduction(CARD, { maxWaitMs: 60_000 });
    const { error, seconds } = await secondsUntilRejection(wait, move, 600);
    expect(error).toBeInstanceOf(KioskWaitTimeoutError);
    expect(seconds).toBeGreaterThanOrEqual(59);
    expect(seconds).toBeLessThanOrEqual(61);
  });

  it("a deadline ends a call with several attempts", async () => {
    const fetch = async () => new Response("", { status: 429, headers: { "retry-after": "4" } });
    const kiosk = new WiseKioskClient({ environment: "sandbox", token: "token", fetch, maxRetries: 10 });
    const move = enable();
    const call = kiosk.produceCard(PRODUCE, { deadlineMs: 10_000 });
    const { error, seconds } = await secondsUntilRejection(call, move, 60);
    expect(error).toBeInstanceOf(KioskTimeoutError);
    expect(seconds).toBeGreaterThanOrEqual(9);
    expect(seconds).toBeLessThanOrEqual(11);
  });

  it("a deadline passes even if attempts take time and get responses", async () => {
    const fetch = () =>
      new Promise<Response>((resolve) => {
        setTimeout(() => resolve(new Response("", { status: 503 })), 3000);
      });
    const kiosk = new WiseKioskClient({ environment: "sandbox", token: "token", fetch, maxRetries: 10 });
    const move = enable();
    const call = kiosk.getProductionStatus(CARD, { deadlineMs: 10_000 });
    const { error, seconds } = await secondsUntilRejection(call, move, 60);
    expect(error).toBeInstanceOf(KioskTimeoutError);
    expect(seconds).toBe(10);
  });

  it("a wait ends even if states change and reads take time", async () => {
    let reads = 0;
    const fetch = () =>
      new Promise<Response>((resolve) => {
        reads += 1;
        const body = { status: "IN_PROGRESS", kioskId: `WIS${reads}`, occurredAt: "2026-01-01T00:00:00.000Z" };
        setTimeout(() => resolve(Response.json(body)), 3000);
      });
    const kiosk = new WiseKioskClient({ environment: "sandbox", token: "token", fetch });
    const move = enable();
    const { error, seconds } = await secondsUntilRejection(
      kiosk.waitForProduction(CARD, { maxWaitMs: 20_000 }),
      move,
      60,
    );
    expect(error).toBeInstanceOf(KioskWaitTimeoutError);
    expect(seconds).toBe(20);
  });

  it("an attempt without a response times out", async () => {
    const kiosk = new WiseKioskClient({ environment: "sandbox", token: "token", fetch: never, maxRetries: 0 });
    const move = enable();
    const { error, seconds } = await secondsUntilRejection(kiosk.produceCard(PRODUCE), move, 60);
    expect(error).toBeInstanceOf(KioskTimeoutError);
    expect(seconds).toBe(30);
  });
});

it.each(["timeoutMs", "deadlineMs"] as const)(
  "%s passes if timers stand still but one clock advances",
  async (limit) => {
    const kiosk = new WiseKioskClient({ environment: "sandbox", token: "token", fetch: never, maxRetries: 0 });
    for (const clock of [performance, Date]) {
      const call = catchRejection(kiosk.produceCard(PRODUCE, { [limit]: 60_000 }));
      await runImmediateWork();
      const now = clock.now.bind(clock);
      vi.spyOn(clock, "now").mockImplementation(() => now() + 61_000);
      expect(await call).toBeInstanceOf(KioskTimeoutError);
      vi.restoreAllMocks();
    }
  },
);

it("a wait ends if the machine was suspended for longer than the wait", async () => {
  const simulator = createKioskSimulator({ cards: [CARD] });
  const kiosk = new WiseKioskClient(simulator.clientOptions());
  const wait = catchRejection(kiosk.waitForProduction(CARD, { until: ["PRODUCED"] }));
  await runImmediateWork();
  const now = Date.now.bind(Date);
  vi.spyOn(Date, "now").mockImplementation(() => now() + 11 * 60_000);
  expect(await wait).toBeInstanceOf(KioskWaitTimeoutError);
});
