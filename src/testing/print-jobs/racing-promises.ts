import type { PrintJobStore } from "../../print-jobs/print-job-store.js";
import { isOpenPrintJob } from "../../print-jobs/record/print-job-state.js";
import { expectEqual, expectInTheWay } from "./expectations.js";
import { changeJob, createSampleJob } from "./sample-jobs.js";
import type { StorePromise } from "./store-promise.js";

const RACERS = 16;
/** A single race may go well by chance. */
const RACES = 5;

const runRacers = <T>(run: (racer: number) => Promise<T>) =>
  Promise.all(Array.from({ length: RACERS }, (_, n) => run(n)));

async function countOpenJobs(store: PrintJobStore, cardToken: string): Promise<number> {
  const jobs = await store.jobsOf({ profileId: "123456", cardToken }, 100);
  return jobs.filter(isOpenPrintJob).length;
}

/** What a store promises about concurrent calls. */
export const RACING_PROMISES: readonly StorePromise[] = [
  {
    text: "inserts one of several jobs of a card that arrive at the same time, and returns it to the others",
    async check(store) {
      for (let race = 0; race < RACES; race += 1) {
        const cardToken = `card ${race}`;
        const insertions = await runRacers((n) => store.insert(createSampleJob(`${race}-${n}`, { cardToken })));
        const winner = insertions.findIndex(({ inserted }) => inserted);
        for (const [n, insertion] of insertions.entries())
          if (n !== winner) expectInTheWay(insertion, `${race}-${winner}`);
        expectEqual(await countOpenJobs(store, cardToken), 1);
      }
    },
  },
  {
    text: "inserts a job once if it arrives several times at the same time",
    async check(store) {
      for (let race = 0; race < RACES; race += 1) {
        const insertions = await runRacers(() => store.insert(createSampleJob(`job ${race}`)));
        const losers = insertions.filter(({ inserted }) => !inserted);
        expectEqual(losers.length, RACERS - 1);
        for (const loser of losers) expectInTheWay(loser, `job ${race}`);
      }
    },
  },
  {
    text: "lets one of several writers replace a version, and the others find it stale",
    async check(store) {
      for (let race = 0; race < RACES; race += 1) {
        const job = createSampleJob(`job ${race}`);
        await store.insert(job);
        const next = (n: number) => changeJob(job, { requestedBy: `writer ${n}` });
        const results = await runRacers((n) => store.replace(next(n), 1));
        expectEqual(results.filter((result) => result === "stale").length, RACERS - 1);
        expectEqual(await store.get(job.id), next(results.indexOf("replaced")));
      }
    },
  },
  {
    text: "keeps only one job of a card open if one is inserted while others are reopened",
    async check(store) {
      for (let race = 0; race < RACES; race += 1) {
        const cardToken = `card ${race}`;
        const job = (n: number) => createSampleJob(`${race}-${n}`, { cardToken, state: "not-sent" });
        for (let n = 0; n < RACERS; n += 1) await store.insert(job(n));
        const results = await runRacers(async (n) => {
          if (n % 2 === 0) return store.replace(changeJob(job(n), { state: "accepted" }), 1);
          const { inserted } = await store.insert(createSampleJob(`${race}-new-${n}`, { cardToken }));
          return inserted ? "replaced" : "blocked";
        });
        expectEqual(results.filter((result) => result === "replaced").length, 1);
        expectEqual(results.filter((result) => result === "blocked").length, RACERS - 1);
        expectEqual(await countOpenJobs(store, cardToken), 1);
      }
    },
  },
];
