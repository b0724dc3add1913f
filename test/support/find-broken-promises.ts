import { isOpenPrintJob, type PrintJob } from "wise-card-kiosk/print-jobs";
import { type BankWorld, describeJob, type WisePrint } from "./bank-world.js";

/** An unresolved job is read again at least this often. */
const MAX_PAUSE_MS = 60 * 60_000;

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

/** Returns a broken promise if a job printed a card that was printing, or was printed, for another job. Prints of others do not count. */
function findReprint(print: WisePrint, last: WisePrint | undefined): string[] {
  if (last === undefined || print.job === undefined || last.job === undefined) return [];
  return last.end === "PRODUCTION_ERROR"
    ? []
    : [`${print.job} printed a card that was ${print.before} for ${last.job}`];
}

/** Returns whether a job had a state that was not true and did not become true. */
function isWrong(job: PrintJob, prints: readonly WisePrint[]): boolean {
  const own = job.adopted ? prints.filter((print) => print.job === undefined) : listPrints(job.id, prints);
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

function listPrints(id: string, prints: readonly WisePrint[]): WisePrint[] {
  return prints.filter(({ job }) => job === id);
}
