import { describe, expect, it } from "vitest";
import { PRINT, rejectionOf, setStage } from "../support/print-job-stage.js";

const REASON = new Error("the clerk has left");

/** Aborts while the client is in one of its methods. */
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

describe("print whose signal aborts", () => {
  it("stores nothing if it has aborted before", async () => {
    const { jobs, simulator } = setStage();
    expect(await rejectionOf(jobs.print(PRINT, { signal: AbortSignal.abort(REASON) }))).toBe(REASON);
    expect(await jobs.get(PRINT.id)).toBeUndefined();
    expect(simulator.requests).toEqual([]);
  });

  it("rejects with its reason during the first read, after the job was closed as not-sent", async () => {
    const { jobs, signal, simulator, requests } = abortedIn("getProductionStatus", "before");
    simulator.injectFault({ operation: "getProductionStatus", fault: "timeout" });
    expect(await rejectionOf(jobs.print(PRINT, { signal }))).toBe(REASON);
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "not-sent", evidence: null, intent: null });
    expect(requests()).toBe(0);
  });

  it("closes the job as not-sent if there was no intent yet", async () => {
    const { jobs, signal, requests } = abortedIn("produceCard", "before");
    expect(await rejectionOf(jobs.print(PRINT, { signal }))).toBe(REASON);
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "not-sent", intent: null });
    expect(requests()).toBe(0);
  });

  it("leaves the job to a sweep if the request may have left", async () => {
    const { jobs, signal, simulator } = abortedIn("produceCard", "after");
    simulator.injectFault({ operation: "produceCard", fault: "timeout", takesEffect: true });
    expect(await rejectionOf(jobs.print(PRINT, { signal }))).toBe(REASON);
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "requested", intent: { requests: 1 } });
  });

  it("rejects with its reason although the store hangs", async () => {
    const { create, store } = setStage();
    const hanging = { ...store, jobsOf: () => new Promise<never>(() => {}) };
    const controller = new AbortController();
    setTimeout(() => controller.abort(REASON), 5);
    const printing = create({ store: hanging }).print(PRINT, { signal: controller.signal });
    expect(await rejectionOf(printing)).toBe(REASON);
  });

  it("rejects with its reason although the job cannot be closed", async () => {
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
    expect(await rejectionOf(printing)).toBe(REASON);
  });
});

describe("print whose deadline passes", () => {
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

  it("closes the job as not-sent if nothing is left of it after the first read", async () => {
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

  it("is one deadline for the read and the request", async () => {
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
