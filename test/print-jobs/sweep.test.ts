import { describe, expect, it, vi } from "vitest";
import type { Production } from "wise-card-kiosk";
import type { PrintJob, ProductionIntent } from "wise-card-kiosk/print-jobs";
import { ReadPace } from "../../src/print-jobs/read-pace.js";
import { letTimePass, PRINT, passUntilDue, STAGE_CARD, setStage, withMethods } from "../support/print-job-stage.js";
import { catchRejection } from "../support/transports.js";

const MINUTE = 60_000;

/** Stores a job as a process left it that died before anything was sent. */
async function orphan() {
  const stage = setStage();
  const failing = { ...stage.store, jobsOf: async () => Promise.reject(new Error("dead")) };
  await catchRejection(stage.create({ store: failing }).print(PRINT));
  return stage;
}

/** Many cards, each with a job in doubt. */
async function manyInDoubt(count: number, fault: "lost-response" | "connection-reset" = "lost-response") {
  const cards = Array.from({ length: count }, (_, n) => ({ ...STAGE_CARD, cardToken: `card-${n}` }));
  const stage = setStage({ simulator: { cards: [STAGE_CARD, ...cards] }, client: { maxRetries: 0 } });
  stage.simulator.injectFault({ operation: "produceCard", fault, times: count });
  let job: PrintJob | undefined;
  for (const [n, card] of cards.entries()) job = await stage.jobs.print({ ...PRINT, ...card, id: `job-${n}` });
  passUntilDue(job as PrintJob);
  const reads = () => stage.simulator.requests.filter(({ operation }) => operation === "getProductionStatus").length;
  return { ...stage, readsAtFirst: reads(), reads };
}

describe("sweep", () => {
  it("does nothing and reads nothing if no job is due", async () => {
    const { jobs, simulator } = setStage();
    await jobs.print(PRINT);
    const { length } = simulator.requests;
    expect(await jobs.sweep()).toEqual({ changed: [], left: 0 });
    expect(simulator.requests).toHaveLength(length);
  });

  it("closes a job whose process died before its intent, once it has lapsed, without a read", async () => {
    const { jobs, simulator } = await orphan();
    letTimePass(2 * MINUTE - 1);
    expect((await jobs.sweep()).changed).toEqual([]);
    letTimePass(1);
    expect((await jobs.sweep()).changed).toMatchObject([{ id: PRINT.id, state: "not-sent", evidence: null }]);
    expect(simulator.requests).toEqual([]);
  });

  it("makes a job unresolved if its card cannot be read, and decides it once that works", async () => {
    const { jobs, simulator, card } = setStage({ client: { maxRetries: 0 } });
    simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
    const job = await jobs.print(PRINT);
    expect(job.state).toBe("requested");
    passUntilDue(job);
    const down = simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 401 }, times: 9 });
    const { changed } = await jobs.sweep();
    expect(changed).toMatchObject([{ state: "unresolved", error: { code: "ERR_AUTHENTICATION", httpStatus: 401 } }]);
    letTimePass(MINUTE);
    expect(await jobs.sweep()).toEqual({ changed: [], left: 0 });
    down.remove();
    card.complete();
    letTimePass(2 * MINUTE);
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "produced", evidence: "read", error: null }]);
  });

  it("reads an unresolved job again after 1, 2, 4 … minutes and at most 60", async () => {
    const { jobs, simulator, store } = setStage({ client: { maxRetries: 0 } });
    simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
    const job = await jobs.print(PRINT);
    simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 401 }, times: 99 });
    passUntilDue(job);
    const pauses: number[] = [];
    for (let reads = 0; reads < 9; reads += 1) {
      await jobs.sweep();
      const dueAt = Date.parse((await store.get(PRINT.id))?.dueAt ?? "");
      pauses.push((dueAt - Date.now()) / MINUTE);
      vi.setSystemTime(dueAt);
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60]);
  });

  it("doubles the pauses of an unresolved job even if every sweep is late", async () => {
    const { jobs, simulator } = setStage({ client: { maxRetries: 0 } });
    simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
    const job = await jobs.print(PRINT);
    simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 403 }, times: 999 });
    passUntilDue(job);
    await jobs.sweep();
    const minutes: number[] = [];
    for (let minute = 1; minute <= 130; minute += 1) {
      const before = simulator.requests.length;
      letTimePass(MINUTE + 10);
      await jobs.sweep();
      if (simulator.requests.length > before) minutes.push(minute);
    }
    expect(minutes).toEqual([1, 3, 7, 15, 31, 63, 123]);
  });

  it("reads an accepted job without news after overdueMs, and makes it unresolved after staleMs", async () => {
    const { create, simulator, store, card } = setStage();
    const jobs = create({ overdueMs: MINUTE, staleMs: 3 * MINUTE });
    await jobs.print(PRINT);
    const reads = () => simulator.requests.filter(({ operation }) => operation === "getProductionStatus").length;
    for (const expected of [2, 3]) {
      letTimePass(MINUTE);
      expect(await jobs.sweep()).toEqual({ changed: [], left: 0 });
      expect(reads()).toBe(expected);
    }
    letTimePass(MINUTE);
    const { changed } = await jobs.sweep();
    expect(changed).toMatchObject([{ state: "unresolved", evidence: null, production: { status: "IN_PROGRESS" } }]);
    // The same state again is no news.
    letTimePass(MINUTE);
    expect((await jobs.sweep()).changed).toEqual([]);
    card.fail("PRD_HOPPER_JAM");
    vi.setSystemTime(Date.parse((await store.get(PRINT.id))?.dueAt ?? ""));
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "failed", evidence: "read" }]);
  });

  it("makes an accepted job unresolved after staleMs although its card cannot be read", async () => {
    const { jobs, simulator } = setStage();
    await jobs.print(PRINT);
    simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 403 }, times: 99 });
    letTimePass(6 * MINUTE);
    expect((await jobs.sweep()).changed).toEqual([]);
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "accepted", error: { code: "ERR_PERMISSION" } });
    letTimePass(60 * MINUTE);
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "unresolved" }]);
  });

  it("closes a job that followed another print as not-sent, once that print has ended without a card", async () => {
    const { jobs, card, simulator } = setStage();
    card.produce();
    expect(await jobs.print(PRINT)).toMatchObject({ state: "accepted", adopted: true });
    letTimePass(61 * MINUTE);
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "unresolved", adopted: true }]);
    const ready = { status: "READY", kioskId: null, occurredAt: "2026-01-31T10:00:00.000Z" };
    simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 200, body: ready } });
    letTimePass(MINUTE);
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "not-sent", evidence: "read" }]);
  });

  it("continues with the other jobs if a token or a read fails", async () => {
    const { jobs, simulator, create } = await manyInDoubt(4);
    simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 403 } });
    const { changed, left } = await jobs.sweep();
    expect(changed.map(({ state }) => state).sort()).toEqual(["accepted", "accepted", "accepted", "unresolved"]);
    expect(left).toBe(0);
    expect(await create().sweep()).toEqual({ changed: [], left: 0 });
  });

  it("reads each job once on two instances at the same time", async () => {
    const { create, reads, readsAtFirst, prints } = await manyInDoubt(12);
    const results = await Promise.all([
      create({ maxReadsPerSecond: 1000 }).sweep(),
      create({ maxReadsPerSecond: 1000 }).sweep(),
    ]);
    expect(
      results
        .flatMap(({ changed }) => changed)
        .map(({ id }) => id)
        .sort(),
    ).toHaveLength(12);
    expect(reads() - readsAtFirst).toBe(12);
    expect(prints()).toBe(0);
  });

  it("lets another instance process a job a minute after the one that claimed it died", async () => {
    const { jobs, create, simulator, kiosk } = setStage({ client: { maxRetries: 0 } });
    simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
    const job = await jobs.print(PRINT);
    passUntilDue(job);
    let isAsked = () => {};
    const asked = new Promise<void>((resolve) => {
      isAsked = resolve;
    });
    const hanging = {
      produceCard: kiosk.produceCard.bind(kiosk),
      getProductionStatus: kiosk.getProductionStatus.bind(kiosk),
      reconcileProduction: () => {
        isAsked();
        return new Promise<never>(() => {});
      },
    };
    void create({ client: hanging }).sweep();
    await asked;
    expect(await jobs.sweep()).toEqual({ changed: [], left: 0 });
    letTimePass(MINUTE);
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "accepted" }]);
  });

  it("processes as many jobs as the limit allows, and returns how many are left", async () => {
    const { jobs } = await manyInDoubt(5);
    expect(await jobs.sweep({ limit: 2 })).toMatchObject({ changed: [{}, {}], left: 3 });
    expect(await jobs.sweep({ limit: 2 })).toMatchObject({ changed: [{}, {}], left: 1 });
    expect(await jobs.sweep({ limit: undefined, signal: undefined })).toMatchObject({ changed: [{}], left: 0 });
  });

  it("accepts limits from 1 to 10,000", async () => {
    const { jobs } = await manyInDoubt(3);
    expect(await jobs.sweep({ limit: 1 })).toMatchObject({ changed: [{}], left: 2 });
    expect(await jobs.sweep({ limit: 10_000 })).toMatchObject({ changed: [{}, {}], left: 0 });
  });

  it("processes the due jobs in a random order", async () => {
    const { store, create } = await manyInDoubt(4);
    const claimed: string[] = [];
    const replace: typeof store.replace = async (job, version) => {
      claimed.push(job.id);
      return store.replace(job, version);
    };
    const due: typeof store.due = async (query) =>
      [...(await store.due(query))].sort((one, other) => (one.id < other.id ? -1 : 1));
    const jobs = create({ store: { ...store, due, replace } });
    const random = vi.spyOn(Math, "random");
    // The last of four changes places with the third, then the third with the first, then the second with itself.
    random.mockReturnValueOnce(0.5).mockReturnValueOnce(0).mockReturnValueOnce(0.9);
    await jobs.sweep();
    random.mockRestore();
    expect(claimed.slice(0, 4)).toEqual(["job-2", "job-0", "job-1", "job-3"]);
  });

  it("leaves a job alone that is not due by its own clock, although the store returns it", async () => {
    const { store, create, simulator } = setStage();
    const job = await create().print(PRINT);
    const { length } = simulator.requests;
    const jobs = create({ store: { ...store, due: async () => [job] } });
    expect(await jobs.sweep()).toEqual({ changed: [], left: 1 });
    expect(await store.get(PRINT.id)).toEqual(job);
    expect(simulator.requests).toHaveLength(length);
  });

  it("reports no change of a job to onChange if only its due time has moved", async () => {
    const { jobs, changes, store } = setStage();
    const job = await jobs.print(PRINT);
    const { length } = changes;
    letTimePass(6 * MINUTE);
    expect(await jobs.sweep()).toEqual({ changed: [], left: 0 });
    expect((await store.get(PRINT.id))?.version).toBe(job.version + 2);
    expect(changes).toHaveLength(length);
  });

  it.each([
    ["the status of an accepted job", "getProductionStatus", "accepted"],
    ["the intent of a job in doubt", "reconcileProduction", "requested"],
  ] as const)("reads %s, with its own signal", async (_what, method, state) => {
    const { simulator, create, kiosk } = setStage({ client: { maxRetries: 0 } });
    if (state === "requested") simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
    const job = await create().print(PRINT);
    expect(job.state).toBe(state);
    passUntilDue(job);
    const getProductionStatus = vi.fn(kiosk.getProductionStatus.bind(kiosk));
    const reconcileProduction = vi.fn(kiosk.reconcileProduction.bind(kiosk));
    const client = withMethods(kiosk, { getProductionStatus, reconcileProduction });
    const { signal } = new AbortController();
    await create({ client }).sweep({ signal });
    const read = { getProductionStatus, reconcileProduction }[method];
    expect(read).toHaveBeenCalledExactlyOnceWith(expect.anything(), expect.objectContaining({ signal }));
    expect(getProductionStatus.mock.calls.length + reconcileProduction.mock.calls.length).toBe(1);
  });

  it.each([
    ["the print, if that is longer", 60_000, 20_000, 60_000],
    ["the print, if that is longer than the default", 10_001, undefined, 10_001],
    ["its client, if that is longer", 5000, 20_000, undefined],
    ["its client, if the default is as long", 10_000, undefined, undefined],
    ["its client, if the job is of an earlier version", undefined, 20_000, undefined],
  ])("reconciles with the window of %s", async (_whose, reconcileWindowMs, clientWindowMs, expected) => {
    const { simulator, jobs, create, kiosk, store } = setStage({
      client: { maxRetries: 0, reconcileWindowMs: 10_000 },
    });
    simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
    const job = await jobs.print(PRINT, { reconcileWindowMs });
    expect(job.reconcileWindowMs).toBe(reconcileWindowMs ?? 10_000);
    const stored = { ...job, reconcileWindowMs, version: 9 };
    await store.replace(stored, job.version);
    passUntilDue(job);
    const reconcileProduction = vi.fn(kiosk.reconcileProduction.bind(kiosk));
    const client = { ...withMethods(kiosk, { reconcileProduction }), reconcileWindowMs: clientWindowMs };
    expect((await create({ client }).sweep()).changed).toMatchObject([{ state: "accepted" }]);
    expect(reconcileProduction.mock.calls).toMatchObject([[job.intent, { reconcileWindowMs: expected }]]);
  });

  it("reads each card once while the window is open by Wise's clock, and decides once it is over", async () => {
    const { jobs, reads, readsAtFirst, store, requests } = await manyInDoubt(12, "connection-reset");
    for (const job of await jobs.list()) {
      // Without a `Date`, the window ends 2 minutes later.
      const intent = { ...(job.intent as ProductionIntent), wiseAt: null, wiseAtOurs: null };
      await store.replace({ ...job, intent, version: 9 }, job.version);
    }
    expect(await jobs.sweep()).toEqual({ changed: [], left: 0 });
    expect(reads() - readsAtFirst).toBe(12);
    for (const { dueAt, intent, state, version } of await jobs.list()) {
      const afterEndMs = Date.parse(dueAt ?? "") - Date.parse(intent?.expiresAt ?? "") - 2 * MINUTE;
      expect([afterEndMs > 0, afterEndMs <= 1000]).toEqual([true, true]);
      expect([state, version]).toEqual(["requested", 11]);
    }
    expect(await jobs.sweep()).toEqual({ changed: [], left: 0 });
    letTimePass(2 * MINUTE);
    expect((await jobs.sweep()).changed).toHaveLength(12);
    expect([reads() - readsAtFirst, requests()]).toEqual([24, 12]);
  });

  it("makes a job unresolved if the `Date` of the responses does not reach the end of the window for 7 minutes", async () => {
    const { jobs, simulator, store } = setStage({ client: { maxRetries: 0 } });
    simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
    const job = await jobs.print(PRINT, { reconcileWindowMs: MINUTE });
    const intent = { ...(job.intent as ProductionIntent), wiseAt: "2026-02-01T00:00:00.000Z" };
    await store.replace({ ...job, intent, version: 9 }, job.version);
    vi.setSystemTime(Date.parse(job.dueAt ?? ""));
    expect((await jobs.sweep()).changed).toEqual([]);
    const postponed = (await store.get(PRINT.id)) as PrintJob;
    expect(Date.parse(postponed.dueAt ?? "") - Date.now()).toBe(5 * MINUTE);
    letTimePass(5 * MINUTE);
    expect((await jobs.sweep()).changed).toEqual([]);
    vi.setSystemTime(Date.parse(job.dueAt ?? "") + 7 * MINUTE - 1);
    expect((await jobs.sweep()).changed).toEqual([]);
    letTimePass(5 * MINUTE);
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "unresolved", evidence: null }]);
    letTimePass(MINUTE);
    expect((await jobs.sweep()).changed).toEqual([]);
    const { dueAt } = (await store.get(PRINT.id)) as PrintJob;
    expect(Date.parse(dueAt ?? "") - Date.now()).toBe(2 * MINUTE);
  });

  it.each([
    ["of an accepted job", "accepted"],
    ["of a job in doubt", "requested"],
  ])("counts each repeat of a read %s as a read", async (_what, state) => {
    const { simulator, jobs } = setStage({ client: { maxRetries: 3 } });
    if (state === "requested") simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
    const job = await jobs.print(PRINT, { maxRetries: 0 });
    expect(job.state).toBe(state);
    passUntilDue(job);
    const { length } = simulator.requests;
    simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 503 }, times: 2 });
    const next = vi.spyOn(ReadPace.prototype, "next");
    const { signal } = new AbortController();
    await jobs.sweep({ signal });
    expect(simulator.requests.length - length).toBe(3);
    expect(next.mock.calls).toEqual([[signal], [signal], [signal]]);
    next.mockRestore();
  });

  it("never sends a production request", async () => {
    const { jobs, requests } = await manyInDoubt(3);
    const before = requests();
    for (let minute = 0; minute < 5; minute += 1) {
      await jobs.sweep();
      letTimePass(60 * MINUTE);
    }
    expect(requests()).toBe(before);
  });

  it("rejects with the reason of its signal, and the jobs are due again later", async () => {
    const { jobs, simulator } = await manyInDoubt(3);
    const controller = new AbortController();
    const reason = new Error("shutting down");
    expect(await catchRejection(jobs.sweep({ signal: AbortSignal.abort(reason) }))).toBe(reason);
    simulator.injectFault({ operation: "getProductionStatus", fault: "timeout", times: 3 });
    setTimeout(() => controller.abort(reason), 20);
    expect(await catchRejection(jobs.sweep({ signal: controller.signal }))).toBe(reason);
    letTimePass(MINUTE);
    expect((await jobs.sweep()).changed).toMatchObject([
      { state: "accepted" },
      { state: "accepted" },
      { state: "accepted" },
    ]);
  });

  it.each(["due", "replace"] as const)(
    "rejects with the reason of its signal while `%s` of the store hangs",
    async (method) => {
      const { store, create, simulator } = setStage();
      simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
      passUntilDue(await create().print(PRINT));
      const hanging = create({ store: { ...store, [method]: () => new Promise(() => {}) } });
      const reason = new Error("shutting down");
      const controller = new AbortController();
      const sweep = hanging.sweep({ signal: controller.signal });
      setTimeout(() => controller.abort(reason), 20);
      expect(await catchRejection(sweep)).toBe(reason);
    },
  );

  it.each<[string, object]>([
    ["limit", { limit: 0 }],
    ["limit", { limit: 1.5 }],
    ["limit", { limit: 10_001 }],
    ["signal", { signal: {} }],
    ["limits", { limits: 1 }],
  ])("refuses the option %s: %j", async (argument, options) => {
    const { jobs } = setStage();
    expect(await catchRejection(jobs.sweep(options as never))).toMatchObject({ code: "ERR_ARGUMENT", argument });
  });

  it("ignores what it read if the job has another intent meanwhile", async () => {
    const { jobs, store, simulator, kiosk, create } = setStage();
    simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
    const job = await jobs.print(PRINT);
    passUntilDue(job);
    const production = {
      status: "READY",
      kioskId: null,
      occurredAt: null,
      errorCode: null,
      description: null,
    } as Production;
    const slow = {
      produceCard: kiosk.produceCard.bind(kiosk),
      getProductionStatus: kiosk.getProductionStatus.bind(kiosk),
      reconcileProduction: async () => {
        const claimed = (await store.get(PRINT.id)) as PrintJob;
        const intent = { ...(claimed.intent as NonNullable<PrintJob["intent"]>), requests: 2 };
        await store.replace({ ...claimed, intent, version: claimed.version + 1 }, claimed.version);
        return { outcome: "not-taken" as const, production };
      },
    };
    expect((await create({ client: slow }).sweep()).changed).toEqual([]);
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "requested", intent: { requests: 2 } });
  });
});
