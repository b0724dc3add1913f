import { describe, expect, it } from "vitest";
import type { Production } from "wise-card-kiosk";
import {
  isOpenPrintJob,
  nextPrintJob,
  type PrintJob,
  type PrintJobState,
  tallyPrintJobs,
} from "wise-card-kiosk/print-jobs";
import {
  createCardEvent,
  letTimePass,
  PRINT,
  passUntilDue,
  setStage,
  withMethods,
} from "../support/print-job-stage.js";
import { catchRejection } from "../support/transports.js";

/** Stores a job as a later version of the package would have written it. */
async function setStageWithJob(change: Partial<Record<keyof PrintJob, unknown>> & Record<string, unknown>) {
  const stage = setStage({ client: { maxRetries: 0 } });
  stage.simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
  const job = await stage.jobs.print(PRINT);
  const later = { ...job, ...change, version: job.version + 1 } as unknown as PrintJob;
  await stage.store.replace(later, job.version);
  return { ...stage, job, later };
}

const BASE = { kioskId: PRINT.kioskId, description: null, errorCode: null } as const;

describe("a job of a newer format", () => {
  it("is returned unchanged, and neither swept nor changed by events", async () => {
    const { jobs, later, store, card } = await setStageWithJob({ format: 2, addedLater: [1] });
    expect(await jobs.get(PRINT.id)).toEqual(later);
    expect(await jobs.jobsOf(PRINT)).toEqual([later]);
    passUntilDue(later);
    // Nothing is left that another sweep of this version could process.
    expect(await jobs.sweep()).toEqual({ changed: [], left: 0 });
    card.complete();
    const event = createCardEvent(card.production as Production);
    expect(await jobs.apply(event)).toEqual({ outcome: "unchanged", job: later });
    expect(await store.get(PRINT.id)).toEqual(later);
  });

  it("is returned by a print with the same id, and is a conflict for a print with another id", async () => {
    const { jobs, later, requests } = await setStageWithJob({ format: 2 });
    const before = requests();
    expect(await jobs.print(PRINT)).toEqual(later);
    expect(await catchRejection(jobs.print({ ...PRINT, id: "job-2" }))).toMatchObject({ job: later });
    expect(requests()).toBe(before);
  });

  it("is a conflict for resolve while it is open, and is returned unchanged once it is closed", async () => {
    const word = { outcome: "failed", by: "anna", reason: "looked" } as const;
    const open = await setStageWithJob({ format: 2, state: "unresolved" });
    passUntilDue(open.later);
    expect(await catchRejection(open.jobs.resolve(PRINT.id, word))).toMatchObject({
      code: "ERR_PRINT_JOB_CONFLICT",
      message: `The print job "${PRINT.id}" was written by a later version of this package. Resolve it with that version.`,
      job: open.later,
    });
    const closed = await setStageWithJob({ format: 2, state: "produced", dueAt: null });
    expect(await closed.jobs.resolve(PRINT.id, word)).toEqual(closed.later);
  });

  it("does not keep jobs of this format from being swept, however many newer jobs there are", async () => {
    const { jobs, store, later } = await setStageWithJob({ format: 2, dueAt: "2026-01-01T00:00:00.000Z" });
    for (let n = 0; n < 7; n += 1) {
      await store.insert({ ...later, id: `newer-${n}`, cardToken: `newer-${n}` });
    }
    const dueAt = new Date(Date.now() - 1000).toISOString();
    await store.insert({ ...later, format: 1, intent: null, state: "requested", id: "own", cardToken: "own", dueAt });
    expect((await jobs.sweep({ limit: 2 })).changed).toMatchObject([{ id: "own", state: "not-sent" }]);
  });

  it("is replaced in a sweep by as many jobs of this format as the limit leaves room for", async () => {
    const { jobs, create, store, later } = await setStageWithJob({ format: 2, dueAt: "2026-01-01T00:00:00.000Z" });
    const dueAt = new Date(Date.now() - 1000).toISOString();
    const lapsed = { ...later, format: 1, intent: null, state: "requested", dueAt } as const;
    for (let n = 0; n < 4; n += 1) await store.insert({ ...lapsed, id: `own-${n}`, cardToken: `own-${n}` });
    const limits: number[] = [];
    const due: typeof store.due = async ({ before, limit }) => {
      limits.push(limit);
      const all = await store.due({ before, limit: 99 });
      // Another instance closes the newer job after the first query.
      return all.filter(({ format }) => format === 1 || limits.length === 1).slice(0, limit);
    };
    const { changed } = await create({ store: { ...store, due } }).sweep({ limit: 2 });
    expect(limits).toEqual([2, 3, 1000]);
    expect(changed).toHaveLength(2);
    expect((await jobs.sweep()).changed).toHaveLength(2);
  });

  it("does not slow a sweep down: each query for due jobs asks for at least twice as many as the one before", async () => {
    const { create, store, later } = await setStageWithJob({ format: 2, dueAt: "2026-01-01T00:00:00.000Z" });
    for (let n = 1; n < 100; n += 1) await store.insert({ ...later, id: `newer-${n}`, cardToken: `newer-${n}` });
    const limits: number[] = [];
    const due: typeof store.due = async (query) => {
      limits.push(query.limit);
      return store.due(query);
    };
    expect(await create({ store: { ...store, due } }).sweep({ limit: 3 })).toEqual({ changed: [], left: 0 });
    expect(limits).toEqual([3, 6, 12, 24, 48, 96, 192, 1000]);
  });

  it("prevents the next print of its card if it was produced", async () => {
    const { jobs, requests } = await setStageWithJob({ format: 2, state: "produced", dueAt: null });
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({ state: "not-sent", intent: null });
    expect(requests()).toBe(1);
  });

  it.each([
    ["another shape", "produced"],
    ["no time", { ...BASE, status: "PRODUCED", occurredAt: undefined }],
    ["a time that is a number", { ...BASE, status: "IN_PROGRESS", occurredAt: 5 }],
  ])("does not keep the card from being printed if the states of the card in it have %s", async (_, production) => {
    const { jobs, card } = await setStageWithJob({
      format: 2,
      state: "failed",
      dueAt: null,
      known: production,
      production,
    });
    card.fail("PRD_HOPPER_JAM");
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({ state: "accepted", adopted: false });
  });

  it("does not keep the card from being printed if it lacks fields that this version reads", async () => {
    const missing = { known: undefined, production: undefined, intent: undefined };
    const { jobs, card } = await setStageWithJob({ format: 2, state: "failed", dueAt: null, ...missing });
    card.fail("PRD_HOPPER_JAM");
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({ state: "accepted", adopted: false });
  });
});

const { id: ID, ...CARD } = { id: "bare", profileId: "123456", cardToken: PRINT.cardToken };
const STATES = [undefined, "paused", "unresolved", "produced", "failed", "refused", "not-sent"] as const;

/** Returns a job of a later format with nothing but what every job must have. */
const createBareJob = (state: string | undefined) =>
  ({ format: 2, id: ID, ...CARD, version: 7, ...(state === undefined ? {} : { state }) }) as unknown as PrintJob;

describe("a job of a newer format that lacks every field that it may lack", () => {
  it.each(STATES)("is reported by every method and left alone in the state %s", async (state) => {
    const { jobs, store, requests } = setStage();
    const bare = createBareJob(state);
    await store.insert(bare);
    const isOpen = isOpenPrintJob(bare);
    expect(isOpen).toBe(state === undefined || state === "paused" || state === "unresolved");
    expect(nextPrintJob(bare, { kind: "lapse" }, new Date())).toBe(bare);
    const event = createCardEvent({ ...BASE, status: "IN_PROGRESS", occurredAt: new Date().toISOString() });
    expect(await jobs.apply(event)).toEqual({ outcome: "unchanged", job: bare });
    letTimePass(90 * 60_000);
    expect(await jobs.sweep()).toEqual({ changed: [], left: 0 });
    const resolved = jobs.resolve(ID, { outcome: "failed", by: "anna", reason: "looked" });
    if (isOpen) await expect(resolved).rejects.toMatchObject({ code: "ERR_PRINT_JOB_CONFLICT", job: bare });
    else expect(await resolved).toEqual(bare);
    expect(await jobs.print({ ...PRINT, id: ID })).toEqual(bare);
    expect(await jobs.get(ID)).toEqual(bare);
    expect(await jobs.list()).toEqual([bare]);
    expect(await jobs.list({ kioskId: PRINT.kioskId })).toEqual([]);
    expect(await jobs.jobsOf(PRINT)).toEqual([bare]);
    expect(tallyPrintJobs(await jobs.list())).toEqual([]);
    // Without a time, it is never old enough.
    expect(await jobs.purge({ closedBefore: new Date() })).toBe(0);
    expect(requests()).toBe(0);
  });

  it.each(STATES)("lets a print of its card end with a job or a conflict, in the state %s", async (state) => {
    const { jobs, store } = setStage();
    await store.insert(createBareJob(state));
    const printed = jobs.print(PRINT);
    const conflict = {
      code: "ERR_PRINT_JOB_CONFLICT",
      message: expect.stringContaining(`"bare" is ${state ?? "open"}.`),
    };
    if (isOpenPrintJob(createBareJob(state))) await expect(printed).rejects.toMatchObject(conflict);
    else expect(await printed).toMatchObject({ state: state === "produced" ? "not-sent" : "accepted" });
  });

  it.each(STATES)("keeps news from correcting an earlier job of the card, in the state %s", async (state) => {
    const { jobs, store, card, job } = await setStageWithJob({ state: "not-sent", evidence: "read", dueAt: null });
    await store.insert(createBareJob(state));
    const event = createCardEvent(card.production as Production);
    expect(await jobs.apply(event)).toMatchObject({ outcome: "unchanged" });
    const stored = await store.get(job.id);
    expect(stored?.state).toBe("not-sent");
    // While it is open, the news becomes a note.
    expect(stored?.history).toHaveLength(isOpenPrintJob(createBareJob(state)) ? 2 : 1);
  });

  it.each(STATES)(
    "does not make a late response reject the print of an earlier job, in the state %s",
    async (state) => {
      const { store, create, kiosk } = setStage();
      const produceCard: typeof kiosk.produceCard = async (request, options) => {
        const production = await kiosk.produceCard(request, options);
        const sent = (await store.get(PRINT.id)) as PrintJob;
        const closed = {
          ...sent,
          state: "not-sent",
          evidence: "read",
          dueAt: null,
          version: sent.version + 1,
        } as const;
        expect(await store.replace(closed, sent.version)).toBe("replaced");
        expect(await store.insert(createBareJob(state))).toEqual({ inserted: true });
        return production;
      };
      expect(await create({ client: withMethods(kiosk, { produceCard }) }).print(PRINT)).toMatchObject({
        state: "not-sent",
      });
    },
  );

  it("is returned by the print of this version whose job it replaces before the request", async () => {
    const { store, create, kiosk, card, requests } = setStage();
    card.produce();
    const replaced = { ...createBareJob("requested"), id: PRINT.id };
    const getProductionStatus: typeof kiosk.getProductionStatus = async (card, options) => {
      expect(await store.replace(replaced, (await store.get(PRINT.id))?.version ?? 0)).toBe("replaced");
      return kiosk.getProductionStatus(card, options);
    };
    const jobs = create({ client: withMethods(kiosk, { getProductionStatus }) });
    expect(await jobs.print(PRINT)).toEqual(replaced);
    expect(requests()).toBe(0);
  });

  it("is returned by the print of this version whose job it replaces before Wise says that a request exists", async () => {
    const { store, create, kiosk } = setStage();
    const replaced = { ...createBareJob("requested"), id: PRINT.id };
    const produceCard: typeof kiosk.produceCard = async (request, options) => {
      await kiosk.produceCard(request, options);
      const { version } = (await store.get(PRINT.id)) as PrintJob;
      expect(await store.replace({ ...replaced, version: version + 1 }, version)).toBe("replaced");
      return { ...BASE, status: "REQUEST_ERROR", errorCode: "REQUEST_ALREADY_EXISTS", occurredAt: null };
    };
    const jobs = create({ client: withMethods(kiosk, { produceCard }) });
    expect(await jobs.print(PRINT)).toMatchObject({ id: PRINT.id, format: replaced.format, state: "requested" });
  });
});

describe("a state that this version does not know", () => {
  it("counts as open: the card is locked, and the job is not purged", async () => {
    expect(isOpenPrintJob({ state: "paused" as PrintJobState })).toBe(true);
    const { jobs, later } = await setStageWithJob({ format: 2, state: "paused", dueAt: null });
    expect(await catchRejection(jobs.print({ ...PRINT, id: "job-2" }))).toMatchObject({ job: later });
    letTimePass(1000);
    expect(await jobs.purge({ closedBefore: new Date() })).toBe(0);
  });
});

describe("a job of this format", () => {
  it("keeps fields that this version does not know, through every step", async () => {
    const { jobs, later, card } = await setStageWithJob({ branch: { id: 7 } });
    passUntilDue(later);
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "accepted", branch: { id: 7 } }]);
    card.complete();
    await jobs.apply(createCardEvent(card.production as Production));
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "produced", branch: { id: 7 } });
  });
});
