import { beforeEach, expect, it, vi } from "vitest";
import type { PrintJob, PrintJobStore } from "wise-card-kiosk/print-jobs";
import type { FaultInjection } from "wise-card-kiosk/testing";
import { pause } from "../../src/time/wait.js";
import { PRINT, setStage, withMethods } from "../support/print-job-stage.js";
import { catchRejection } from "../support/transports.js";

vi.mock("../../src/time/wait.js", async (original) => ({ ...(await original<object>()), pause: vi.fn() }));

const pauses = vi.mocked(pause);
const DOWN = new Error("Connection terminated unexpectedly");

beforeEach(() => void pauses.mockReset().mockResolvedValue());

/** Returns a store that fails to write these versions of the job, in order, and those that it then writes. */
function failingAtVersions(store: PrintJobStore, versions: readonly number[]) {
  const left = [...versions];
  const replace = vi.fn(async (job: PrintJob, version: number) => {
    if (job.version !== left[0]) return store.replace(job, version);
    left.shift();
    throw DOWN;
  });
  return { ...store, replace };
}

const refuse = (errorCode: string): FaultInjection => ({
  operation: "produceCard",
  fault: {
    httpStatus: 422,
    body: { status: "REQUEST_ERROR", kioskId: "WIS00001", occurredAt: null, errorCode, description: null },
  },
});

// Version 2 is the intent, and version 3 what became of the request.
it.each<[string, FaultInjection | undefined, Partial<PrintJob>]>([
  ["a success", undefined, { state: "accepted", evidence: "response" }],
  ["a request that is not started", refuse("REQUEST_CREATED_BUT_NOT_STARTED"), { state: "accepted" }],
  ["a refusal", refuse("CARD_TYPE_NOT_FOUND"), { state: "refused" }],
  [
    "a rejection",
    { operation: "produceCard", fault: { httpStatus: 403 } },
    { state: "not-sent", error: { code: "ERR_PERMISSION", httpStatus: 403, errorCode: null } },
  ],
  [
    "a request in doubt",
    { operation: "produceCard", fault: "connection-reset" },
    { state: "requested", error: { code: "ERR_CONNECTION", httpStatus: null, errorCode: null } },
  ],
])(
  "a store that fails once does not lose %s: print rejects, and the job is stored a second later",
  async (_, fault, expected) => {
    const { create, store, simulator, requests } = setStage();
    if (fault !== undefined) simulator.injectFault(fault);
    const failing = failingAtVersions(store, [3]);
    const error = await catchRejection(create({ store: failing }).print(PRINT));
    expect(error).toMatchObject({ code: "ERR_PRINT_JOB_STORE", cause: DOWN, job: { version: 3, ...expected } });
    await vi.waitFor(async () => expect(await store.get(PRINT.id)).toMatchObject({ version: 3, ...expected }));
    expect(pauses.mock.calls).toEqual([[1000, undefined]]);
    expect(requests()).toBe(1);
  },
);

it("a store that fails once does not lose what a read shows of a request that was refused as a repetition", async () => {
  const { create, kiosk, store, simulator } = setStage();
  simulator.injectFault(refuse("REQUEST_ALREADY_EXISTS"));
  const production = { status: "READY", kioskId: null, occurredAt: null, errorCode: null, description: null } as const;
  const client = withMethods(kiosk, { reconcileProduction: async () => ({ outcome: "unknown", production }) });
  // Version 3 is the refusal.
  const error = await catchRejection(create({ store: failingAtVersions(store, [4]), client }).print(PRINT));
  expect(error).toMatchObject({ code: "ERR_PRINT_JOB_STORE", job: { state: "unresolved" } });
  await vi.waitFor(async () => expect(await store.get(PRINT.id)).toMatchObject({ state: "unresolved" }));
});

it("an outcome is stored after 1, 3 or 7 seconds, and a sweep decides a job whose store fails for longer", async () => {
  const { create, store } = setStage();
  const failing = failingAtVersions(store, [3, 3, 3, 3, 3]);
  await catchRejection(create({ store: failing }).print(PRINT));
  await vi.waitFor(() => expect(failing.replace).toHaveBeenCalledTimes(5));
  await new Promise((resolve) => setImmediate(resolve));
  expect(pauses.mock.calls.map(([ms]) => ms)).toEqual([1000, 2000, 4000]);
  expect(failing.replace).toHaveBeenCalledTimes(5);
  expect(await store.get(PRINT.id)).toMatchObject({ state: "requested", version: 2 });
});

it("an outcome is stored once more and then given up if the signal aborts after print has rejected", async () => {
  const { create, store } = setStage();
  const failing = failingAtVersions(store, [3, 3]);
  const controller = new AbortController();
  pauses.mockImplementation(async (_ms, signal) => {
    await new Promise((_resolve, reject) => signal?.addEventListener("abort", reject));
  });
  await catchRejection(create({ store: failing }).print(PRINT, { signal: controller.signal }));
  controller.abort();
  await vi.waitFor(() => expect(failing.replace).toHaveBeenCalledTimes(3));
  await new Promise((resolve) => setImmediate(resolve));
  expect(pauses).toHaveBeenCalledOnce();
});

it("the intent of a request is not stored later, because nothing was sent", async () => {
  const { create, store, requests } = setStage();
  await catchRejection(create({ store: failingAtVersions(store, [2]) }).print(PRINT));
  expect([pauses.mock.calls.length, requests()]).toEqual([0, 0]);
});

it("a failure before the request is not stored later, because a sweep closes the job", async () => {
  const { create, store, simulator } = setStage();
  simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 403 } });
  const error = await catchRejection(create({ store: failingAtVersions(store, [2]) }).print(PRINT));
  expect(error).toMatchObject({ code: "ERR_PRINT_JOB_STORE", job: { state: "not-sent" } });
  expect(pauses).not.toHaveBeenCalled();
});

it.each<[string, (job: PrintJob) => PrintJob | undefined]>([
  ["was deleted", () => undefined],
  ["was deleted, and another print has its id", (job) => ({ ...job, intent: null })],
  ["was deleted, and another request has left with its id", withOtherIntent],
])("an outcome is not stored for another job if its own %s", async (_, get) => {
  const { create, store } = setStage();
  const failing = failingAtVersions(store, [3]);
  const found = vi.fn(async () => get((await store.get(PRINT.id)) as PrintJob));
  await catchRejection(create({ store: { ...failing, get: found } }).print(PRINT));
  await vi.waitFor(() => expect(found).toHaveBeenCalledOnce());
  await new Promise((resolve) => setImmediate(resolve));
  expect(pauses).toHaveBeenCalledOnce();
  expect(failing.replace).toHaveBeenCalledTimes(2);
});

function withOtherIntent(job: PrintJob): PrintJob {
  return { ...job, intent: job.intent && { ...job.intent, correlationId: "of-another-print" } };
}
