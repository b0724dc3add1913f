import { expect, it } from "vitest";
import type { PrintJob } from "wise-card-kiosk/print-jobs";
import { type BrokenStore, changed, findBrokenStorePromises } from "../support/broken-print-job-stores.js";
import { faultyPrintJobStore } from "../support/faulty-print-job-store.js";

const isNew = ({ version }: PrintJob) => version === 1;

const BROKEN_STORES: readonly BrokenStore[] = [
  ["overlooks an id that is written at the same time", () => faultyPrintJobStore({ overlooksId: true }), ["raceForId"]],
  [
    "overlooks an open job that is inserted at the same time",
    () => faultyPrintJobStore({ overlooksOnInsert: isNew }),
    ["raceForCard"],
  ],
  [
    "overlooks, on insert, a job that is opened again at the same time",
    () => faultyPrintJobStore({ overlooksOnInsert: (open) => !isNew(open) }),
    ["raceToOpen"],
  ],
  [
    "overlooks a version that is written at the same time",
    () => faultyPrintJobStore({ overlooksVersion: true }),
    ["raceForVersion"],
  ],
  [
    "overlooks, on replace, a job that is opened again at the same time",
    () => faultyPrintJobStore({ overlooksOnReplace: (open) => !isNew(open) }),
    ["raceToOpen"],
  ],
  [
    "keeps the last of several writes at the same time, but says that the first won",
    changed((store) => ({
      async replace(job, version) {
        const result = await store.replace(job, version);
        const stored = await store.get(job.id);
        if (result === "stale" && stored?.version === job.version && job.requestedBy !== null)
          await store.replace(job, job.version);
        return result;
      },
    })),
    ["raceForVersion"],
  ],
];

it.each(BROKEN_STORES)("checkPrintJobStore refuses a store that %s", async (_what, createStore, broken) => {
  const found = await findBrokenStorePromises(createStore);
  expect(found.map(({ name }) => name)).toEqual(broken);
});
