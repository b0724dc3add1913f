import type { Production } from "../../src/production/production.js";

/** The kiosk that the call under test asks for. */
export const OUR_KIOSK = "WIS00001";
export const OTHER_KIOSK = "WIS00002";

/** Makes one choice of `count`. */
export type Choose = (count: number) => number;

/**
 * Runs `history` once for every sequence of choices that it can make, and returns how many there are.
 *
 * Each run replays the choices so far and takes the next alternative of the last one that has any left.
 */
export function everyHistory(history: (choose: Choose) => void): number {
  const choices: { at: number; count: number }[] = [];
  for (let histories = 1; ; histories += 1) {
    let depth = 0;
    history((count) => {
      const choice = choices[depth] ?? { at: 0, count };
      choices[depth] = choice;
      depth += 1;
      return choice.at;
    });
    choices.length = depth;
    while ((choices.at(-1)?.at ?? 0) + 1 >= (choices.at(-1)?.count ?? Number.POSITIVE_INFINITY)) choices.pop();
    const last = choices.at(-1);
    if (last === undefined) return histories;
    last.at += 1;
  }
}

/** Wise and one kiosk, as far as one card goes: it takes a request where the card is ready or failed, and prints. */
export class KioskWorld {
  /** Wise's clock, in milliseconds since 1970. */
  now = Date.UTC(2026, 0, 1);
  card: Production;
  /** Whether the state of the card is the work of the call under test. */
  isOfCall = false;
  /** How many prints requests of the call under test have started. */
  printsOfCall = 0;
  /** Requests of the call that are still on their way, and may arrive late or never: when each was sent. */
  readonly delayed: number[] = [];
  /** Whether a request that was sent when a print of the call had begun began another one. */
  printedTwice = false;
  #firstPrintAt = Number.POSITIVE_INFINITY;

  constructor(status: "READY" | "IN_PROGRESS" | "PRODUCED" | "PRODUCTION_ERROR", ageMs: number, kioskId = OUR_KIOSK) {
    const details = { occurredAt: this.#time(-ageMs), description: null };
    this.card =
      status === "READY"
        ? { status, kioskId: null, errorCode: null, ...details }
        : status === "PRODUCTION_ERROR"
          ? { status, kioskId, errorCode: "PRD_HOPPER_JAM", ...details }
          : { status, kioskId, errorCode: null, ...details };
  }

  /** A request of the call under test arrives, sent now or before: the answer to it. */
  takeFromCall(sentAt = this.now): Production {
    const answer = this.take(OUR_KIOSK);
    if (answer.status !== "IN_PROGRESS") return answer;
    this.isOfCall = true;
    this.printsOfCall += 1;
    this.printedTwice ||= sentAt > this.#firstPrintAt;
    this.#firstPrintAt = Math.min(this.#firstPrintAt, this.now);
    return answer;
  }

  /** Anybody's request arrives: the answer to it. */
  take(kioskId: string): Production {
    const { card } = this;
    if (card.status !== "READY" && card.status !== "PRODUCTION_ERROR") {
      return {
        status: "REQUEST_ERROR",
        kioskId,
        occurredAt: this.#time(),
        errorCode: "REQUEST_ALREADY_EXISTS",
        description: null,
      };
    }
    this.isOfCall = false;
    this.card = { status: "IN_PROGRESS", kioskId, occurredAt: this.#time(), errorCode: null, description: null };
    return this.card;
  }

  /** The print ends, where there is one. */
  end(status: "PRODUCED" | "PRODUCTION_ERROR"): void {
    if (this.card.status !== "IN_PROGRESS") return;
    this.card =
      status === "PRODUCED" ? { ...this.card, status } : { ...this.card, status, errorCode: "PRT_RIBBON_ENDED" };
  }

  #time(offsetMs = 0): string {
    return new Date(this.now + offsetMs).toISOString();
  }
}
