import { describe, expect, it, vi } from "vitest";
import type { Production } from "wise-card-kiosk";
import { KioskPrintJobStoreError, type PrintJobStore, type PrintJobs } from "wise-card-kiosk/print-jobs";
import {
  createCardEvent,
  letTimePass,
  PRINT,
  passUntilDue,
  setStage,
  withMethods,
} from "../support/print-job-stage.js";
import { catchRejection } from "../support/transports.js";

const DOWN = new Error("the database is down");

/** Returns a store that fails at its `n`th call: before it does anything, or after it has committed. */
function failingAt(
  store: PrintJobStore,
  n: number,
  when: "before" | "after",
): PrintJobStore & { readonly calls: string[] } {
  const calls: string[] = [];
  const call = async <T>(name: string, run: () => Promise<T>): Promise<T> => {
    calls.push(name);
    const isBroken = calls.length === n;
    if (isBroken && when === "before") throw DOWN;
    const result = await run();
    if (isBroken) throw DOWN;
    return result;
  };
  return {
    calls,
    insert: (job) => call("insert", () => store.insert(job)),
    replace: (job, version) => call("replace", () => store.replace(job, version)),
    get: (id) => call("get", () => store.get(id)),
    jobsOf: (card, limit) => call("jobsOf", () => store.jobsOf(card, limit)),
    due: (query) => call("due", () => store.due(query)),
    list: (query) => call("list", () => store.list(query)),
    purge: (query) => call("purge", () => store.purge(query)),
  };
}

/** The steps of an accepted print, each with `mayHaveTakenEffect` of the error and the number of requests that have left. */
const STEPS = [
  ["insert", false, 0],
  ["jobsOf", false, 0],
  ["replace (the intent)", false, 0],
  ["replace (the outcome)", true, 1],
] as const;

describe.each(["before", "after"] as const)("a store that fails %s it has written", (when) => {
  it.each(STEPS.map((step, index) => [...step, index + 1] as const))(
    "makes print reject at %s, and sweeps decide the job without a second request",
    async (step, mayHaveTakenEffect, sent, n) => {
      const { create, store, requests, prints } = setStage();
      const failing = failingAt(store, n, when);
      const error = await catchRejection(create({ store: failing }).print(PRINT));
      expect(failing.calls.at(-1)).toBe(step.replace(/ .*/, ""));
      expect(error).toBeInstanceOf(KioskPrintJobStoreError);
      expect(error).toMatchObject({ code: "ERR_PRINT_JOB_STORE", cause: DOWN, mayHaveTakenEffect });
      expect((error as KioskPrintJobStoreError).job).toMatchObject({ id: PRINT.id });
      expect(requests()).toBe(sent);

      const jobs = create();
      letTimePass(150_000);
      await jobs.sweep();
      const job = await jobs.get(PRINT.id);
      if (step === "insert" && when === "before") expect(job).toBeUndefined();
      else expect(job?.state).toBe(sent === 1 ? "accepted" : "not-sent");
      expect(prints()).toBe(sent);
      const next = await rejectionOrValue(jobs.print({ ...PRINT, id: "job-2" }));
      expect(next).toMatchObject(sent === 1 ? { code: "ERR_PRINT_JOB_CONFLICT" } : { state: "accepted" });
      expect(prints()).toBe(1);
    },
  );

  it("makes print reject if it fails to store what an earlier job knows, and nothing was sent", async () => {
    const { create, jobs, card, store, requests } = setStage();
    await jobs.print(PRINT);
    card.fail("PRD_HOPPER_JAM");
    await jobs.apply(createCardEvent(card.production as Production));
    // Calls: insert, jobsOf, what the earlier job knows.
    const failing = failingAt(store, 3, when);
    const error = await catchRejection(create({ store: failing }).print({ ...PRINT, id: "job-2" }));
    expect(failing.calls.at(-1)).toBe("replace");
    expect(error).toMatchObject({ code: "ERR_PRINT_JOB_STORE", cause: DOWN, mayHaveTakenEffect: false });
    expect(requests()).toBe(1);
  });

  it("makes print reject if it fails to store what a read shows of a request that was refused as a repetition", async () => {
    const { create, kiosk, store, simulator } = setStage();
    const refusal = { status: "REQUEST_ERROR", kioskId: "WIS00001", errorCode: "REQUEST_ALREADY_EXISTS" };
    const body = { ...refusal, occurredAt: "2026-01-31T12:00:00.000Z", description: null };
    simulator.injectFault({ operation: "produceCard", fault: { httpStatus: 422, body } });
    // Calls: insert, jobsOf, the intent, the refusal, what the read shows.
    const failing = failingAt(store, 5, when);
    const reconcileProduction = async () => ({ outcome: "unknown", production: body }) as never;
    const client = withMethods(kiosk, { reconcileProduction });
    const error = await catchRejection(create({ store: failing, client }).print(PRINT));
    expect(failing.calls.at(-1)).toBe("replace");
    expect(error).toMatchObject({ code: "ERR_PRINT_JOB_STORE", cause: DOWN, mayHaveTakenEffect: true });
  });

  it("makes print reject with the job as it would have been written", async () => {
    const { create, store } = setStage();
    const error = (await catchRejection(
      create({ store: failingAt(store, 4, when) }).print(PRINT),
    )) as KioskPrintJobStoreError;
    expect(error.job).toMatchObject({
      state: "accepted",
      intent: { requests: 1 },
      production: { status: "IN_PROGRESS" },
    });
    expect(error.message).toContain("the card may be printing");
    expect(JSON.stringify(error)).not.toContain(PRINT.cardToken);
  });

  it("makes apply reject, and the event is applied when it is delivered again", async () => {
    const { create, jobs, card, store } = setStage();
    await jobs.print(PRINT);
    card.complete();
    const event = createCardEvent(card.production as never);
    for (const n of [1, 2]) {
      const error = await catchRejection(create({ store: failingAt(store, n, when) }).apply(event));
      expect(error).toMatchObject({ code: "ERR_PRINT_JOB_STORE", cause: DOWN, mayHaveTakenEffect: false });
    }
    expect(await jobs.apply(event)).toMatchObject({ job: { state: "produced" } });
  });

  it("makes resolve reject, and the resolution is applied when it is repeated", async () => {
    const { create, jobs, store } = setStage();
    await jobs.print(PRINT);
    letTimePass(400_000);
    const word = { outcome: "failed", by: "anna", reason: "looked" } as const;
    for (const n of [1, 2]) {
      const resolving = create({ store: failingAt(store, n, when) }).resolve(PRINT.id, word);
      expect(await catchRejection(resolving)).toMatchObject({ code: "ERR_PRINT_JOB_STORE", cause: DOWN });
    }
    expect(await jobs.resolve(PRINT.id, word)).toMatchObject({ state: "failed", evidence: "person" });
  });

  it("makes a sweep reject after it has processed the other jobs, and the next sweep closes the job", async () => {
    const { create, jobs, store, simulator } = setStage();
    simulator.addCard({ profileId: PRINT.profileId, cardToken: "other" });
    simulator.injectFault({ operation: "produceCard", fault: "connection-reset", times: 2 });
    const job = await jobs.print(PRINT);
    await jobs.print({ ...PRINT, id: "job-2", cardToken: "other" });
    passUntilDue(job);
    // Calls: due, two claims, two decisions, due.
    for (const n of [1, 2, 3, 4, 5]) {
      const error = await rejectionOrValue(create({ store: failingAt(store, n, when) }).sweep());
      const failure = { code: "ERR_PRINT_JOB_STORE", cause: DOWN, mayHaveTakenEffect: false };
      expect(error).toMatchObject(n < 4 ? failure : {});
      letTimePass(61_000);
    }
    await jobs.sweep();
    for (const { state } of await jobs.list()) expect(state).toBe("not-sent");
  });

  it.each(["get", "jobsOf", "list", "purge"] as const)("makes %s reject", async (method) => {
    const { create, store } = setStage();
    const jobs = create({ store: failingAt(store, 1, when) });
    const calls = {
      get: () => jobs.get(PRINT.id),
      jobsOf: () => jobs.jobsOf(PRINT),
      list: () => jobs.list(),
      purge: () => jobs.purge({ closedBefore: new Date() }),
    };
    expect(await catchRejection(calls[method]())).toMatchObject({
      code: "ERR_PRINT_JOB_STORE",
      cause: DOWN,
      job: undefined,
    });
  });
});

describe("a broken store", () => {
  it("has failed too if it throws instead of rejecting", async () => {
    const { create, store } = setStage();
    const throwing = {
      ...store,
      insert: () => {
        throw DOWN;
      },
    };
    expect(await catchRejection(create({ store: throwing }).print(PRINT))).toMatchObject({
      code: "ERR_PRINT_JOB_STORE",
    });
  });

  it("is not called forever if it finds another version at every write", async () => {
    const { create, store, requests, changes } = setStage();
    const replace = vi.fn(async () => "stale" as const);
    const error = await catchRejection(create({ store: { ...store, replace } }).print(PRINT));
    expect(error).toMatchObject({
      code: "ERR_PRINT_JOB_STORE",
      message: expect.stringContaining("kept changing"),
      cause: { message: "100 writes in a row found another version" },
      job: { id: PRINT.id, intent: { requests: 1 } },
      mayHaveTakenEffect: false,
    });
    expect(replace).toHaveBeenCalledTimes(100);
    expect(changes).toHaveLength(1);
    expect(requests()).toBe(0);
  });

  it("makes print resolve with what is known if the job was deleted meanwhile", async () => {
    const { create, store, requests } = setStage();
    const forgetful = { ...store, replace: async () => "stale" as const, get: async () => undefined };
    expect(await create({ store: forgetful }).print(PRINT)).toMatchObject({ state: "requested", intent: null });
    expect(requests()).toBe(0);
  });

  it("makes apply change nothing if the job was deleted meanwhile", async () => {
    const { create, jobs, store, card } = setStage();
    await jobs.print(PRINT);
    card.complete();
    const forgetful = { ...store, replace: async () => "stale" as const, get: async () => undefined };
    const applied = await create({ store: forgetful }).apply(createCardEvent(card.production as Production));
    expect(applied).toMatchObject({ outcome: "unchanged", job: { state: "accepted" } });
  });
});

async function rejectionOrValue(promise: Promise<unknown>): Promise<unknown> {
  return promise.catch((error: unknown) => error);
}

describe("a store that fails for another job of the card", () => {
  it("does not make print reject, because the job itself is stored", async () => {
    const { create, store, simulator } = setStage({ client: { maxRetries: 0 } });
    simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
    const first = await create().print(PRINT);
    passUntilDue(first);
    await create().sweep();
    simulator.card(PRINT.cardToken).produce("WIS00001");
    simulator.card(PRINT.cardToken).complete();
    const replace = async (...given: Parameters<PrintJobStore["replace"]>) => {
      if (given[0].id === PRINT.id) throw DOWN;
      return store.replace(...given);
    };
    const second = await create({ store: { ...store, replace } }).print({ ...PRINT, id: "job-2" });
    expect(second).toMatchObject({ id: "job-2", state: "not-sent" });
    expect(await store.get("job-2")).toEqual(second);
  });
});

describe("a store that resolves with something else than its results", () => {
  it.each<[keyof PrintJobStore, unknown, (jobs: PrintJobs) => Promise<unknown>]>([
    ["insert", undefined, (jobs) => jobs.print(PRINT)],
    ["insert", null, (jobs) => jobs.print(PRINT)],
    ["insert", { inserted: false }, (jobs) => jobs.print(PRINT)],
    ["insert", { inserted: false, job: null }, (jobs) => jobs.print(PRINT)],
    ["insert", { inserted: "no", job: { id: PRINT.id } }, (jobs) => jobs.print(PRINT)],
    ["jobsOf", undefined, (jobs) => jobs.print(PRINT)],
    ["replace", true, (jobs) => jobs.print(PRINT)],
    ["get", "a job", (jobs) => jobs.get(PRINT.id)],
    ["due", null, (jobs) => jobs.sweep()],
    ["list", {}, (jobs) => jobs.list()],
    ["purge", undefined, (jobs) => jobs.purge({ closedBefore: new Date() })],
  ])("causes a KioskPrintJobStoreError that names the method: %s with %j", async (method, result, call) => {
    const { create, store, requests } = setStage();
    const jobs = create({ store: { ...store, [method]: async () => result } });
    const error = await catchRejection(call(jobs));
    expect(error).toBeInstanceOf(KioskPrintJobStoreError);
    expect((error as Error).cause).toMatchObject({
      name: "TypeError",
      message: expect.stringContaining(`${method} of`),
    });
    expect(requests()).toBe(0);
  });
});
