import { describe, expect, it } from "vitest";
import type { Production } from "wise-card-kiosk";
import { KioskArgumentError, memoryPrintJobStore, type PrintJob } from "wise-card-kiosk/print-jobs";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";
import { createCardEvent, letTimePass, PRINT, passUntilDue, STAGE_CARD, setStage } from "../support/print-job-stage.js";
import { catchRejection } from "../support/transports.js";

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

const production = (status: Production["status"], occurredAt: string | null, given: object = {}) =>
  ({ status, kioskId: "WIS00001", occurredAt, errorCode: null, description: null, ...given }) as Production;

/** A print whose outcome is unknown. */
async function inDoubt() {
  const stage = setStage();
  letTimePass(60_000);
  stage.simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
  return { ...stage, job: await stage.jobs.print(PRINT) };
}

describe("apply", () => {
  it("accepts events from the webhook handler", async () => {
    const { jobs, simulator, card } = setStage();
    const webhooks = new KioskWebhooks(simulator.webhookOptions());
    await jobs.print(PRINT);
    card.fail("PRD_HOPPER_JAM");
    const outcomes = [];
    for (const { body, headers } of simulator.deliveries) {
      const event = await webhooks.unwrap(body, headers);
      if (event.type !== "other") outcomes.push((await jobs.apply(event)).outcome);
    }
    expect(outcomes).toEqual(["unchanged", "applied"]);
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "failed", evidence: "event", dueAt: null });
  });

  it("leads to the same state in any order, however often events are delivered", async () => {
    const { card } = setStage();
    const progress = card.produce().production as Production;
    const failure = card.fail("PRD_HOPPER_JAM").production as Production;
    for (const order of [
      [progress, failure, progress],
      [failure, progress, failure],
    ]) {
      const { jobs } = await inDoubt();
      const later = (one: Production) => ({ ...one, occurredAt: inSeconds(1) }) as Production;
      for (const one of order) await jobs.apply(createCardEvent(later(one)));
      expect(await jobs.get(PRINT.id)).toMatchObject({ state: "failed" });
    }
  });

  it("decides a job in doubt by an event of its print", async () => {
    const { jobs, changes } = await inDoubt();
    const event = createCardEvent(production("PRODUCED", inSeconds(1)));
    expect(await jobs.apply(event)).toMatchObject({
      outcome: "applied",
      job: { state: "produced", evidence: "event", error: null, dueAt: null },
    });
    expect(changes.at(-1)?.state).toBe("produced");
    expect(await jobs.apply(event)).toMatchObject({ outcome: "unchanged", job: { state: "produced" } });
  });

  it("does not attribute an event of an earlier print to a job in doubt, and passes it on to the next job", async () => {
    const { jobs, job } = await inDoubt();
    const earlier = production("PRODUCTION_ERROR", inSeconds(-61), { errorCode: "PRT_RIBBON" });
    expect(await jobs.apply(createCardEvent(earlier))).toMatchObject({
      outcome: "unchanged",
      job: { state: "requested" },
    });
    passUntilDue(job);
    await jobs.sweep();
    const next = await jobs.print({ ...PRINT, id: "job-2" });
    expect(next.known).toMatchObject({ status: "IN_PROGRESS" });
    expect(next.intent?.previous).toMatchObject({ status: "READY" });
  });

  it.each(["READY", "REQUEST_ERROR", "UNRECOGNIZED"] as const)("concludes nothing from %s", async (status) => {
    const { jobs } = await inDoubt();
    const event = createCardEvent(production(status, inSeconds(1), { rawStatus: "NEW" }));
    expect(await jobs.apply(event)).toMatchObject({ outcome: "unchanged", job: { state: "requested" } });
  });

  it("never concludes from an event that nothing was printed, however late it arrives", async () => {
    const { jobs, job } = await inDoubt();
    passUntilDue(job);
    const earlier = production("PRODUCTION_ERROR", "2026-01-31T11:00:00.000Z");
    expect(await jobs.apply(createCardEvent(earlier))).toMatchObject({
      outcome: "unchanged",
      job: { state: "requested" },
    });
  });

  it("recognises a known state in milliseconds if an event reports it in whole seconds", async () => {
    const { jobs, card } = setStage();
    letTimePass(10_400);
    await jobs.print(PRINT);
    card.fail("PRD_HOPPER_JAM");
    const failure = card.production as Production;
    const cut = failure.occurredAt?.replace(/\.\d+/, "") as string;
    expect(cut).not.toBe(failure.occurredAt);
    expect(await jobs.apply(createCardEvent(production("IN_PROGRESS", cut)))).toMatchObject({ outcome: "unchanged" });
    await jobs.apply(createCardEvent({ ...failure, occurredAt: cut }));
    const failed = await jobs.get(PRINT.id);
    expect(failed).toMatchObject({ state: "failed", production: { occurredAt: cut } });

    // The next print knows the failure in whole seconds; the same failure in milliseconds is not its own.
    letTimePass(30_000);
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({ state: "accepted" });
    expect(await jobs.apply(createCardEvent(failure))).toMatchObject({ outcome: "unchanged" });
    const own = (card.production as Production).occurredAt?.replace(/\.\d+/, "") as string;
    expect(await jobs.apply(createCardEvent(production("PRODUCED", own)))).toMatchObject({
      job: { state: "produced" },
    });
  });

  it("treats an event that ties in whole seconds with a failure from before the request as older", async () => {
    const { jobs, card, simulator } = setStage();
    letTimePass(10_400);
    card.produce().fail("PRT_RIBBON");
    const before = card.production as Production;
    simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
    const job = await jobs.print(PRINT);
    expect(job.intent?.previous).toEqual(before);
    const cut = before.occurredAt?.replace(/\.\d+/, "") as string;
    const produced = createCardEvent(production("PRODUCED", cut));
    expect(await jobs.apply(produced)).toMatchObject({ outcome: "unchanged", job: { state: "requested" } });
  });

  it("makes the next sweep read if the time of an event cannot be ordered", async () => {
    const { jobs, card } = setStage();
    await jobs.print(PRINT);
    card.complete();
    expect((await jobs.sweep()).changed).toEqual([]);
    expect(await jobs.apply(createCardEvent(production("PRODUCED", null)))).toMatchObject({
      outcome: "unchanged",
      job: { state: "accepted", dueAt: new Date().toISOString() },
    });
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "produced", evidence: "read" }]);
  });

  it("leaves a requested job to its creator if the time of an event cannot be ordered", async () => {
    const { jobs, job } = await inDoubt();
    expect(await jobs.apply(createCardEvent(production("PRODUCED", "yesterday")))).toEqual({
      outcome: "unchanged",
      job,
    });
  });

  it("makes an accepted job unresolved if another kiosk has produced the card", async () => {
    const { jobs } = setStage();
    await jobs.print(PRINT);
    letTimePass(60_000);
    const elsewhere = createCardEvent(production("PRODUCED", inSeconds(0), { kioskId: "WIS00002" }));
    expect(await jobs.apply(elsewhere)).toMatchObject({
      outcome: "applied",
      job: { state: "unresolved", evidence: null },
    });
  });

  it("corrects a failed job to produced only if both are of one print", async () => {
    const { jobs, card } = setStage();
    await jobs.print(PRINT);
    card.fail("PRD_HOPPER_JAM");
    const failure = card.production as Production;
    await jobs.apply(createCardEvent(failure));
    const other = createCardEvent(production("PRODUCED", inSeconds(100)));
    expect(await jobs.apply(other)).toMatchObject({ outcome: "unchanged", job: { state: "failed" } });
    const same = createCardEvent(production("PRODUCED", failure.occurredAt));
    expect(await jobs.apply(same)).toMatchObject({ outcome: "applied", job: { state: "produced" } });
    expect(await jobs.apply(createCardEvent(failure))).toMatchObject({
      outcome: "unchanged",
      job: { state: "produced" },
    });
  });

  it("remembers a print that was made without print jobs, so that the next job does not print again", async () => {
    const { jobs, card, simulator, requests } = setStage();
    await jobs.print(PRINT);
    card.fail("PRD_HOPPER_JAM");
    await jobs.apply(createCardEvent(card.production as Production));
    simulator.readLagMs = 3_600_000;
    letTimePass(60_000);
    card.produce().complete();
    expect(await jobs.apply(createCardEvent(card.production as Production))).toMatchObject({ outcome: "unchanged" });
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({
      state: "not-sent",
      known: { status: "PRODUCED" },
    });
    expect(requests()).toBe(1);
  });

  it.each([
    ["a test notification", createCardEvent(production("PRODUCED", null), { isTest: true })],
    ["another card", createCardEvent(production("PRODUCED", null), { cardToken: "other" })],
    ["another profile", createCardEvent(production("PRODUCED", null), { profileId: 7 })],
    ["no card", createCardEvent(production("PRODUCED", null), { cardToken: null })],
  ])("finds no job for an event of %s", async (_what, event) => {
    const { jobs } = setStage();
    const job = await jobs.print(PRINT);
    expect(await jobs.apply(event)).toEqual({ outcome: "no-job", job: undefined });
    expect(await jobs.get(PRINT.id)).toEqual(job);
  });

  it.each([{ isTest: true }, { cardToken: null }])("does not ask the store about an event with %j", async (given) => {
    const { create, store } = setStage();
    const failing = { ...store, jobsOf: async () => Promise.reject(new Error("the database is down")) };
    const event = createCardEvent(production("PRODUCED", null), given);
    expect(await create({ store: failing }).apply(event)).toEqual({ outcome: "no-job", job: undefined });
  });

  it("returns applied if only the production of the job is newer", async () => {
    const outcomes = [{ refuse: "REQUEST_CREATED_BUT_NOT_STARTED" }];
    const { jobs } = setStage({ simulator: { cards: [{ ...STAGE_CARD, outcomes }] } });
    expect(await jobs.print(PRINT)).toMatchObject({ state: "accepted", production: { status: "REQUEST_ERROR" } });
    const started = createCardEvent(production("IN_PROGRESS", inSeconds(0)));
    expect(await jobs.apply(started)).toMatchObject({
      outcome: "applied",
      job: { state: "accepted", production: { status: "IN_PROGRESS" } },
    });
  });

  it("writes only to the newest job of the card if the event concerns neither it nor an earlier one", async () => {
    const { jobs, card, store, simulator } = setStage();
    await jobs.print(PRINT);
    card.fail("PRD_HOPPER_JAM");
    await jobs.apply(createCardEvent(card.production as Production));
    const failed = await store.get(PRINT.id);
    simulator.injectFault({ operation: "produceCard", fault: { httpStatus: 403 } });
    const newest = await jobs.print({ ...PRINT, id: "job-2" });
    const event = createCardEvent(production("PRODUCED", inSeconds(100)));
    expect(await jobs.apply(event)).toMatchObject({ outcome: "unchanged", job: { id: "job-2", state: "not-sent" } });
    expect(await store.get("job-2")).toMatchObject({ known: { status: "PRODUCED" }, version: newest.version + 1 });
    expect(await store.get(PRINT.id)).toEqual(failed);
  });

  it.each([
    ["its JSON text", JSON.stringify(createCardEvent(production("PRODUCED", null)))],
    [
      "an event of another type",
      { ...createCardEvent(production("PRODUCED", null)), type: "other", production: undefined },
    ],
    ["nothing", undefined],
  ])("refuses %s", async (_what, event) => {
    const { jobs } = setStage();
    expect(await catchRejection(jobs.apply(event as never))).toBeInstanceOf(KioskArgumentError);
  });

  it("writes only to the store in its options, if there is one", async () => {
    const { jobs, store, changes } = setStage();
    const job = await jobs.print(PRINT);
    const transaction = memoryPrintJobStore();
    await transaction.insert(job);
    const event = createCardEvent(production("PRODUCED", inSeconds(0)));
    expect(await jobs.apply(event, { store: transaction })).toMatchObject({ job: { state: "produced" } });
    expect(changes.at(-1)?.state).toBe("produced");
    expect(await store.get(PRINT.id)).toEqual(job);
    expect(await transaction.get(PRINT.id)).toMatchObject({ state: "produced" });
    expect(await catchRejection(jobs.apply(event, { store: {} as never }))).toMatchObject({ argument: "store" });
    expect(await catchRejection(jobs.apply(event, { stor: store } as never))).toMatchObject({ argument: "stor" });
  });
});

describe("apply with news of a job that was given up", () => {
  /** Creates a job whose request did not arrive within the window. */
  async function givenUp() {
    const stage = await inDoubt();
    passUntilDue(stage.job);
    await stage.jobs.sweep();
    const late = production("IN_PROGRESS", inSeconds(0));
    return { ...stage, late, event: createCardEvent(late) };
  }

  it("corrects the job if it is the newest one of the card", async () => {
    const { jobs, event } = await givenUp();
    expect(await jobs.apply(event)).toMatchObject({ outcome: "applied", job: { state: "accepted" } });
  });

  it("corrects the job if the jobs after it certainly printed nothing", async () => {
    const { jobs, event, simulator } = await givenUp();
    simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 404 } });
    await jobs.print({ ...PRINT, id: "job-2" });
    simulator.injectFault({ operation: "produceCard", fault: { httpStatus: 403 } });
    await jobs.print({ ...PRINT, id: "job-3" });
    expect(await jobs.apply(event)).toMatchObject({ outcome: "applied", job: { id: PRINT.id, state: "accepted" } });
  });

  it("leaves the job unchanged if a job after it may have printed", async () => {
    const { jobs, event, card } = await givenUp();
    await jobs.print({ ...PRINT, id: "job-2" });
    card.fail("PRD_HOPPER_JAM");
    await jobs.apply(createCardEvent(card.production as Production));
    expect(await jobs.apply(event)).toMatchObject({ outcome: "unchanged", job: { id: "job-2" } });
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "not-sent" });
  });

  it("leaves the job unchanged if it is purged meanwhile and a job after it may have printed", async () => {
    const { jobs, create, event, card, store } = await givenUp();
    await jobs.print({ ...PRINT, id: "job-2" });
    card.fail("PRD_HOPPER_JAM");
    await jobs.apply(createCardEvent(card.production as Production));
    let reads = 0;
    const jobsOf: typeof store.jobsOf = async (...given) => {
      reads += 1;
      return (await store.jobsOf(...given)).filter(({ id }) => reads === 1 || id !== PRINT.id);
    };
    expect(await create({ store: { ...store, jobsOf } }).apply(event)).toMatchObject({ outcome: "unchanged" });
    expect(reads).toBe(2);
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "not-sent" });
  });

  it("leaves the job alone if the event is of the print of the open job", async () => {
    const { jobs, card, store } = await givenUp();
    letTimePass(300_000);
    await jobs.print({ ...PRINT, id: "job-2" });
    const before = await store.get(PRINT.id);
    const event = createCardEvent(card.production as Production);
    expect(await jobs.apply(event)).toMatchObject({ outcome: "unchanged", job: { id: "job-2" } });
    expect((await store.get(PRINT.id))?.history).toEqual(before?.history);
  });

  it.each(["IN_PROGRESS", "PRODUCED"] as const)("adds one note about %s while another job is open", async (status) => {
    const { jobs, late, store } = await givenUp();
    letTimePass(300_000);
    await jobs.print({ ...PRINT, id: "job-2" });
    // A print between those of the two jobs: too old for the second one.
    const event = createCardEvent({ ...late, status } as Production);
    for (const _time of [1, 2]) {
      expect(await jobs.apply(event)).toMatchObject({ outcome: "unchanged", job: { id: "job-2", state: "accepted" } });
    }
    const { state, history = [] } = (await store.get(PRINT.id)) ?? {};
    expect(state).toBe("not-sent");
    expect(history.filter(({ note }) => note?.includes("This job caused"))).toHaveLength(1);
  });

  it("makes the open job due if an event cannot be ordered, also if a later job of the card is closed", async () => {
    const { jobs, store, event } = await givenUp();
    const { job: open } = await jobs.apply(event);
    expect(open).toMatchObject({ id: PRINT.id, state: "accepted" });
    const closed = { ...(open as PrintJob), id: "job-2", state: "refused", dueAt: null } as const;
    await store.insert(closed);
    const dueAt = new Date().toISOString();
    const applied = await jobs.apply(createCardEvent(production("PRODUCTION_ERROR", "no time")));
    expect(applied).toMatchObject({ outcome: "unchanged", job: { id: PRINT.id, dueAt } });
    expect(await store.get(PRINT.id)).toMatchObject({ state: "accepted", dueAt });
  });

  it("adds a note if the store reports that another job was opened in between", async () => {
    const { create, store, event } = await givenUp();
    const racing = {
      ...store,
      replace: async (...given: Parameters<typeof store.replace>) => {
        const [job] = given;
        return job.state === "accepted" ? ("blocked" as const) : store.replace(...given);
      },
    };
    expect(await create({ store: racing }).apply(event)).toMatchObject({ outcome: "unchanged" });
    expect((await store.get(PRINT.id))?.history.at(-1)?.note).toContain("IN_PROGRESS of ");
  });

  it("finds it after a late response has opened it again behind a closed job", async () => {
    const { jobs, store, job } = await inDoubt();
    const { intent } = job;
    await store.replace({ ...job, state: "failed", dueAt: null, version: job.version + 1 }, job.version);
    await store.insert({ ...job, id: "job-2", state: "refused", dueAt: null, version: 1 });
    const opened = { ...job, state: "accepted", evidence: "response", intent, version: job.version + 2 } as const;
    await store.replace(opened, job.version + 1);
    const unordered = createCardEvent(production("PRODUCED", null));
    expect(await jobs.apply(unordered)).toMatchObject({ job: { id: PRINT.id, dueAt: new Date().toISOString() } });
    const produced = createCardEvent(production("PRODUCED", inSeconds(1)));
    expect(await jobs.apply(produced)).toMatchObject({ outcome: "applied", job: { id: PRINT.id, state: "produced" } });
  });

  it("does not reopen the job for news that the person knew", async () => {
    const { jobs, card } = setStage();
    await jobs.print(PRINT);
    const known = createCardEvent(card.production as Production);
    letTimePass(400_000);
    await jobs.resolve(PRINT.id, { outcome: "not-printed", by: "anna", reason: "hopper checked" });
    expect(await jobs.apply(known)).toMatchObject({ outcome: "unchanged", job: { state: "not-sent" } });
    card.complete();
    const later = createCardEvent({ ...(card.production as Production), ...STAGE_CARD } as Production);
    expect(await jobs.apply(later)).toMatchObject({ outcome: "applied", job: { state: "produced" } });
  });
});
