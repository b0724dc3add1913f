import { expect, it } from "vitest";
import { type CallOptions, type Production, WiseKioskClient } from "wise-card-kiosk";
import { memoryPrintJobStore, PrintJobs } from "wise-card-kiosk/print-jobs";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { CARD, catchRejection, PRODUCE } from "../support/transports.js";

/** A signal as of the package `abort-controller`, which has neither `reason` nor `throwIfAborted`. */
class PolyfilledSignal extends EventTarget {
  aborted = false;

  abort(): void {
    this.aborted = true;
    this.dispatchEvent(new Event("abort"));
  }
}

/** Everything in this package that a caller's signal can end. */
interface World {
  readonly kiosk: WiseKioskClient;
  readonly jobs: PrintJobs;
}

function createWorld(latencyMs: number): World {
  const simulator = createKioskSimulator({ cards: [CARD], latencyMs });
  const kiosk = new WiseKioskClient(simulator.clientOptions());
  return { kiosk, jobs: new PrintJobs({ client: kiosk, store: memoryPrintJobStore() }) };
}

type Use = (world: World, options: CallOptions) => Promise<unknown>;

const USES: readonly (readonly [string, Use])[] = [
  ["produceCard", ({ kiosk }, options) => kiosk.produceCard(PRODUCE, options)],
  ["getProductionStatus", ({ kiosk }, options) => kiosk.getProductionStatus(CARD, options)],
  ["waitForProduction", ({ kiosk }, options) => kiosk.waitForProduction(CARD, { until: ["READY"], ...options })],
  ["watchProduction", ({ kiosk }, options) => kiosk.watchProduction(CARD, options).next()],
  ["print", ({ jobs }, options) => jobs.print(PRODUCE, options)],
];

/** Returns a signal and the options with it. */
function createSignal() {
  const signal = new PolyfilledSignal();
  return { signal, options: { signal: signal as unknown as AbortSignal } };
}

it.each(USES)("%s works with the signal of a polyfill", async (_name, use) => {
  expect(await use(createWorld(0), createSignal().options)).toBeDefined();
});

it.each(USES)("%s rejects with an AbortError if the signal of a polyfill aborts", async (_name, use) => {
  const { signal, options } = createSignal();
  const rejection = catchRejection(use(createWorld(60_000), options));
  setTimeout(() => signal.abort(), 20);
  expect(await rejection).toMatchObject({ name: "AbortError" });
});

it.each(USES)("%s rejects with an AbortError if the signal of a polyfill has aborted", async (_name, use) => {
  const { signal, options } = createSignal();
  signal.abort();
  expect(await catchRejection(use(createWorld(0), options))).toMatchObject({ name: "AbortError" });
});

it("a sweep works with the signal of a polyfill until it aborts", async () => {
  const { signal, options } = createSignal();
  const { jobs } = createWorld(0);
  expect(await jobs.sweep(options)).toEqual({ changed: [], left: 0 });
  signal.abort();
  expect(await catchRejection(jobs.sweep(options))).toMatchObject({ name: "AbortError" });
});

it("the fetch of the simulator works with the signal of a polyfill until it aborts", async () => {
  const simulator = createKioskSimulator({ cards: [CARD] });
  const { signal, options } = createSignal();
  const read = async () => {
    const response = await simulator.fetch("http://wise.example/v3/spend/profiles/1/cards/2/production", options);
    return (await response.json()) as Production;
  };
  expect(await read()).toBeDefined();
  signal.abort();
  expect(await catchRejection(read())).toMatchObject({ name: "AbortError" });
});
