import { subscribe } from "node:diagnostics_channel";
import { writeSync } from "node:fs";
import pg from "pg";
import { isKioskError, WiseKioskClient } from "wise-card-kiosk";
import { type PrintJobStore, PrintJobs, postgresPrintJobStore } from "wise-card-kiosk/print-jobs";
import type { ActResult, BankAct, BankPlan, ProcessStep } from "../bank-plan.js";
import { journalPrintJobStore } from "../journal-print-job-store.js";

/** A process of the bank. It performs the actions of `BANK_PLAN`, writes a line for each, and may kill itself at a step. */
const plan: BankPlan = JSON.parse(process.env["BANK_PLAN"] ?? "");

const counts = new Map<string, number>();

/** Counts a step, and kills the process at the step of the plan. No code runs after a SIGKILL, not even the rest of this function. */
function reach(step: ProcessStep): void {
  for (const name of [step, "any step"]) {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    if (plan.death?.at === name && plan.death.nth === count) process.kill(process.pid, "SIGKILL");
  }
}

/** Makes the clock of this process run ahead. */
function setClockAhead(ms: number): void {
  const { now } = Date;
  globalThis.Date = class extends Date {
    constructor(...[value = now() + ms]: [(number | string | Date)?]) {
      super(value);
    }
    static override now(): number {
      return now() + ms;
    }
  } as DateConstructor;
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
        return jobs.print({ ...card, kioskId, id: act.id }, { correlationId: act.id });
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
    writeSync(1, `${JSON.stringify(output)}\n`);
  }
}

async function main(): Promise<void> {
  setClockAhead(plan.aheadMs);
  watchRequests();
  const { database, baseUrl, token, timeoutMs, reconcileWindowMs, overdueMs, staleMs } = plan;
  const client = new WiseKioskClient({ baseUrl, token, timeoutMs, reconcileWindowMs });
  const store = withSteps("folder" in database ? journalPrintJobStore(database.folder) : await openStore(database.url));
  await runActs(new PrintJobs({ client, store, overdueMs, staleMs, maxReadsPerSecond: 1000 }), plan);
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
