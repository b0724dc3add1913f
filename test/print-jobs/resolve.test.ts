import { describe, expect, it, vi } from "vitest";
import type { Production } from "wise-card-kiosk";
import {
  KioskPrintJobConflictError,
  nextPrintJob,
  type PrintJob,
  type PrintJobInput,
  type PrintJobStore,
} from "wise-card-kiosk/print-jobs";
import { createRefusedProduction, INPUTS, JOBS } from "../support/print-job-records.js";
import { createCardEvent, letTimePass, PRINT, passUntilDue, setStage } from "../support/print-job-stage.js";
import { catchRejection } from "../support/transports.js";

const WORD = { outcome: "not-printed", by: "anna", reason: "hopper checked" } as const;

const ALREADY_EXISTS = createRefusedProduction("REQUEST_ALREADY_EXISTS");

/** Creates a job that no read can decide. */
async function unresolved() {
  const stage = setStage({ client: { maxRetries: 0 } });
  stage.simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
  const job = await stage.jobs.print(PRINT);
  passUntilDue(job);
  stage.simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 403 } });
  await stage.jobs.sweep();
  return stage;
}

/**
 * Resolves a job long after its latest news. Before the word is stored, something else happens to the job, and then the process
 * is frozen until the job is overdue again.
 */
async function writeBeforeResolving(job: PrintJob, input: PrintJobInput) {
  const { store, create } = setStage();
  await store.insert(job);
  letTimePass(600_000);
  const slow: PrintJobStore = {
    ...store,
    async replace(next, version) {
      if (version === job.version) {
        await store.replace(nextPrintJob(job, input, new Date()), version);
        letTimePass(600_000);
      }
      return store.replace(next, version);
    },
  };
  return { store, resolving: create({ store: slow }).resolve(job.id, WORD) };
}

describe("resolve", () => {
  it.each([
    ["produced", "produced"],
    ["failed", "failed"],
    ["not-printed", "not-sent"],
  ] as const)(
    "closes an unresolved job after the resolution %s as %s, and records the person and the reason",
    async (outcome, state) => {
      const { jobs, changes } = await unresolved();
      const job = await jobs.resolve(PRINT.id, { ...WORD, outcome });
      expect(job).toMatchObject({ state, evidence: "person", dueAt: null });
      expect(job.history.at(-1)).toEqual({ at: new Date().toISOString(), state, by: "anna", note: "hopper checked" });
      expect(changes.at(-1)).toEqual(job);
      expect(await jobs.print({ ...PRINT, id: "job-2" })).not.toMatchObject({ id: PRINT.id });
    },
  );

  it("allows another print of the card after `not-printed`, and not after `produced`", async () => {
    const { jobs, simulator } = await unresolved();
    await jobs.resolve(PRINT.id, { ...WORD, outcome: "produced" });
    simulator.readLagMs = 3_600_000;
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({ state: "not-sent", intent: null });
  });

  it("closes an accepted job only once it is overdue", async () => {
    const { jobs } = setStage();
    const job = await jobs.print(PRINT);
    letTimePass(299_999);
    const error = await catchRejection(jobs.resolve(PRINT.id, WORD));
    expect(error).toBeInstanceOf(KioskPrintJobConflictError);
    expect(error).toMatchObject({ job });
    expect(error).toHaveProperty("message", expect.stringContaining("is accepted and may still be decided without a"));
    letTimePass(1);
    expect(await jobs.resolve(PRINT.id, WORD)).toMatchObject({ state: "not-sent", evidence: "person" });
  });

  it("closes a requested job only once its request has lapsed, even while a sweep reads", async () => {
    const { jobs, simulator, kiosk, create } = setStage({ client: { maxRetries: 0 } });
    simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
    const job = await jobs.print(PRINT);
    expect(await catchRejection(jobs.resolve(PRINT.id, WORD))).toBeInstanceOf(KioskPrintJobConflictError);
    passUntilDue(job);
    const hanging = {
      produceCard: kiosk.produceCard.bind(kiosk),
      getProductionStatus: kiosk.getProductionStatus.bind(kiosk),
      reconcileProduction: async () => {
        expect(await jobs.resolve(PRINT.id, WORD)).toMatchObject({ state: "not-sent", evidence: "person" });
        return kiosk.reconcileProduction(job.intent as never);
      },
    };
    // The read shows a print after all.
    expect((await create({ client: hanging }).sweep()).changed).toMatchObject([
      { state: "accepted", evidence: "read" },
    ]);
  });

  it("waits for the window of the client before it closes a requested job", async () => {
    const { jobs, simulator } = setStage({ client: { maxRetries: 0, reconcileWindowMs: 60_000 } });
    simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
    const { dueAt, intent } = await jobs.print(PRINT);
    expect(Date.parse(dueAt ?? "")).toBe(Date.parse(intent?.expiresAt ?? "") + 60_000);
    vi.setSystemTime(Date.parse(dueAt ?? "") - 1);
    expect(await catchRejection(jobs.resolve(PRINT.id, WORD))).toBeInstanceOf(KioskPrintJobConflictError);
    vi.setSystemTime(Date.parse(dueAt ?? ""));
    expect(await jobs.resolve(PRINT.id, WORD)).toMatchObject({ state: "not-sent", evidence: "person" });
  });

  it("waits for the window of the print before it closes a requested job, if that is longer", async () => {
    const { jobs, simulator } = setStage();
    simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
    const { dueAt } = await jobs.print(PRINT, { maxRetries: 0, reconcileWindowMs: 600_000 });
    vi.setSystemTime(Date.parse(dueAt ?? "") - 1);
    expect(await catchRejection(jobs.resolve(PRINT.id, WORD))).toBeInstanceOf(KioskPrintJobConflictError);
    vi.setSystemTime(Date.parse(dueAt ?? ""));
    expect(await jobs.resolve(PRINT.id, WORD)).toMatchObject({ state: "not-sent" });
  });

  it("never closes a requested job without an intent: a sweep does", async () => {
    const { jobs, create, store } = setStage();
    const failing = { ...store, jobsOf: async () => Promise.reject(new Error("dead")) };
    await catchRejection(create({ store: failing }).print(PRINT));
    letTimePass(600_000);
    expect(await catchRejection(jobs.resolve(PRINT.id, WORD))).toBeInstanceOf(KioskPrintJobConflictError);
    await jobs.sweep();
    expect(await jobs.resolve(PRINT.id, WORD)).toMatchObject({ state: "not-sent", evidence: null });
  });

  it("returns a closed job unchanged", async () => {
    const { jobs, card } = setStage();
    await jobs.print(PRINT);
    card.complete();
    const { job } = await jobs.apply(createCardEvent(card.production as Production));
    expect(await jobs.resolve(PRINT.id, WORD)).toEqual(job);
  });

  it("changes nothing if an event closes the job at the same time, whichever comes first", async () => {
    for (const order of ["person first", "event first"]) {
      const { jobs, store, card, create } = await unresolved();
      card.complete();
      const event = createCardEvent(card.production as Production);
      // The other one writes between this one's read and write.
      const losing = (other: () => Promise<unknown>) => {
        let isFirst = true;
        return create({
          store: {
            ...store,
            replace: async (...given) => {
              if (isFirst) {
                isFirst = false;
                await other();
              }
              return store.replace(...given);
            },
          },
        });
      };
      if (order === "event first") {
        const resolved = await losing(() => jobs.apply(event)).resolve(PRINT.id, WORD);
        expect(resolved).toMatchObject({ state: "produced", evidence: "event" });
      } else {
        const applied = await losing(() => jobs.resolve(PRINT.id, { ...WORD, outcome: "failed" })).apply(event);
        expect(applied).toMatchObject({ outcome: "unchanged", job: { state: "failed", evidence: "person" } });
      }
      expect((await store.get(PRINT.id))?.history).toHaveLength(3);
    }
  });

  it("rejects with a conflict if an event meanwhile shows that the kiosk is printing", async () => {
    const { jobs, store, card, create } = await unresolved();
    const event = createCardEvent(card.production as Production);
    const losing = create({
      store: {
        ...store,
        replace: async (job, version) => {
          if ((await store.get(PRINT.id))?.state === "unresolved") await jobs.apply(event);
          return store.replace(job, version);
        },
      },
    });
    const error = await catchRejection(losing.resolve(PRINT.id, WORD));
    expect(error).toMatchObject({ code: "ERR_PRINT_JOB_CONFLICT", job: { state: "accepted" } });
  });

  it.each<[string, PrintJobInput, string]>([
    ["a late response shows a print", INPUTS.accepted, "accepted"],
    ["a sweep leaves it unresolved", INPUTS.failedRead, "unresolved"],
    ["a late response says that a request exists", { kind: "response", production: ALREADY_EXISTS }, "requested"],
  ])("rejects with a conflict if, before the word about a job is stored, %s", async (_, news, state) => {
    const { resolving, store } = await writeBeforeResolving(JOBS.sent, news);
    const error = await catchRejection(resolving);
    expect(error).toMatchObject({ code: "ERR_PRINT_JOB_CONFLICT", job: { state } });
    expect(error).toHaveProperty(
      "message",
      expect.stringContaining(`has changed meanwhile and is ${state}. Look at it`),
    );
    expect(await store.get(JOBS.sent.id)).toMatchObject({ state, version: JOBS.sent.version + 1 });
  });

  it("records the word of a person if a sweep only claims the job before it is stored", async () => {
    const { resolving } = await writeBeforeResolving(JOBS.sent, { kind: "claim" });
    expect(await resolving).toMatchObject({ state: "not-sent", evidence: "person", version: JOBS.sent.version + 2 });
  });

  it("accepts the resolution of one of two persons at the same time", async () => {
    const { jobs, create } = await unresolved();
    const [one, other] = await Promise.all([
      jobs.resolve(PRINT.id, WORD),
      create().resolve(PRINT.id, { outcome: "produced", by: "ben", reason: "saw it" }),
    ]);
    expect(one).toEqual(other);
    expect(one?.history.filter(({ by }) => by === "anna" || by === "ben")).toHaveLength(1);
  });

  it.each<[string, unknown, object]>([
    ["id", "no job", WORD],
    ["id", "", WORD],
    ["outcome", PRINT.id, { ...WORD, outcome: "printed" }],
    ["by", PRINT.id, { ...WORD, by: " " }],
    ["reason", PRINT.id, { ...WORD, reason: undefined }],
    ["reason", PRINT.id, { ...WORD, reason: "x".repeat(501) }],
    ["note", PRINT.id, { ...WORD, note: "x" }],
    ["resolution", PRINT.id, []],
  ])("refuses the argument %s: %j, %j", async (argument, id, word) => {
    const { jobs } = await unresolved();
    const error = await catchRejection(jobs.resolve(id as string, word as never));
    expect(error).toMatchObject({ code: "ERR_ARGUMENT", argument });
  });
});
