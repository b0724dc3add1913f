import { isOpenPrintJob, type PrintJob } from "wise-card-kiosk/print-jobs";
import { describeJob } from "./bank-story.js";
import { type BankWorld, LONGEST_PAUSE_MS, type Print } from "./bank-world.js";

/**
 * Compares what the jobs say, and have said at any time, with what Wise has printed. Returns the promises that were broken.
 *
 * Call it once nothing happens any more: every request has arrived, and sweeps have looked.
 *
 * @param mayBeUnresolved whether the table of states lets a job of this history stay `unresolved`.
 */
export async function brokenPromises(world: BankWorld, mayBeUnresolved: boolean): Promise<string[]> {
  const { prints } = world;
  const jobs = await world.jobs();
  const written = await world.everyWrite();
  return [
    ...prints.flatMap((print, index) => printedAgain(print, prints[index - 1])),
    ...jobs.filter(({ id }) => printsOf(id, prints).length > 1).map(({ id }) => `${id} printed twice`),
    ...written.filter((job) => isWrong(job, prints)).map((job) => `wrong: ${describeJob(job)}`),
    ...jobs.filter(isOpenPrintJob).flatMap((job) => leftOpen(job, world, mayBeUnresolved)),
  ];
}

/** No job may print a card that is printing, or was printed, for another job. What someone else does is beyond its power. */
function printedAgain(print: Print, last: Print | undefined): string[] {
  if (last === undefined || print.job === undefined || last.job === undefined) return [];
  return last.end === "PRODUCTION_ERROR"
    ? []
    : [`${print.job} printed a card that was ${print.before} for ${last.job}`];
}

/** Whether a job said something that was not true and did not become true. */
function isWrong(job: PrintJob, prints: readonly Print[]): boolean {
  const own = job.adopted ? printsOf(undefined, prints, job.kioskId) : printsOf(job.id, prints);
  switch (job.state) {
    case "produced":
      return own.at(-1)?.end !== "PRODUCED";
    case "failed":
      return own.at(-1)?.end !== "PRODUCTION_ERROR";
    case "accepted":
      return own.length === 0;
    case "refused":
    case "not-sent":
      return printsOf(job.id, prints).length > 0;
    default:
      return false;
  }
}

function leftOpen(job: PrintJob, { simulator, card }: BankWorld, mayBeUnresolved: boolean): string[] {
  if (job.state === "accepted" && card.production?.status === "IN_PROGRESS") return [];
  if (job.state !== "unresolved") return [`stuck: ${describeJob(job)}`];
  const isOwned = job.dueAt !== null && Date.parse(job.dueAt) <= simulator.now.getTime() + LONGEST_PAUSE_MS;
  if (!isOwned) return [`without an owner: ${describeJob(job)}`];
  return mayBeUnresolved ? [] : [`unresolved without a reason: ${describeJob(job)}`];
}

function printsOf(id: string | undefined, prints: readonly Print[], kiosk?: string): Print[] {
  return prints.filter(({ job, kioskId }) => job === id && (kiosk === undefined || kioskId === kiosk));
}
