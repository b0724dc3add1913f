import { expect, it } from "vitest";
import { WiseKioskClient } from "wise-card-kiosk";
import { memoryPrintJobStore, type PrintJob, PrintJobs } from "wise-card-kiosk/print-jobs";
import { createKioskSimulator } from "wise-card-kiosk/testing";

const LONG_AGO = new Date(Date.now() - 400_000).toISOString();

/** Requests have their times in whole milliseconds. */
const ROUNDING_MS = 2;

/** The maximum number of jobs that a sweep processes. */
const SWEEP_LIMIT = 500;

/** The instances of a backend, and the due jobs that they sweep. */
interface Fleet {
  readonly jobs: number;
  readonly instances: number;
  /** The read budget of each instance. */
  readonly maxReadsPerSecond: number;
}

/** Creates a job that was accepted long ago, and whose card a sweep must read now. */
function createOverdueJob(number: number): PrintJob {
  const details = { kioskId: "WIS00001", occurredAt: LONG_AGO, errorCode: null, description: null };
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
    production: { status: "IN_PROGRESS", ...details },
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

/**
 * Sweeps until no job is due. Returns how many jobs each instance changed, the requests, and the time of each since the
 * beginning.
 */
async function sweepFleet({ jobs, instances, maxReadsPerSecond }: Fleet) {
  const store = memoryPrintJobStore();
  const simulator = createKioskSimulator();
  for (let number = 0; number < jobs; number += 1) {
    const job = createOverdueJob(number);
    await store.insert(job);
    simulator.addCard({ profileId: job.profileId, cardToken: job.cardToken }).produce().complete();
  }
  const sweepAll = async (): Promise<number> => {
    const client = new WiseKioskClient(simulator.clientOptions());
    const printJobs = new PrintJobs({ client, store, maxReadsPerSecond });
    let changed = 0;
    // Each sweep of an instance processes all due jobs up to its limit, or other instances do.
    for (let sweep = 0; sweep <= jobs / SWEEP_LIMIT + 1; sweep += 1) {
      const result = await printJobs.sweep({ limit: SWEEP_LIMIT });
      changed += result.changed.length;
      if (result.left === 0) return changed;
    }
    throw new Error("The sweeps do not end.");
  };
  const beganAt = Date.now();
  const changed = await Promise.all(Array.from({ length: instances }, sweepAll));
  const { requests } = simulator;
  return { store, changed, requests, times: requests.map(({ at }) => Date.parse(at) - beganAt) };
}

/**
 * Returns the times of the requests that arrived before the budget allowed them. The budget of each second is there when it
 * begins.
 */
function findEarlyRequests(times: readonly number[], perSecond: number): readonly number[] {
  return times.filter((time, index) => time + ROUNDING_MS < Math.floor(index / perSecond) * 1000);
}

it("sweeps 10,000 due jobs on four instances within their read budget, and reads each card once", async () => {
  const fleet = { jobs: 10_000, instances: 4, maxReadsPerSecond: 250 };
  const { store, changed, requests, times } = await sweepFleet(fleet);
  expect(changed.reduce((sum, count) => sum + count)).toBe(fleet.jobs);
  expect(Math.min(...changed), "each instance does a part of the work").toBeGreaterThan(0);
  expect(new Set(requests.map(({ operation }) => operation))).toEqual(new Set(["getProductionStatus"]));
  expect(requests).toHaveLength(fleet.jobs);
  expect(new Set(requests.map(({ path }) => path)).size).toBe(fleet.jobs);
  expect(findEarlyRequests(times, fleet.instances * fleet.maxReadsPerSecond)).toEqual([]);
  expect(await store.due({ before: new Date().toISOString(), limit: 1 })).toEqual([]);
  expect(await store.list({ states: ["produced"], limit: fleet.jobs })).toHaveLength(fleet.jobs);
});

it("finds the reads of an instance that exceeds the budget, so that this proof can fail", async () => {
  const { times } = await sweepFleet({ jobs: 500, instances: 1, maxReadsPerSecond: 1000 });
  expect(findEarlyRequests(times, 20)).not.toEqual([]);
});
