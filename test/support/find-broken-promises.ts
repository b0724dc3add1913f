import { isOpenPrintJob, type PrintJob } from "wise-card-kiosk/print-jobs";
import { describeJob } from "./bank-story.js";
import { type BankWorld, MAX_PAUSE_MS, type WisePrint } from "./bank-world.js";

/**
 * Compares every state that the jobs have had with what Wise has printed. Returns the promises that were broken.
 *
 * Call it at the end of a history: after every request has arrived, and after sweeps.
 *
 * @param mayBeUnresolved whether the table of states lets a job of this history stay `unresolved`.
 */
export async function findBrokenPromises(world: BankWorld, mayBeUnresolved: boolean): Promise<string[]> {
  const { prints } = world;
  const jobs = await world.listJobs();
  const written = await world.listWrites();
  return [
    ...prints.flatMap((print, index) => findReprint(print, prints[index - 1])),
    ...jobs.filter(({ id }) => listPrints(id, prints).length > 1).map(({ id }) => `${id} printed twice`),
    ...written.filter((job) => isWrong(job, prints)).map((job) => `wrong: ${describeJob(job)}`),
    ...jobs.filter(isOpenPrintJob).flatMap((job) => checkOpenJob(job, world, mayBeUnresolved)),
  ];
}

/**
 * Returns a broken promise if a job printed a card that was printing, or was printed, for another job. Prints of others do not
 * count.
 */
function findReprint(print: WisePrint, last: WisePrint | undefined): string[] {
  if (last === undefined || print.job === undefined || last.job === undefined) return [];
  return last.end === "PRODUCTION_ERROR"
    ? []
    : [`${print.job} printed a card that was ${print.before} for ${last.job}`];
}

/** Returns whether a job had a state that was not true and did not become true. */
function isWrong(job: PrintJob, prints: readonly WisePrint[]): boolean {
  const own = job.adopted ? listPrints(undefined, prints, job.kioskId) : listPrints(job.id, prints);
  switch (job.state) {
    case "produced":
      return own.at(-1)?.end !== "PRODUCED";
    case "failed":
      return own.at(-1)?.end !== "PRODUCTION_ERROR";
    case "accepted":
      return own.length === 0;
    case "refused":
    case "not-sent":
      return listPrints(job.id, prints).length > 0;
    default:
      return false;
  }
}

/** Returns a broken promise if an open job must be closed, or no sweep will read it. */
function checkOpenJob(job: PrintJob, { simulator, card }: BankWorld, mayBeUnresolved: boolean): string[] {
  if (job.state === "accepted" && card.production?.status === "IN_PROGRESS") return [];
  if (job.state !== "unresolved") return [`stuck: ${describeJob(job)}`];
  const isOwned = job.dueAt !== null && Date.parse(job.dueAt) <= simulator.now.getTime() + MAX_PAUSE_MS;
  if (!isOwned) return [`without an owner: ${describeJob(job)}`];
  return mayBeUnresolved ? [] : [`unresolved without a reason: ${describeJob(job)}`];
}

function listPrints(id: string | undefined, prints: readonly WisePrint[], kiosk?: string): WisePrint[] {
  return prints.filter(({ job, kioskId }) => job === id && (kiosk === undefined || kioskId === kiosk));
}
