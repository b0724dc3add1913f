import type { PGlite } from "@electric-sql/pglite";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import {
  KioskArgumentError,
  POSTGRES_PRINT_JOBS_SQL,
  type PostgresDatabase,
  type PrintJob,
  type PrintJobStore,
  postgresPrintJobStore,
} from "wise-card-kiosk/print-jobs";
import { checkPrintJobStore } from "wise-card-kiosk/testing";
import { emptyPglite } from "../support/pglite.js";
import { REQUESTED_JOB, toTimeText } from "../support/print-job-records.js";

const LONGEST = 60_000;
const NOT_SENT = { state: "not-sent", dueAt: null } as const;

let database: PGlite;
let others: PrintJobStore;
beforeAll(async () => {
  database = await emptyPglite();
  others = postgresPrintJobStore(database);
}, LONGEST);
beforeEach(() => emptyPglite());

const jobWith = (id: string, given: Partial<PrintJob> = {}): PrintJob => ({ ...REQUESTED_JOB, id, ...given });
const next = (job: PrintJob, given: Partial<PrintJob>): PrintJob => ({ ...job, ...given, version: job.version + 1 });
const conflict = (code: string) => Object.assign(new Error("another transaction came first"), { code });
const ids = (jobs: readonly PrintJob[]) => jobs.map(({ id }) => id);

/** Creates a store, and calls `before` with the number of each of its statements, from 1, before the statement runs. */
function interruptedStore(before: (statement: number) => unknown): PrintJobStore {
  let statements = 0;
  const query: PostgresDatabase["query"] = async (text, values) => {
    statements += 1;
    await before(statements);
    return { rows: (await database.query(text, values)).rows };
  };
  return postgresPrintJobStore({ query });
}

describe("postgresPrintJobStore over PGlite", { timeout: LONGEST }, () => {
  it("keeps every promise of a PrintJobStore", async () => {
    await checkPrintJobStore(async () => postgresPrintJobStore(await emptyPglite()));
  });

  it("works within a transaction of PGlite", async () => {
    await database.transaction(async (transaction) => {
      expect(await postgresPrintJobStore(transaction).insert(jobWith("a"))).toEqual({ inserted: true });
      await transaction.rollback();
    });
    expect(await others.get("a")).toBeUndefined();
  });

  it("creates its table once in transactions of PGlite that are serializable", async () => {
    await database.transaction(async (transaction) => {
      await transaction.exec("set transaction isolation level serializable; create schema own; set search_path to own");
      for (let runs = 0; runs < 2; runs += 1) await transaction.query(POSTGRES_PRINT_JOBS_SQL);
      expect((await transaction.query("select from own.wise_print_job")).rows).toEqual([]);
      await transaction.rollback();
    });
  });

  it("stores a job in one row, as ASCII, with no due time if it has none", async () => {
    await others.insert(jobWith("ä\0", { kioskId: "FİLİALE-Ä" }));
    await others.insert(jobWith("b", { ...NOT_SENT, version: 7 }));
    const { rows } = await database.query("select * from wise_print_job order by place");
    const { profileId: profile_id, cardToken: card_token } = REQUESTED_JOB;
    const columns = { place: expect.any(Number), profile_id, card_token, updated_at: toTimeText(0) };
    expect(rows).toEqual([
      {
        ...columns,
        id: "\\u00e4\\u0000",
        kiosk_id: "fi\\u0307li\\u0307ale-\\u00e4",
        state: "requested",
        version: 1,
        due_at: toTimeText(120),
        job: expect.stringMatching(/^\{"format":1,"id":"\\u00e4\\u0000",[ -~]*\}$/),
      },
      {
        ...columns,
        id: "b",
        kiosk_id: "wis00001",
        state: "not-sent",
        version: 7,
        due_at: null,
        job: JSON.stringify(jobWith("b", { ...NOT_SENT, version: 7 })),
      },
    ]);
    expect(ids(await others.list({ kioskId: "fi̇li̇ale-ä", limit: 10 }))).toEqual(["ä\0"]);
  });

  it("returns due jobs in the order of their due times, not of their insertion", async () => {
    for (const [id, minute] of Object.entries({ second: 2, first: 1, third: 3 })) {
      await others.insert(jobWith(id, { cardToken: id, dueAt: toTimeText(60 * minute) }));
    }
    expect(ids(await others.due({ before: toTimeText(999), limit: 2 }))).toEqual(["first", "second"]);
    expect(ids(await others.due({ before: toTimeText(120), limit: 10 }))).toEqual(["first", "second"]);
  });

  it("inserts a job if the one in its way closes before it is read", async () => {
    const job = jobWith("first");
    await others.insert(job);
    const store = interruptedStore(async (statement) => {
      if (statement === 2) expect(await others.replace(next(job, NOT_SENT), 1)).toBe("replaced");
    });
    expect(await store.insert(jobWith("second"))).toEqual({ inserted: true });
  });

  it.each([
    ["the first statement of a write that succeeds", 1, "replaced", NOT_SENT],
    ["one statement if a closed job is stale", 7, "stale", NOT_SENT],
    ["two statements if an open job is stale", 7, "stale", { state: "accepted" } as const],
  ])("takes no lock of the card to replace a job: %s", async (_what, version, result, change) => {
    const job = jobWith("a");
    await others.insert(job);
    let statements = 0;
    const store = interruptedStore((statement) => {
      statements = statement;
    });
    expect(await store.replace(next(job, change), version)).toBe(result);
    expect(statements).toBe("dueAt" in change ? 1 : 2);
  });

  it("returns blocked if another job of the card is inserted while it reopens one", async () => {
    const closed = jobWith("closed", NOT_SENT);
    await others.insert(closed);
    // The 4th statement is the one that opens it. The lock of the 3rd one is gone, because no transaction holds it.
    const store = interruptedStore(async (statement) => {
      if (statement === 4) expect(await others.insert(jobWith("other"))).toEqual({ inserted: true });
    });
    expect(await store.replace(next(closed, { state: "accepted" }), 1)).toBe("blocked");
    expect(await others.get("closed")).toEqual(closed);
  });

  it("returns stale, not blocked, if someone else changes a job while it is reopened", async () => {
    const closed = jobWith("closed", NOT_SENT);
    await others.insert(closed);
    const store = interruptedStore(async (statement) => {
      if (statement === 4) expect(await others.replace(next(closed, { requestedBy: "anna" }), 1)).toBe("replaced");
    });
    expect(await store.replace(next(closed, { state: "accepted" }), 1)).toBe("stale");
  });

  it("returns blocked if the unique index of the table prevents that a job is reopened", async () => {
    const closed = jobWith("closed", NOT_SENT);
    await others.insert(closed);
    const store = interruptedStore(async (statement) => {
      if (statement !== 4) return;
      await others.insert(jobWith("other"));
      throw conflict("23505");
    });
    expect(await store.replace(next(closed, { state: "accepted" }), 1)).toBe("blocked");
  });

  it.each(["40001", "40P01", "23505"])(
    "runs a statement up to 20 times if it fails because of concurrent statements: %s",
    async (code) => {
      const store = interruptedStore((statement) => {
        if (statement !== 20) throw conflict(code);
      });
      expect(await store.insert(jobWith("a"))).toEqual({ inserted: true });
      let statements = 0;
      const failing = interruptedStore((statement) => {
        statements = statement;
        throw conflict(code);
      });
      await expect(failing.get("a")).rejects.toMatchObject({ code });
      expect(statements).toBe(20);
    },
  );

  it("rejects within a transaction because of the conflict, although the statement was refused when it ran again", async () => {
    let statements = 0;
    const aborted = database.transaction(async (transaction) => {
      const store = postgresPrintJobStore({
        async query(text, values) {
          statements += 1;
          if (statements > 1) return transaction.query(text, values);
          await transaction.query("select 1 / 0").catch(() => {});
          throw conflict("40001");
        },
      });
      await expect(store.get("a")).rejects.toMatchObject({ code: "40001" });
      expect(statements).toBe(2);
      // The transaction had failed before.
      await store.get("a");
    });
    await expect(aborted).rejects.toMatchObject({ code: "25P02" });
  });

  it.each([new Error("Connection terminated"), Object.assign(new Error("timeout"), { code: "57014" }), null])(
    "rejects with any other failure of the database: %s",
    async (failure) => {
      const closed = jobWith("closed", NOT_SENT);
      await others.insert(closed);
      const store = interruptedStore((statement) => {
        if (statement === 4) throw failure;
      });
      await expect(store.replace(next(closed, { state: "accepted" }), 1)).rejects.toBe(failure);
    },
  );
});

describe("postgresPrintJobStore over any database", () => {
  it.each([
    [undefined, "undefined"],
    ["postgresql://127.0.0.1/bank", "a string"],
    [{ execute() {} }, "an object"],
  ])("refuses a value without a query method: %s", (given, found) => {
    const create = () => postgresPrintJobStore(given as never);
    expect(create).toThrow(KioskArgumentError);
    expect(create).toThrow(`must be a Pool of pg, or another object with query(text, values), not ${found}`);
  });

  it("rejects if the driver does not return rows, instead of assuming an empty table", async () => {
    for (const result of [undefined, [], { rows: 1 }]) {
      const store = postgresPrintJobStore({ query: async () => result as never });
      await expect(store.get("a")).rejects.toThrow("must resolve with an object that has an array `rows`");
    }
  });

  it("rejects an insertion if another job is in its way in 20 attempts and always closes", async () => {
    let statements = 0;
    const query = async () => {
      statements += 1;
      if (statements > 100) throw new Error("too many statements");
      return { rows: [] };
    };
    const insertion = postgresPrintJobStore({ query }).insert(jobWith("a"));
    await expect(insertion).rejects.toThrow("in each of 20 attempts, the job in its way closed");
    expect(statements).toBe(40);
  });
});
