import { describe, expect, it, vi } from "vitest";
import { KioskConnectionError, type Production } from "wise-card-kiosk";
import {
  KioskArgumentError,
  KioskPrintJobConflictError,
  type PrintJob,
  PrintJobs,
  type PrintJobsOptions,
  type PrintRequest,
} from "wise-card-kiosk/print-jobs";
import { JOBS } from "../support/print-job-records.js";
import {
  createCardEvent,
  letTimePass,
  listStates,
  PRINT,
  passUntilDue,
  STAGE_CARD,
  setStage,
  withMethods,
} from "../support/print-job-stage.js";
import { catchRejection } from "../support/transports.js";

const fault = (given: object) => ({ operation: "produceCard", ...given }) as never;

describe("print", () => {
  it("resolves with an accepted job if the kiosk takes the request, with its intent and the state that was read before", async () => {
    const { jobs, changes, store, requests, simulator } = setStage();
    const job = await jobs.print(PRINT);
    expect(job).toMatchObject({
      ...PRINT,
      format: 1,
      profileId: "123456",
      state: "accepted",
      evidence: "response",
      adopted: false,
      error: null,
      production: { status: "IN_PROGRESS", kioskId: "WIS00001" },
      known: { status: "IN_PROGRESS" },
      intent: { requests: 1, previous: { status: "READY" }, kioskId: "WIS00001" },
    });
    expect(Date.parse(job.dueAt ?? "") - Date.now()).toBe(300_000);
    expect(listStates(job)).toEqual(["requested", "accepted"]);
    expect(job.history[0]?.by).toBe("clerk-17");
    expect(await store.get(PRINT.id)).toEqual(job);
    expect(JSON.parse(JSON.stringify(job))).toEqual(job);
    expect(changes.map(({ state, intent }) => [state, intent !== null])).toEqual([
      ["requested", false],
      ["requested", true],
      ["accepted", true],
    ]);
    expect(simulator.requests.map(({ operation }) => operation)).toEqual(["getProductionStatus", "produceCard"]);
    expect(requests()).toBe(1);
  });

  it("resolves with a refused job if Wise does not accept the request", async () => {
    const { jobs } = setStage({ simulator: { kiosks: ["WIS00002"] } });
    expect(await jobs.print(PRINT)).toMatchObject({
      state: "refused",
      evidence: "response",
      dueAt: null,
      production: { status: "REQUEST_ERROR", errorCode: "KIOSK_ID_NOT_FOUND" },
      known: { status: "READY" },
    });
  });

  it("resolves with an accepted job if the request is created but not started, and READY never closes the job", async () => {
    const outcomes = [{ refuse: "REQUEST_CREATED_BUT_NOT_STARTED" }];
    const { jobs, card } = setStage({ simulator: { cards: [{ ...STAGE_CARD, outcomes }] } });
    const job = await jobs.print(PRINT);
    expect(job).toMatchObject({ state: "accepted", production: { errorCode: "REQUEST_CREATED_BUT_NOT_STARTED" } });
    letTimePass(4_000_000);
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "unresolved" }]);
    letTimePass(4_000_000);
    expect(await jobs.sweep()).toEqual({ changed: [], left: 0 });
    card.produce().fail("PRD_HOPPER_JAM");
    letTimePass(4_000_000);
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "failed" }]);
  });

  it("resolves with a not-sent job and the error if Wise certainly rejects the request", async () => {
    const { jobs, simulator, prints } = setStage();
    simulator.injectFault(fault({ fault: { httpStatus: 403, body: { error: "unauthorized", message: "No!" } } }));
    const job = await jobs.print(PRINT);
    expect(job).toMatchObject({ state: "not-sent", evidence: "response", dueAt: null });
    expect(job.error).toEqual({ code: "ERR_PERMISSION", httpStatus: 403, errorCode: "unauthorized" });
    expect(JSON.stringify(job)).not.toContain("No!");
    expect(prints()).toBe(0);
  });

  it("resolves with a not-sent job if no connection is made, after the retries of the client", async () => {
    const { jobs, simulator, requests } = setStage({ client: { maxRetries: 1 } });
    vi.spyOn(Math, "random").mockReturnValue(0);
    simulator.injectFault(fault({ fault: "connection-refused", times: 2 }));
    expect(await jobs.print(PRINT)).toMatchObject({
      state: "not-sent",
      evidence: null,
      error: { code: "ERR_CONNECTION", httpStatus: null },
      intent: { requests: 1 },
    });
    expect(requests()).toBe(0);
    simulator.assertNoPendingFaults();
    vi.restoreAllMocks();
  });

  it("resolves with an accepted job if the response is lost and a read shows the print", async () => {
    const { jobs, simulator, prints } = setStage();
    simulator.injectFault(fault({ fault: "lost-response" }));
    expect(await jobs.print(PRINT)).toMatchObject({ state: "accepted", evidence: "response" });
    expect(prints()).toBe(1);
  });

  it("resolves with a requested job if the outcome is unknown: one request, and a sweep decides after its window", async () => {
    const { jobs, simulator, requests } = setStage();
    simulator.injectFault(fault({ fault: "connection-reset", times: 5 }));
    const job = await jobs.print(PRINT);
    expect(job).toMatchObject({ state: "requested", evidence: null, error: { code: "ERR_CONNECTION" } });
    expect(job.dueAt).toBe(job.intent?.expiresAt);
    expect(requests()).toBe(1);
    expect(await jobs.sweep()).toEqual({ changed: [], left: 0 });
    passUntilDue(job);
    const { changed } = await jobs.sweep();
    expect(changed).toMatchObject([{ state: "not-sent", evidence: "read", dueAt: null }]);
    expect(changed[0]?.error).toEqual(job.error);
    expect(requests()).toBe(1);
  });

  it("sends again after a request in doubt only if the caller asks for that", async () => {
    const { jobs, simulator, requests } = setStage();
    vi.spyOn(Math, "random").mockReturnValue(0);
    simulator.injectFault(fault({ fault: "connection-reset" }));
    const job = await jobs.print(PRINT, { resend: true });
    expect(job).toMatchObject({ state: "accepted", intent: { requests: 2 } });
    expect(requests()).toBe(2);
    vi.restoreAllMocks();
  });

  it("leaves a late request to a sweep, which corrects the job to accepted, and to an event that closes it", async () => {
    const { jobs, simulator, card, prints } = setStage();
    simulator.injectFault(fault({ fault: { arrivesAfterMs: 20_000 } }));
    const job = await jobs.print(PRINT);
    expect(job.state).toBe("requested");
    letTimePass(20_001);
    expect(prints()).toBe(1);
    passUntilDue(job);
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "accepted", evidence: "read" }]);
    card.complete();
    const applied = await jobs.apply(createCardEvent(card.production as Production));
    expect(applied).toMatchObject({ outcome: "applied", job: { state: "produced", evidence: "event" } });
  });

  it("leaves a request that arrives after the window to an event, which corrects the job", async () => {
    const { jobs, simulator, card } = setStage();
    simulator.injectFault(fault({ fault: { arrivesAfterMs: 3_600_000 } }));
    const job = await jobs.print(PRINT);
    passUntilDue(job);
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "not-sent" }]);
    letTimePass(3_600_000);
    expect(await jobs.apply(createCardEvent(card.production as Production))).toMatchObject({
      outcome: "applied",
      job: { state: "accepted", evidence: "event" },
    });
    card.complete();
    await jobs.apply(createCardEvent(card.production as Production));
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "produced" });
  });
});

describe("a print that sends nothing", () => {
  it("follows the print that is in progress at the same kiosk", async () => {
    const { jobs, card, requests } = setStage();
    card.produce("WIS00001");
    const job = await jobs.print({ ...PRINT, kioskId: "wis00001" });
    expect(job).toMatchObject({ state: "accepted", evidence: "read", adopted: true, intent: null });
    card.fail("PRT_RIBBON_ENDED");
    await jobs.apply(createCardEvent(card.production as Production));
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "failed", adopted: true });
    expect(requests()).toBe(0);
  });

  it.each([
    ["another kiosk is producing the card", (card: ReturnType<typeof setStage>["card"]) => card.produce("WIS00002")],
    ["the card is produced", (card: ReturnType<typeof setStage>["card"]) => card.produce().complete()],
  ])("closes the job if %s", async (_why, bring) => {
    const { jobs, card, requests } = setStage();
    bring(card);
    const job = await jobs.print(PRINT);
    expect(job).toMatchObject({ state: "not-sent", evidence: "read", production: card.production, intent: null });
    expect(requests()).toBe(0);
  });

  it("closes the job if the card has a status that this version does not know", async () => {
    const status = { status: "ON_HOLD", kioskId: null, occurredAt: null };
    const { jobs, simulator, requests } = setStage();
    simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 200, body: status } });
    expect(await jobs.print(PRINT)).toMatchObject({ state: "not-sent", production: { rawStatus: "ON_HOLD" } });
    expect(requests()).toBe(0);
  });

  it("closes the job with the error if the status cannot be read", async () => {
    const { jobs, simulator, requests } = setStage();
    simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 404 } });
    const error = { code: "ERR_NOT_FOUND", httpStatus: 404, errorCode: null };
    expect(await jobs.print(PRINT)).toMatchObject({ state: "not-sent", evidence: null, intent: null, error });
    expect(requests()).toBe(0);
  });

  it("sends nothing if an earlier job has produced the card, even while reads lag", async () => {
    const { jobs, simulator, card } = setStage();
    await jobs.print(PRINT);
    card.complete();
    await jobs.apply(createCardEvent(card.production as Production));
    simulator.readLagMs = 3_600_000;
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({
      state: "not-sent",
      evidence: null,
      production: { status: "PRODUCED" },
    });
    expect(simulator.requests.map(({ operation }) => operation)).toEqual(["getProductionStatus", "produceCard"]);
  });

  it("sends nothing if an earlier job saw the card in progress elsewhere and the read lags behind", async () => {
    const { jobs, simulator, card, requests } = setStage();
    card.produce("WIS00002");
    await jobs.print(PRINT);
    simulator.readLagMs = 60_000;
    letTimePass(1000);
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({
      state: "not-sent",
      production: { status: "IN_PROGRESS", kioskId: "WIS00002" },
    });
    expect(requests()).toBe(0);
  });

  it("sends nothing if a sweep has closed the job before its intent could be stored", async () => {
    const { jobs, store, requests } = setStage({
      wrap: (kiosk) => ({
        produceCard: async (request, options) => {
          letTimePass(121_000);
          await jobs.sweep();
          return kiosk.produceCard(request, options);
        },
        getProductionStatus: (...given) => kiosk.getProductionStatus(...given),
        reconcileProduction: (...given) => kiosk.reconcileProduction(...given),
      }),
    });
    expect(await jobs.print(PRINT)).toMatchObject({ state: "not-sent", intent: null, error: null });
    expect(await store.get(PRINT.id)).toMatchObject({ state: "not-sent" });
    expect(requests()).toBe(0);
  });

  it("sends nothing if an event meanwhile reports that the card is produced", async () => {
    const { jobs, card, requests } = setStage({
      wrap: (kiosk) => ({
        produceCard: async (request, options) => {
          const occurredAt = new Date().toISOString();
          const details = { kioskId: "WIS00002", occurredAt, errorCode: null, description: null };
          await jobs.apply(createCardEvent({ status: "PRODUCED", ...details }));
          return kiosk.produceCard(request, options);
        },
        getProductionStatus: (...given) => kiosk.getProductionStatus(...given),
        reconcileProduction: (...given) => kiosk.reconcileProduction(...given),
      }),
    });
    expect(await jobs.print(PRINT)).toMatchObject({ state: "not-sent", production: { status: "PRODUCED" } });
    expect(card.production?.status).toBe("READY");
    expect(requests()).toBe(0);
  });
});

describe("a print with a client of one's own", () => {
  const failure = () => Object.assign(new Error("No!"), { code: "ECONNRESET", httpStatus: 500, errorCode: "x" });
  const NO_CODES = { code: null, httpStatus: null, errorCode: null };

  it("is not-sent, without a code, if the client reads nothing because of an error of its own", async () => {
    const { jobs } = setStage({
      wrap: (kiosk) => withMethods(kiosk, { getProductionStatus: async () => Promise.reject(failure()) }),
    });
    expect(await jobs.print(PRINT)).toMatchObject({ state: "not-sent", error: NO_CODES, intent: null });
  });

  it("leaves the job to a sweep if the client rejects with an error of its own after the request has left", async () => {
    const { jobs, prints } = setStage({
      wrap: (kiosk) =>
        withMethods(kiosk, {
          produceCard: async (...given) => {
            await kiosk.produceCard(...given);
            throw failure();
          },
        }),
    });
    expect(await jobs.print(PRINT)).toMatchObject({ state: "requested", error: NO_CODES, intent: { requests: 1 } });
    expect(prints()).toBe(1);
  });

  it("sends nothing if the first read rejects with an error whose request may have taken effect", async () => {
    const error = new KioskConnectionError("reset", { requestSent: true, mayHaveTakenEffect: true });
    const { jobs, requests } = setStage({
      wrap: (kiosk) => withMethods(kiosk, { getProductionStatus: async () => Promise.reject(error) }),
    });
    expect(await jobs.print(PRINT)).toMatchObject({ state: "requested", error: { code: error.code }, intent: null });
    expect(requests()).toBe(0);
  });

  it("leaves the job to a sweep if the client reports REQUEST_ALREADY_EXISTS without an intent", async () => {
    const refusal = { status: "REQUEST_ERROR", errorCode: "REQUEST_ALREADY_EXISTS" } as const;
    const production = { ...refusal, kioskId: "WIS00001", occurredAt: null, description: null };
    const { jobs } = setStage({ wrap: (kiosk) => withMethods(kiosk, { produceCard: async () => production }) });
    expect(await jobs.print(PRINT)).toMatchObject({ state: "requested", production, intent: null });
  });
});

describe("a job after REQUEST_ALREADY_EXISTS", () => {
  const ALREADY_EXISTS = {
    status: "REQUEST_ERROR",
    kioskId: "WIS00001",
    occurredAt: "2026-01-31T12:00:00.000Z",
    errorCode: "REQUEST_ALREADY_EXISTS",
    description: null,
  };
  const refuse = (takesEffect: boolean) => fault({ fault: { httpStatus: 422, body: ALREADY_EXISTS }, takesEffect });

  it("is accepted if a gateway has sent the request twice and a read shows the print", async () => {
    const { jobs, simulator } = setStage();
    simulator.injectFault(refuse(true));
    expect(await jobs.print(PRINT)).toMatchObject({ state: "accepted", production: { status: "IN_PROGRESS" } });
  });

  it("is accepted even if only a later read shows the print", async () => {
    const { jobs, simulator } = setStage({
      wrap: (kiosk) => ({
        produceCard: (request, options) => kiosk.produceCard(request, { ...options, maxRetries: 0 }),
        getProductionStatus: (...given) => kiosk.getProductionStatus(...given),
        reconcileProduction: (...given) => kiosk.reconcileProduction(...given),
      }),
    });
    simulator.injectFault(refuse(true));
    expect(await jobs.print(PRINT)).toMatchObject({ state: "accepted", evidence: "read", error: null });
  });

  it.each([
    ["refused", "not-taken", "READY"],
    ["unresolved", "unknown", "PRODUCED"],
  ] as const)("is %s if the outcome of the intent after the window is %s", async (state, outcome, status) => {
    const production = { status, kioskId: null, occurredAt: null, errorCode: null, description: null } as const;
    const reconcileProduction = vi.fn(async () => ({ outcome, production }));
    const { jobs, simulator } = setStage({
      wrap: (kiosk) => ({
        produceCard: (...given) => kiosk.produceCard(...given),
        getProductionStatus: (...given) => kiosk.getProductionStatus(...given),
        reconcileProduction,
      }),
    });
    simulator.injectFault(refuse(false));
    expect(await jobs.print(PRINT)).toMatchObject({ state });
    expect(reconcileProduction).toHaveBeenCalledWith(
      expect.objectContaining({ expiresAt: new Date().toISOString() }),
      expect.anything(),
    );
  });

  it("stays requested if the card cannot be read, and a sweep closes it as refused", async () => {
    let isDown = true;
    const { jobs, simulator } = setStage({
      wrap: (kiosk) => ({
        produceCard: (...given) => kiosk.produceCard(...given),
        getProductionStatus: (...given) => kiosk.getProductionStatus(...given),
        reconcileProduction: async (...given) => {
          if (isDown) throw new KioskConnectionError("down", { requestSent: false });
          return kiosk.reconcileProduction(...given);
        },
      }),
    });
    simulator.injectFault(refuse(false));
    const job = await jobs.print(PRINT);
    expect(job).toMatchObject({ state: "requested", production: ALREADY_EXISTS });
    isDown = false;
    passUntilDue(job);
    expect((await jobs.sweep()).changed).toMatchObject([{ state: "refused", production: ALREADY_EXISTS }]);
  });
});

describe("print with an id", () => {
  it("returns the existing job if the id was used for the same card and kiosk, and sends nothing again", async () => {
    const { jobs, changes, requests } = setStage();
    const job = await jobs.print(PRINT);
    const { length } = changes;
    expect(await jobs.print({ ...PRINT, kioskId: "wis00001", requestedBy: "clerk-18" })).toEqual(job);
    expect(changes).toHaveLength(length);
    expect(requests()).toBe(1);
  });

  it.each([
    { ...PRINT, kioskId: "WIS00002" },
    { ...PRINT, cardToken: "another card" },
    { ...PRINT, profileId: 7 },
  ])("rejects an id that was used for another card or kiosk: %j", async (request) => {
    const { jobs, requests } = setStage();
    await jobs.print(PRINT);
    const error = await catchRejection(jobs.print(request));
    expect(error).toBeInstanceOf(KioskArgumentError);
    expect(error).toMatchObject({ argument: "id", mayHaveTakenEffect: false });
    expect(requests()).toBe(1);
  });

  it("accepts an id of 200 characters", async () => {
    const { jobs } = setStage();
    const id = "x".repeat(200);
    expect(await jobs.print({ ...PRINT, id })).toMatchObject({ id, state: "accepted" });
  });

  it("creates an id by default", async () => {
    const { jobs } = setStage();
    const request = { ...STAGE_CARD, kioskId: "WIS00001", requestedBy: null } as unknown as PrintRequest;
    const { id, requestedBy } = await jobs.print(request);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(requestedBy).toBeNull();
  });

  it("prints once if it is called ten times at the same time, on several instances", async () => {
    const { create, prints } = setStage();
    const found = await Promise.all(Array.from({ length: 10 }, () => create().print(PRINT)));
    expect(new Set(found.map(({ id }) => id))).toEqual(new Set([PRINT.id]));
    expect(prints()).toBe(1);
  });
});

describe("print of a card with an open job", () => {
  it("rejects with the open job, and sends nothing", async () => {
    const { jobs, requests } = setStage();
    const open = await jobs.print(PRINT);
    const error = await catchRejection(jobs.print({ ...PRINT, id: "job-2" }));
    expect(error).toBeInstanceOf(KioskPrintJobConflictError);
    expect(error).toMatchObject({ code: "ERR_PRINT_JOB_CONFLICT", job: open, mayHaveTakenEffect: false });
    expect(JSON.stringify(error)).not.toContain(STAGE_CARD.cardToken);
    expect(await jobs.get("job-2")).toBeUndefined();
    expect(requests()).toBe(1);
  });

  it.each([
    ["requested", "Wait until it is closed."],
    ["accepted", "Wait until it is closed, or look into its kiosk and call `resolve` once it is overdue."],
    ["unresolved", "Wait until it is closed, or look into its kiosk and call `resolve`."],
  ] as const)("says what to do if the open job of the card is %s", async (state, advice) => {
    const { jobs, store } = setStage();
    await store.insert({ ...JOBS[state], ...STAGE_CARD, profileId: String(STAGE_CARD.profileId) });
    const message = `The card has an open print job: "job-1" is ${state}. ${advice}`;
    expect(await catchRejection(jobs.print({ ...PRINT, id: "job-2" }))).toMatchObject({ message });
  });

  it("succeeds for one of many clerks who press at the same time", async () => {
    const { create, prints } = setStage();
    const results = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => create().print({ ...PRINT, id: `job-${n}` })),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toBeInstanceOf(KioskPrintJobConflictError);
    }
    expect(prints()).toBe(1);
  });

  it("succeeds once the open job is closed", async () => {
    const { jobs, card, prints } = setStage();
    await jobs.print(PRINT);
    card.fail("PRD_HOPPER_JAM");
    await jobs.apply(createCardEvent(card.production as Production));
    letTimePass(60_000);
    const job = await jobs.print({ ...PRINT, id: "job-2" });
    expect(job).toMatchObject({ state: "accepted", intent: { previous: { status: "PRODUCTION_ERROR" } } });
    expect(prints()).toBe(2);
  });

  it("ignores an open job of another card", async () => {
    const { jobs, simulator } = setStage();
    simulator.addCard({ ...STAGE_CARD, cardToken: "other card" });
    await jobs.print(PRINT);
    expect(await jobs.print({ ...PRINT, id: "job-2", cardToken: "other card" })).toMatchObject({ state: "accepted" });
  });
});

describe("the first read of a print", () => {
  it("corrects the failed job before it if the card is produced after all", async () => {
    const { jobs, simulator, card } = setStage();
    await jobs.print(PRINT);
    card.fail("PRD_HOPPER_JAM");
    const failed = card.production as Production;
    await jobs.apply(createCardEvent(failed));
    const body = { ...failed, status: "PRODUCED", errorCode: null };
    simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 200, body } });
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({ state: "not-sent" });
    expect(await jobs.get(PRINT.id)).toMatchObject({ state: "produced", evidence: "read" });
  });

  it("adds a note to a job that was given up while the new job follows its print", async () => {
    const { jobs, simulator, prints } = setStage();
    simulator.injectFault(fault({ fault: { arrivesAfterMs: 3_600_000 } }));
    const first = await jobs.print(PRINT);
    passUntilDue(first);
    await jobs.sweep();
    letTimePass(3_600_000);
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({ state: "accepted", adopted: true });
    const job = await jobs.get(PRINT.id);
    expect(job).toMatchObject({ state: "not-sent", evidence: "read" });
    expect(job?.history.at(-1)).toMatchObject({ state: "not-sent", note: expect.stringContaining("IN_PROGRESS of ") });
    expect(prints()).toBe(1);
  });
});

/** Changes every field of a job in place, as code that masks what it logs may do. */
function deface(job: PrintJob): void {
  for (const field of [job.production, job.known, job.intent, job.intent?.previous, job.history[0]]) {
    if (field)
      Object.assign(field, { status: "READY", at: "***", occurredAt: "***", expiresAt: "***", kioskId: "***" });
  }
  Object.assign(job, { id: "***", profileId: "***", cardToken: "***", kioskId: "***", state: "not-sent", dueAt: null });
}

describe("PrintJobs", () => {
  it.each<[string, (stage: ReturnType<typeof setStage>) => Partial<PrintJobsOptions>]>([
    ["onChange", () => ({ onChange: deface })],
    [
      "a store of one's own",
      ({ store }) => ({
        store: {
          ...store,
          insert: async (job) => store.insert(job).finally(() => deface(job)),
          replace: async (job, version) => store.replace(job, version).finally(() => deface(job)),
        },
      }),
    ],
  ])("prints, applies events and sweeps as usual if %s changes the jobs that it gets", async (_, given) => {
    const stage = setStage();
    const { create, store, card } = stage;
    const jobs = create(given(stage));
    const own = { ...PRINT, profileId: String(PRINT.profileId) };
    expect(await jobs.print(PRINT)).toMatchObject({ ...own, state: "accepted" });
    expect(await store.get(PRINT.id)).toMatchObject({ ...own, state: "accepted", intent: { kioskId: PRINT.kioskId } });
    expect(await catchRejection(jobs.print({ ...PRINT, id: "job-2" }))).toMatchObject({ job: { ...own } });
    card.fail("PRD_HOPPER_JAM");
    const failure = { outcome: "applied", job: { ...own, state: "failed", production: card.production } };
    expect(await jobs.apply(createCardEvent(card.production as Production))).toMatchObject(failure);
    expect(await jobs.print({ ...PRINT, id: "job-2" })).toMatchObject({ ...own, id: "job-2", state: "accepted" });
    card.complete();
    letTimePass(400_000);
    const swept = { ...own, id: "job-2", state: "produced", production: card.production };
    expect((await jobs.sweep()).changed).toMatchObject([swept]);
    expect(await store.get("job-2")).toMatchObject(swept);
  });

  it("ignores errors of onChange, thrown and rejected", async () => {
    const { create } = setStage();
    const thrown = create({
      onChange: () => {
        throw new Error("the log is full");
      },
    });
    expect(await thrown.print(PRINT)).toMatchObject({ state: "accepted" });
    const rejected = create({ onChange: async () => Promise.reject(new Error("the log is full")) });
    letTimePass(400_000);
    expect(await rejected.sweep()).toMatchObject({ left: 0 });
  });

  it("accepts every kind of profile id", async () => {
    const { jobs } = setStage();
    expect(await jobs.print({ ...PRINT, profileId: "123456" })).toMatchObject({ profileId: "123456" });
    expect(await jobs.jobsOf({ ...STAGE_CARD, profileId: 123456n })).toHaveLength(1);
  });

  it.each<[string, object, string]>([
    ["client", { client: {} }, "client must be a WiseKioskClient, not an object without the method produceCard"],
    ["client", { client: undefined }, "client must be a WiseKioskClient, not undefined"],
    ["client", { client: null }, "client must be a WiseKioskClient, not null"],
    ["store", { store: {} }, "store must be a PrintJobStore, as from postgresPrintJobStore"],
    ["onChange", { onChange: "log" }, "onChange must be a function, not a string"],
    ["overdueMs", { overdueMs: 0 }, "overdueMs must be a number of milliseconds"],
    ["staleMs", { staleMs: Number.NaN }, "staleMs must be a number of milliseconds"],
    ["maxReadsPerSecond", { maxReadsPerSecond: 0 }, "maxReadsPerSecond must be a number from 0.01 to 1000, not 0"],
    ["maxReadsPerSecond", { maxReadsPerSecond: 1000.1 }, "must be a number from 0.01 to 1000"],
    ["maxReadsPerSecond", { maxReadsPerSecond: "5" }, "must be a number from 0.01 to 1000, not a string"],
    ["onchange", { onchange: () => {} }, "onchange is not a known option. Did you mean `onChange`?"],
  ])("refuses the option %s: %j", (argument, given, message) => {
    const { kiosk, store } = setStage();
    expect(() => new PrintJobs({ client: kiosk, store, ...given } as never)).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument, message: expect.stringContaining(message) }),
    );
  });

  it.each([0.01, 1000])("accepts %d as maxReadsPerSecond", (maxReadsPerSecond) => {
    const { create } = setStage();
    expect(() => create({ maxReadsPerSecond })).not.toThrow();
  });

  it("accepts undefined for every optional option", () => {
    const { kiosk: client, store } = setStage();
    const undefinedOptions = { onChange: undefined, overdueMs: undefined, staleMs: undefined };
    expect(() => new PrintJobs({ client, store, ...undefinedOptions, maxReadsPerSecond: undefined })).not.toThrow();
  });
});

describe("an invalid argument of print", () => {
  it.each<[string, object, object?]>([
    ["request", []],
    ["id", { ...PRINT, id: " " }],
    ["id", { ...PRINT, id: 7 }],
    ["id", { ...PRINT, id: "x".repeat(201) }],
    ["cardToken", { ...PRINT, cardToken: "x".repeat(401) }],
    ["kioskId", { ...PRINT, kioskId: "x".repeat(201) }],
    ["id", { ...PRINT, id: "a\0b" }],
    ["profileId", { ...PRINT, profileId: -1 }],
    ["cardToken", { ...PRINT, cardToken: "" }],
    ["kioskId", { ...PRINT, kioskId: " WIS00001" }],
    ["requestedBy", { ...PRINT, requestedBy: "" }],
    ["timeoutMs", PRINT, { timeoutMs: 0 }],
    ["deadlineMs", PRINT, { deadlineMs: -1 }],
    ["maxretries", PRINT, { maxretries: 1 }],
    ["token", PRINT, { token: "" }],
  ])("is rejected before anything is stored: %s of %j with %j", async (argument, request, options = {}) => {
    const { jobs, store, simulator } = setStage();
    const error = await catchRejection(jobs.print((Array.isArray(request) ? undefined : request) as never, options));
    expect(error).toMatchObject({ code: "ERR_ARGUMENT", argument });
    expect(await store.list({ limit: 10 })).toEqual([]);
    expect(simulator.requests).toEqual([]);
  });
});

describe("a call that ends after its job was given up", () => {
  it("does not count the print of a later job as its own", async () => {
    const stage = setStage({ client: { maxRetries: 0 } });
    const { kiosk, simulator, store, create, card } = stage;
    simulator.injectFault(fault({ fault: "connection-reset" }));
    let endCall: (production: Production) => void = () => {};
    const ended = new Promise<Production>((resolve) => {
      endCall = resolve;
    });
    const slow = {
      getProductionStatus: kiosk.getProductionStatus.bind(kiosk),
      reconcileProduction: kiosk.reconcileProduction.bind(kiosk),
      produceCard: async (...given: Parameters<typeof kiosk.produceCard>) => {
        await kiosk.produceCard(...given).catch(() => {});
        return ended;
      },
    };
    const first = create({ client: slow }).print(PRINT);
    await vi.waitFor(async () => expect((await store.get(PRINT.id))?.intent).toBeTruthy());
    await vi.waitFor(() => expect(stage.requests()).toBe(1));
    passUntilDue((await store.get(PRINT.id)) as PrintJob);
    const jobs = create();
    expect((await jobs.sweep()).changed).toMatchObject([{ id: PRINT.id, state: "not-sent" }]);
    letTimePass(60_000);
    await jobs.print({ ...PRINT, id: "job-2" });
    card.fail("PRD_HOPPER_JAM");
    const failure = card.production as Production;
    await jobs.apply(createCardEvent(failure));
    endCall(failure);
    expect(await first).toMatchObject({ id: PRINT.id, state: "not-sent", production: { status: "READY" } });
    expect(await jobs.get("job-2")).toMatchObject({ state: "failed" });
  });
});
