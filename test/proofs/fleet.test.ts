import { expect, it } from "vitest";
import { WiseKioskClient, type WiseKioskClientOptions } from "wise-card-kiosk";
import { memoryPrintJobStore, type PrintJob, PrintJobs } from "wise-card-kiosk/print-jobs";
import { createKioskSimulator } from "wise-card-kiosk/testing";

const JOBS = 10_000;
const INSTANCES = 4;
const READS_PER_SECOND = 250;
const LONG_AGO = new Date(Date.now() - 400_000).toISOString();

/** A job that was accepted long ago, and whose card a sweep must read now. */
function overdueJob(number: number): PrintJob {
  const production = {
    status: "IN_PROGRESS",
    kioskId: "WIS00001",
    occurredAt: LONG_AGO,
    errorCode: null,
    description: null,
  } as const;
  return {
    format: 1,
    id: `job-${number}`,
    profileId: "123456",
    cardToken: `card-${number}`,
    kioskId: "WIS00001",
    requestedBy: null,
    state: "accepted",
    evidence: "response",
    adopted: false,
    production,
    known: null,
    intent: null,
    error: null,
    createdAt: LONG_AGO,
    updatedAt: LONG_AGO,
    dueAt: LONG_AGO,
    version: 1,
    history: [],
  };
}

it("sweeps 10,000 due jobs on four instances within their read budget, and reads each card once", async () => {
  const store = memoryPrintJobStore();
  const simulator = createKioskSimulator();
  for (let number = 0; number < JOBS; number += 1) {
    const job = overdueJob(number);
    await store.insert(job);
    simulator.addCard({ profileId: job.profileId, cardToken: job.cardToken }).produce().complete();
  }
  let reads = 0;
  const countRead = (): void => {
    reads += 1;
  };
  const startInstance = () => {
    const options = { ...simulator.clientOptions(), onExchange: countRead };
    const client = new WiseKioskClient(options as WiseKioskClientOptions);
    return new PrintJobs({ client, store, maxReadsPerSecond: READS_PER_SECOND });
  };
  const sweepAll = async (jobs: PrintJobs): Promise<number> => {
    let changed = 0;
    for (let sweep = 0; sweep < JOBS; sweep += 1) {
      const result = await jobs.sweep({ limit: 500 });
      changed += result.changed.length;
      if (result.left === 0) return changed;
    }
    throw new Error("The sweeps do not end");
  };

  const beganAt = performance.now();
  const changed = await Promise.all(Array.from({ length: INSTANCES }, () => sweepAll(startInstance())));
  const elapsedSeconds = (performance.now() - beganAt) / 1000;

  expect(changed.reduce((sum, count) => sum + count)).toBe(JOBS);
  expect(reads).toBe(JOBS);
  expect(await store.due({ before: new Date().toISOString(), limit: 1 })).toEqual([]);
  expect(await store.list({ states: ["produced"], limit: JOBS })).toHaveLength(JOBS);
  // The first second's budget is available immediately.
  expect(elapsedSeconds).toBeGreaterThanOrEqual(JOBS / (INSTANCES * READS_PER_SECOND) - 1);
});
