import { subscribe } from "node:diagnostics_channel";
import { readSync, writeSync } from "node:fs";
import pg from "pg";
import { isKioskError, WiseKioskClient } from "wise-card-kiosk";
import { type PrintJobStore, PrintJobs, postgresPrintJobStore } from "wise-card-kiosk/print-jobs";
import type { ActResult, BankAct, BankLine, BankPlan, ProcessStep, StepOfMany, StoreDefect } from "../bank-plan.js";
import { journalPrintJobStore } from "../journal-print-job-store.js";

/**
 * A process of the bank. It performs the actions of `BANK_PLAN`, writes a line for each, and may kill itself or freeze at a step.
 */
const plan: BankPlan = JSON.parse(process.env["BANK_PLAN"] ?? "");

const counts = new Map<string, number>();

/** How far the clock of this process is ahead, in milliseconds. */
let aheadMs = plan.aheadMs;

/** Counts a step. Kills or freezes the process at the steps of the plan. */
function reach(step: ProcessStep): void {
  const names = [step, "any step"];
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const isAt = (planned: StepOfMany | undefined) =>
    planned !== undefined && names.includes(planned.at) && counts.get(planned.at) === planned.nth;
  // No code runs after a SIGKILL, not even the rest of this function.
  if (isAt(plan.death)) process.kill(process.pid, "SIGKILL");
  if (isAt(plan.freeze) && step !== "PUT begins") freeze();
}

/** Blocks until a line arrives. Meanwhile no timer fires and nothing is received. */
function freeze(): void {
  writeLine({ isFrozen: true });
  const line = Buffer.alloc(100);
  aheadMs += Number(line.toString("utf8", 0, readSync(0, line)));
}

function writeLine(line: BankLine): void {
  writeSync(1, `${JSON.stringify(line)}\n`);
}

/** Makes the clock of this process run ahead. */
function setClockAhead(): void {
  const { now } = Date;
  const ahead = () => now() + aheadMs;
  globalThis.Date = new Proxy(Date, {
    construct: (target, given, created) => Reflect.construct(target, given.length === 0 ? [ahead()] : given, created),
    get: (target, name) => (name === "now" ? ahead : Reflect.get(target, name)),
  });
}

/** Counts the steps of each request. undici reports them on these channels; other methods and hosts do not occur. */
function watchRequests(): void {
  const watch = (channel: string, toStep: (method: "PUT" | "GET") => ProcessStep) =>
    subscribe(channel, (message) => reach(toStep((message as { request: { method: "PUT" | "GET" } }).request.method)));
  watch("undici:client:sendHeaders", (method) => `${method} begins`);
  watch("undici:request:bodySent", (method) => `${method} sent`);
  watch("undici:request:trailers", (method) => `${method} ends`);
  watch("undici:request:error", (method) => `${method} ends`);
}

async function openStore(url: string): Promise<PrintJobStore> {
  const connection = new pg.Client({ connectionString: url });
  await connection.connect();
  return postgresPrintJobStore({
    query(text, values) {
      const result = connection.query(text, values);
      reach("query sent");
      return result;
    },
  });
}

function withDefect(store: PrintJobStore, defect: StoreDefect | undefined): PrintJobStore {
  return {
    ...store,
    async replace(job, expectedVersion) {
      if (defect === "loses intents" && job.state === "requested" && job.intent !== null) return "replaced";
      const version = defect === "ignores versions" ? (await store.get(job.id))?.version : undefined;
      return store.replace(job, version ?? expectedVersion);
    },
  };
}

function withSteps(store: PrintJobStore): PrintJobStore {
  return {
    ...store,
    async insert(job) {
      reach("insert begins");
      const insertion = await store.insert(job);
      reach("insert ends");
      return insertion;
    },
    async replace(job, expectedVersion) {
      reach("replace begins");
      const replacement = await store.replace(job, expectedVersion);
      reach("replace ends");
      return replacement;
    },
  };
}

async function runActs(jobs: PrintJobs, { acts, card, kioskId }: BankPlan): Promise<void> {
  const run = async (act: BankAct): Promise<unknown> => {
    switch (act.do) {
      case "print":
        return jobs.print(
          { ...card, kioskId, id: act.id },
          { correlationId: act.id, reconcileWindowMs: act.reconcileWindowMs },
        );
      case "sweep":
        return jobs.sweep();
      case "apply":
        return jobs.apply(act.event);
      case "resolve":
        return jobs.resolve(act.id, act.resolution);
    }
  };
  for (const one of acts) {
    const output: ActResult = await run(one).then(
      (result) => ({ result }),
      (error) => ({ error: isKioskError(error) ? error.code : String(error?.stack ?? error) }),
    );
    writeLine(output);
  }
}

async function main(): Promise<void> {
  setClockAhead();
  watchRequests();
  const { database, storeDefect, baseUrl, token, timeoutMs, reconcileWindowMs, overdueMs, staleMs } = plan;
  const client = new WiseKioskClient({ baseUrl, token, timeoutMs, reconcileWindowMs });
  const store = "folder" in database ? journalPrintJobStore(database.folder) : await openStore(database.url);
  const jobs = new PrintJobs({
    client,
    store: withSteps(withDefect(store, storeDefect)),
    overdueMs,
    staleMs,
    maxReadsPerSecond: 1000,
  });
  await runActs(jobs, plan);
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
