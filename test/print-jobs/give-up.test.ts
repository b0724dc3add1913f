import { describe, expect, it, vi } from "vitest";
import { KioskConnectionError } from "wise-card-kiosk";
import { Deadline } from "../../src/time/deadline.js";
import { PRINT, setStage, withMethods } from "../support/print-job-stage.js";
import { catchRejection } from "../support/transports.js";

const REASON = new Error("the clerk has left");

/** Wraps a client, and aborts a signal before or after one of its methods does its work. */
function abortedIn(method: "getProductionStatus" | "produceCard", when: "before" | "after") {
  const controller = new AbortController();
  const stage = setStage({
    wrap: (kiosk) => ({
      produceCard: async (request, options) => {
        if (method === "produceCard" && when === "before") controller.abort(REASON);
        if (method === "produceCard" && when === "after") setTimeout(() => controller.abort(REASON), 5);
        return kiosk.produceCard(request, options);
      },
      getProductionStatus: async (card, options) => {
        if (method === "getProductionStatus") setTimeout(() => controller.abort(REASON), 5);
        return kiosk.getProductionStatus(card, options);
      },
      reconcileProduction: (...given) => kiosk.reconcileProduction(...given),
    }),
  });
  return { ...stage, signal: controller.signal };
}

describe("a print whose signal aborts", () => {
  it("stores nothing if the signal has already aborted", async () => {
    const { jobs, simulator } = setStage();
    expect(await catchRejection(jobs.print(PRINT, { signal: AbortSignal.abort(REASON) }))).toBe(REASON);
    expect(await jobs.get(PRINT.id)).toBeUndefined();
    expect(simulator.requests).toEqual([]);
  });

  it("rejects with the reason of the signal during the first read, after the job was closed as not-sent", async () => {
    const { jobs, signal, simulator, requests } = abortedIn("getProductionStatus", "before");
    simulator.injectFault({ operation: "getProductionStatus", fault: "timeout" });
    expect(await catchRejection(jobs.print(PRINT, { signal }))).toBe(REASON);
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "not-sent", evidence: null, intent: null });
    expect(requests()).toBe(0);
  });

  it("closes the job as not-sent if there was no intent yet", async () => {
    const { jobs, signal, requests } = abortedIn("produceCard", "before");
    expect(await catchRejection(jobs.print(PRINT, { signal }))).toBe(REASON);
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "not-sent", intent: null });
    expect(requests()).toBe(0);
  });

  it("leaves the job to a sweep if the request may have left", async () => {
    const { jobs, signal, simulator } = abortedIn("produceCard", "after");
    simulator.injectFault({ operation: "produceCard", fault: "timeout", takesEffect: true });
    expect(await catchRejection(jobs.print(PRINT, { signal }))).toBe(REASON);
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "requested", intent: { requests: 1 } });
  });

  it("leaves the job to a sweep even if the reason of the signal is an error of this package", async () => {
    const reason = new KioskConnectionError("another call failed", { requestSent: false });
    const controller = new AbortController();
    const { jobs, simulator } = setStage({
      wrap: (kiosk) =>
        withMethods(kiosk, {
          produceCard: async (request, options) => {
            setTimeout(() => controller.abort(reason), 5);
            return kiosk.produceCard(request, options);
          },
        }),
    });
    simulator.injectFault({ operation: "produceCard", fault: "timeout", takesEffect: true });
    expect(await catchRejection(jobs.print(PRINT, { signal: controller.signal }))).toBe(reason);
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "requested", intent: { requests: 1 } });
  });

  it("rejects with the reason of the signal even if the store hangs", async () => {
    const { create, store } = setStage();
    const hanging = { ...store, jobsOf: () => new Promise<never>(() => {}) };
    const controller = new AbortController();
    setTimeout(() => controller.abort(REASON), 5);
    const printing = create({ store: hanging }).print(PRINT, { signal: controller.signal });
    expect(await catchRejection(printing)).toBe(REASON);
  });

  it("rejects with the reason of the signal even if the job cannot be closed", async () => {
    const { create, store } = setStage();
    const controller = new AbortController();
    const failing = {
      ...store,
      jobsOf: async () => {
        controller.abort(REASON);
        return [];
      },
      replace: async () => Promise.reject(new Error("the database is down")),
    };
    const printing = create({ store: failing }).print(PRINT, { signal: controller.signal });
    expect(await catchRejection(printing)).toBe(REASON);
  });
});

describe("a print whose deadline passes", () => {
  it("closes the job as not-sent during the first read", async () => {
    const { jobs, simulator, requests } = setStage();
    simulator.injectFault({ operation: "getProductionStatus", fault: "timeout" });
    expect(await jobs.print(PRINT, { deadlineMs: 30 })).toMatchObject({
      state: "not-sent",
      error: { code: "ERR_TIMEOUT" },
      intent: null,
    });
    expect(requests()).toBe(0);
  });

  it("closes the job as not-sent if the deadline has passed after the first read", async () => {
    const { jobs, requests } = setStage({
      wrap: (kiosk) => ({
        produceCard: (...given) => kiosk.produceCard(...given),
        getProductionStatus: async (card, { deadlineMs: _ignored, ...options } = {}) => {
          await new Promise((resolve) => setTimeout(resolve, 40));
          return kiosk.getProductionStatus(card, options);
        },
        reconcileProduction: (...given) => kiosk.reconcileProduction(...given),
      }),
    });
    expect(await jobs.print(PRINT, { deadlineMs: 20 })).toMatchObject({
      state: "not-sent",
      error: { code: "ERR_TIMEOUT" },
      intent: null,
    });
    expect(requests()).toBe(0);
  });

  it("leaves the job to a sweep if the request may have left", async () => {
    const { jobs, simulator } = setStage();
    simulator.injectFault({ operation: "produceCard", fault: "timeout" });
    expect(await jobs.print(PRINT, { deadlineMs: 60 })).toMatchObject({
      state: "requested",
      error: { code: "ERR_TIMEOUT" },
      intent: { requests: 1 },
    });
  });

  it.each([
    [1, "accepted"],
    [0.9, "not-sent"],
  ])("asks Wise only if at least 1 ms is left: with %d ms left, the job is %s", async (leftMs, state) => {
    const { jobs, simulator } = setStage({
      // The calls of the client have no deadline, so that the job depends on the print's own only.
      wrap: (kiosk) =>
        withMethods(kiosk, {
          getProductionStatus: (card) => kiosk.getProductionStatus(card),
          produceCard: (request) => kiosk.produceCard(request),
        }),
    });
    const left = vi.spyOn(Deadline.prototype, "leftMs", "get").mockReturnValue(leftMs);
    const job = await jobs.print(PRINT, { deadlineMs: 60_000 });
    left.mockRestore();
    expect(job.state).toBe(state);
    expect(simulator.requests).toHaveLength(state === "accepted" ? 2 : 0);
  });

  it("leaves no timer behind once the print has ended", async () => {
    const end = vi.spyOn(globalThis, "clearTimeout");
    const begin = vi.spyOn(globalThis, "setTimeout");
    const { jobs } = setStage();
    await jobs.print(PRINT, { deadlineMs: 54_321 });
    const timers = begin.mock.calls.flatMap(([, ms], index) =>
      ms === 54_321 ? [begin.mock.results[index]?.value] : [],
    );
    const ended = end.mock.calls.map(([timer]) => timer);
    vi.restoreAllMocks();
    expect(timers).toHaveLength(1);
    expect(ended).toContain(timers[0]);
  });

  it("has one deadline for the read and the request", async () => {
    const given: (number | undefined)[] = [];
    const { jobs } = setStage({
      wrap: (kiosk) => ({
        produceCard: (request, options) => {
          given.push(options?.deadlineMs);
          return kiosk.produceCard(request, options);
        },
        getProductionStatus: async (card, options) => {
          given.push(options?.deadlineMs);
          await new Promise((resolve) => setTimeout(resolve, 30));
          return kiosk.getProductionStatus(card, options);
        },
        reconcileProduction: (...args) => kiosk.reconcileProduction(...args),
      }),
    });
    await jobs.print(PRINT, { deadlineMs: 10_000 });
    const [forRead = 0, forRequest = 0] = given;
    expect(forRead).toBeLessThanOrEqual(10_000);
    expect(forRequest).toBeLessThanOrEqual(9_980);
    expect(await jobs.print({ ...PRINT, id: "job-1" })).toMatchObject({ state: "accepted" });
  });
});
