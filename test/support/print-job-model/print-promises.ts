import type { Production } from "wise-card-kiosk";
import { isOpenPrintJob, type PrintJob } from "wise-card-kiosk/print-jobs";
import type { ModelledPrint, WiseWorld } from "./wise-world.js";

/** Checks the jobs of a card against what Wise prints, and collects the promises that were broken. */
export class PrintPromises {
  readonly #world: WiseWorld;
  /** The reconcile window of every job. */
  readonly #windowMs: number;
  readonly #broken = new Set<string>();
  /** What was known of the card when each job was created: what a read showed, and what the jobs of the card knew. */
  readonly #knownBefore = new Map<string, readonly (Production | null)[]>();
  /** The latest version of each job. */
  readonly #latest = new Map<string, PrintJob>();

  constructor(world: WiseWorld, windowMs: number) {
    this.#world = world;
    this.#windowMs = windowMs;
  }

  get broken(): readonly string[] {
    return [...this.#broken];
  }

  /** Checks that nothing known when the job was created forbade to print the card. */
  checkPrint(by: string): void {
    for (const known of this.#knownBefore.get(by) ?? []) {
      if (known?.status === "PRODUCED") this.#flag("printed a card that was known to be produced");
      const toSecond = (occurredAt: string | null = null) => occurredAt?.slice(0, 19);
      const print = this.#world.prints.find(({ occurredAt }) => toSecond(occurredAt) === toSecond(known?.occurredAt));
      const isOver = print?.end !== undefined;
      if (known?.status === "IN_PROGRESS" && !isOver) this.#flag("printed a card that was known to be in progress");
    }
  }

  /** Checks that the state of a job is true when it is written. */
  checkWrite(job: PrintJob, before: PrintJob | undefined): void {
    this.#latest.set(job.id, job);
    if ([...this.#latest.values()].filter(isOpenPrintJob).length > 1) this.#flag("two jobs of the card are open");
    if (before === undefined) {
      const known = [...this.#latest.values()].flatMap((one) => [one.known, one.production]);
      this.#knownBefore.set(job.id, [this.#world.visible, ...known]);
    }
    if (before?.state === job.state) return;
    if (job.evidence === "person") {
      const isLive =
        before?.state === "requested" && Date.now() < Date.parse(job.intent?.expiresAt ?? "") + this.#windowMs;
      if (isLive) this.#flag("a person closed a live job");
      return;
    }
    const own = this.#world.prints.filter(({ by }) => by === job.id);
    const isComing = this.#world.coming.some(({ by }) => by === job.id);
    const ended = (end: ModelledPrint["end"]) => this.#world.prints.some((print) => print.end === end);
    if (job.state === "not-sent" || job.state === "refused") {
      if (own.length > 0 || isComing) this.#flag(`${job.state} wrong`);
    } else if (job.state === "failed") {
      if (own.length > 0 && own.at(-1)?.end !== "PRODUCTION_ERROR") this.#flag("failed wrong");
      else if (own.length === 0 && !(job.adopted && ended("PRODUCTION_ERROR"))) this.#flag("failed foreign");
    } else if (job.state === "produced") {
      if (!ended("PRODUCED")) this.#flag("produced wrong");
      else if (!job.adopted && !own.some(({ end }) => end === "PRODUCED")) this.#flag("produced foreign");
    }
    if (before !== undefined && ["produced", "refused"].includes(before.state)) this.#flag("a final state changed");
  }

  /** Checks the jobs at the end of the history, the newest first. */
  checkEnd(jobs: readonly PrintJob[]): void {
    const { prints } = this.#world;
    for (const [index, job] of jobs.entries()) {
      const own = prints.filter(({ by }) => by === job.id);
      if (own.length > 1) this.#flag("two prints of one job");
      if (isOpenPrintJob(job)) this.#flag(`still ${job.state}`);
      if (job.evidence === "person") continue;
      if (job.state === "not-sent" && own.length > 0 && index === 0) this.#flag("not-sent at the end, but printed");
      if (job.state === "failed" && own.at(-1)?.end === "PRODUCED") this.#flag("failed at the end, but produced");
    }
    if (prints.filter(({ end }) => end === "PRODUCED").length > 1) this.#flag("two good cards");
  }

  #flag(promise: string): void {
    this.#broken.add(promise);
  }
}
