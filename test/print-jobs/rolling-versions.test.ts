import { describe, expect, it } from "vitest";
import type { Production } from "wise-card-kiosk";
import { isOpenPrintJob, type PrintJob, type PrintJobState } from "wise-card-kiosk/print-jobs";
import { createCardEvent, letTimePass, PRINT, passUntilDue, setStage } from "../support/print-job-stage.js";
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

  it("prevents the next print of its card if it was produced", async () => {
    const { jobs, requests } = await setStageWithJob({ format: 2, state: "produced", dueAt: null });
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({ state: "not-sent", intent: null });
    expect(requests()).toBe(1);
  });

  it("does not keep the card from being printed if it lacks fields that this version reads", async () => {
    const missing = { known: undefined, production: undefined, intent: undefined };
    const { jobs, card } = await setStageWithJob({ format: 2, state: "failed", dueAt: null, ...missing });
    card.fail("PRD_HOPPER_JAM");
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({ state: "accepted", adopted: false });
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
