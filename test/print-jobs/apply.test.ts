import { describe, expect, it } from "vitest";
import type { Production } from "wise-card-kiosk";
import { KioskArgumentError, memoryPrintJobStore } from "wise-card-kiosk/print-jobs";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";
import { CARD, eventOf, PRINT, passTime, passUntilDue, rejectionOf, setStage } from "../support/print-job-stage.js";

const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();

const production = (status: Production["status"], occurredAt: string | null, given: object = {}) =>
  ({ status, kioskId: "WIS00001", occurredAt, errorCode: null, description: null, ...given }) as Production;

/** A print whose outcome is unknown. */
async function inDoubt() {
  const stage = setStage();
  passTime(60_000);
  stage.simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
  return { ...stage, job: await stage.jobs.print(PRINT) };
}

describe("apply", () => {
  it("takes in what the webhook handler passes on", async () => {
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
      for (const one of order) await jobs.apply(eventOf(later(one)));
      expect(await jobs.get(PRINT.id)).toMatchObject({ state: "failed" });
    }
  });

  it("settles a job in doubt by an event of its print", async () => {
    const { jobs, changes } = await inDoubt();
    const event = eventOf(production("PRODUCED", inSeconds(1)));
    expect(await jobs.apply(event)).toMatchObject({
      outcome: "applied",
      job: { state: "produced", evidence: "event", error: null, dueAt: null },
    });
    expect(changes.at(-1)?.state).toBe("produced");
    expect(await jobs.apply(event)).toMatchObject({ outcome: "unchanged", job: { state: "produced" } });
  });

  it("does not take an event of an earlier attempt for that of a job in doubt, and lets the next job know it", async () => {
    const { jobs, job } = await inDoubt();
    const earlier = production("PRODUCTION_ERROR", inSeconds(-61), { errorCode: "PRT_RIBBON" });
    expect(await jobs.apply(eventOf(earlier))).toMatchObject({ outcome: "unchanged", job: { state: "requested" } });
    passUntilDue(job);
    await jobs.sweep();
    const next = await jobs.print({ ...PRINT, id: "job-2" });
    expect(next.known).toMatchObject({ status: "IN_PROGRESS" });
    expect(next.intent?.previous).toMatchObject({ status: "READY" });
  });

  it.each(["READY", "REQUEST_ERROR", "UNRECOGNIZED"] as const)("concludes nothing from %s", async (status) => {
    const { jobs } = await inDoubt();
    const event = eventOf(production(status, inSeconds(1), { rawStatus: "NEW" }));
    expect(await jobs.apply(event)).toMatchObject({ outcome: "unchanged", job: { state: "requested" } });
  });

  it("never concludes from an event that nothing was printed, however late it comes", async () => {
    const { jobs, job } = await inDoubt();
    passUntilDue(job);
    const earlier = production("PRODUCTION_ERROR", "2026-01-31T11:00:00.000Z");
    expect(await jobs.apply(eventOf(earlier))).toMatchObject({ outcome: "unchanged", job: { state: "requested" } });
  });

  it("takes an event in whole seconds for the same as what was known in milliseconds", async () => {
    const { jobs, card } = setStage();
    passTime(10_400);
    await jobs.print(PRINT);
    card.fail("PRD_HOPPER_JAM");
    const failure = card.production as Production;
    const cut = failure.occurredAt?.replace(/\.\d+/, "") as string;
    expect(cut).not.toBe(failure.occurredAt);
    expect(await jobs.apply(eventOf(production("IN_PROGRESS", cut)))).toMatchObject({ outcome: "unchanged" });
    await jobs.apply(eventOf({ ...failure, occurredAt: cut }));
    const failed = await jobs.get(PRINT.id);
    expect(failed).toMatchObject({ state: "failed", production: { occurredAt: cut } });

    // The next print knows the failure in whole seconds; the same failure in milliseconds is not its own.
    passTime(30_000);
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({ state: "accepted" });
    expect(await jobs.apply(eventOf(failure))).toMatchObject({ outcome: "unchanged" });
    const own = (card.production as Production).occurredAt?.replace(/\.\d+/, "") as string;
    expect(await jobs.apply(eventOf(production("PRODUCED", own)))).toMatchObject({ job: { state: "produced" } });
  });

  it("takes an event that ties in whole seconds with a failure from before the request for older", async () => {
    const { jobs, card, simulator } = setStage();
    passTime(10_400);
    card.produce().fail("PRT_RIBBON");
    const before = card.production as Production;
    simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
    const job = await jobs.print(PRINT);
    expect(job.intent?.previous).toEqual(before);
    const cut = before.occurredAt?.replace(/\.\d+/, "") as string;
    const produced = eventOf(production("PRODUCED", cut));
    expect(await jobs.apply(produced)).toMatchObject({ outcome: "unchanged", job: { state: "requested" } });
  });

  it("lets a sweep read soon if the time of an event cannot be ordered", async () => {
    const { jobs, card } = setStage();
    await jobs.print(PRINT);
    card.complete();
    expect((await jobs.sweep()).changed).toEqual([]);
    expect(await jobs.apply(eventOf(production("PRODUCED", null)))).toMatchObject({
      outcome: "unchanged",
      job: { state: "accepted", dueAt: new Date().toISOString() },
    });
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "produced", evidence: "read" }]);
  });

  it("leaves a requested job to its creator if the time of an event cannot be ordered", async () => {
    const { jobs, job } = await inDoubt();
    expect(await jobs.apply(eventOf(production("PRODUCED", "yesterday")))).toEqual({ outcome: "unchanged", job });
  });

  it("makes an accepted job unresolved if another kiosk has produced the card", async () => {
    const { jobs } = setStage();
    await jobs.print(PRINT);
    passTime(60_000);
    const elsewhere = eventOf(production("PRODUCED", inSeconds(0), { kioskId: "WIS00002" }));
    expect(await jobs.apply(elsewhere)).toMatchObject({
      outcome: "applied",
      job: { state: "unresolved", evidence: null },
    });
  });

  it("corrects a failed job to produced only if both are of one attempt", async () => {
    const { jobs, card } = setStage();
    await jobs.print(PRINT);
    card.fail("PRD_HOPPER_JAM");
    const failure = card.production as Production;
    await jobs.apply(eventOf(failure));
    const other = eventOf(production("PRODUCED", inSeconds(100)));
    expect(await jobs.apply(other)).toMatchObject({ outcome: "unchanged", job: { state: "failed" } });
    const same = eventOf(production("PRODUCED", failure.occurredAt));
    expect(await jobs.apply(same)).toMatchObject({ outcome: "applied", job: { state: "produced" } });
    expect(await jobs.apply(eventOf(failure))).toMatchObject({ outcome: "unchanged", job: { state: "produced" } });
  });

  it("remembers a print that was made without print jobs, so that the next job does not print again", async () => {
    const { jobs, card, simulator, requests } = setStage();
    await jobs.print(PRINT);
    card.fail("PRD_HOPPER_JAM");
    await jobs.apply(eventOf(card.production as Production));
    simulator.readLagMs = 3_600_000;
    passTime(60_000);
    card.produce().complete();
    expect(await jobs.apply(eventOf(card.production as Production))).toMatchObject({ outcome: "unchanged" });
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({
      state: "not-sent",
      known: { status: "PRODUCED" },
    });
    expect(requests()).toBe(1);
  });

  it.each([
    ["a test notification", eventOf(production("PRODUCED", null), { isTest: true })],
    ["another card", eventOf(production("PRODUCED", null), { cardToken: "other" })],
    ["another profile", eventOf(production("PRODUCED", null), { profileId: 7 })],
    ["no card", eventOf(production("PRODUCED", null), { cardToken: null })],
  ])("finds no job for an event of %s", async (_what, event) => {
    const { jobs } = setStage();
    const job = await jobs.print(PRINT);
    expect(await jobs.apply(event)).toEqual({ outcome: "no-job", job: undefined });
    expect(await jobs.get(PRINT.id)).toEqual(job);
  });

  it.each([
    ["its JSON text", JSON.stringify(eventOf(production("PRODUCED", null)))],
    ["an event of another type", { ...eventOf(production("PRODUCED", null)), type: "other", production: undefined }],
    ["nothing", undefined],
  ])("refuses %s", async (_what, event) => {
    const { jobs } = setStage();
    expect(await rejectionOf(jobs.apply(event as never))).toBeInstanceOf(KioskArgumentError);
  });

  it("writes to the store of a transaction if one is given, and only there", async () => {
    const { jobs, store, changes } = setStage();
    const job = await jobs.print(PRINT);
    const transaction = memoryPrintJobStore();
    await transaction.insert(job);
    const event = eventOf(production("PRODUCED", inSeconds(0)));
    expect(await jobs.apply(event, { store: transaction })).toMatchObject({ job: { state: "produced" } });
    expect(changes.at(-1)?.state).toBe("produced");
    expect(await store.get(PRINT.id)).toEqual(job);
    expect(await transaction.get(PRINT.id)).toMatchObject({ state: "produced" });
    expect(await rejectionOf(jobs.apply(event, { store: {} as never }))).toMatchObject({ argument: "store" });
    expect(await rejectionOf(jobs.apply(event, { stor: store } as never))).toMatchObject({ argument: "stor" });
  });
});

describe("apply to a job that was given up", () => {
  /** A job whose request did not arrive within the window. */
  async function givenUp() {
    const stage = await inDoubt();
    passUntilDue(stage.job);
    await stage.jobs.sweep();
    const late = production("IN_PROGRESS", inSeconds(0));
    return { ...stage, late, event: eventOf(late) };
  }

  it("corrects it if it is the newest one of the card", async () => {
    const { jobs, event } = await givenUp();
    expect(await jobs.apply(event)).toMatchObject({ outcome: "applied", job: { state: "accepted" } });
  });

  it("corrects it if the jobs after it certainly printed nothing", async () => {
    const { jobs, event, simulator } = await givenUp();
    simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 404 } });
    await jobs.print({ ...PRINT, id: "job-2" });
    simulator.injectFault({ operation: "produceCard", fault: { httpStatus: 403 } });
    await jobs.print({ ...PRINT, id: "job-3" });
    expect(await jobs.apply(event)).toMatchObject({ outcome: "applied", job: { id: PRINT.id, state: "accepted" } });
  });

  it("leaves it if a job after it may have printed", async () => {
    const { jobs, event, card } = await givenUp();
    await jobs.print({ ...PRINT, id: "job-2" });
    card.fail("PRD_HOPPER_JAM");
    await jobs.apply(eventOf(card.production as Production));
    expect(await jobs.apply(event)).toMatchObject({ outcome: "unchanged", job: { id: "job-2" } });
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "not-sent" });
  });

  it("notes the news once while another job of the card is open", async () => {
    const { jobs, late, store } = await givenUp();
    passTime(300_000);
    await jobs.print({ ...PRINT, id: "job-2" });
    // An attempt between those of the two jobs: too old for the second one.
    const event = eventOf(late);
    for (const _time of [1, 2]) {
      expect(await jobs.apply(event)).toMatchObject({ outcome: "unchanged", job: { id: "job-2", state: "accepted" } });
    }
    const { history = [] } = (await store.get(PRINT.id)) ?? {};
    expect(history.filter(({ note }) => note?.includes("came of this job"))).toHaveLength(1);
  });

  it("notes the news if the store says that another job has become open in between", async () => {
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
    const unordered = eventOf(production("PRODUCED", null));
    expect(await jobs.apply(unordered)).toMatchObject({ job: { id: PRINT.id, dueAt: new Date().toISOString() } });
    const produced = eventOf(production("PRODUCED", inSeconds(1)));
    expect(await jobs.apply(produced)).toMatchObject({ outcome: "applied", job: { id: PRINT.id, state: "produced" } });
  });

  it("does not open it again for news that a person knew", async () => {
    const { jobs, card } = setStage();
    await jobs.print(PRINT);
    const known = eventOf(card.production as Production);
    passTime(400_000);
    await jobs.resolve(PRINT.id, { outcome: "not-printed", by: "anna", reason: "hopper checked" });
    expect(await jobs.apply(known)).toMatchObject({ outcome: "unchanged", job: { state: "not-sent" } });
    card.complete();
    const later = eventOf({ ...(card.production as Production), ...CARD } as Production);
    expect(await jobs.apply(later)).toMatchObject({ outcome: "applied", job: { state: "produced" } });
  });
});
