import type { Production } from "wise-card-kiosk";
import type { Random } from "./random.js";

export const OUR_KIOSK = "WIS00001";
export const OTHER_KIOSK = "WIS00002";

/** When histories begin, by Wise's clock. */
export const BEGINNING = Date.UTC(2026, 0, 31, 12);

/** How Wise and its kiosks behave. All times in milliseconds. */
export interface WiseRules {
  /** How much a read lags. */
  readonly lagMs: number;
  /** A request may arrive this much later than its sender gave up. */
  readonly delayMs: number;
  /** Whether requests are decided by the true state, by the state that reads show, or all accepted. */
  readonly decides: "true" | "lagging" | "accept";
  /** Whether a print that has failed may turn out to be produced. */
  readonly correctsFailures: boolean;
  /** Whether `occurredAt` is the time of the change and not of the request. */
  readonly changeTimes: boolean;
}

/** A print that a kiosk began. */
export interface Print {
  /** The job whose request began it, or another name. */
  readonly by: string;
  readonly kioskId: string;
  readonly occurredAt: string;
  /** How it ended; `OVERRUN` if another print began before its end. */
  end: "PRODUCED" | "PRODUCTION_ERROR" | "OVERRUN" | undefined;
}

/** Wise and its kiosks, as far as one card goes. */
export class WiseWorld {
  /** Wise's clock. */
  now = BEGINNING;
  readonly prints: Print[] = [];
  /** Changes of the card's state that no one was told yet, in order. */
  readonly events: Production[] = [];
  /** Called before each print of a request. */
  onPrint: (by: string) => void = () => {};
  /** Requests and prints that are to come. */
  readonly coming: { readonly by: string; readonly at: number }[] = [];
  #lastTime = 0;
  readonly #rules: WiseRules;
  readonly #states: { readonly since: number; readonly production: Production }[] = [];

  constructor(rules: WiseRules) {
    this.#rules = rules;
    const details = { kioskId: null, occurredAt: new Date(BEGINNING - 3_600_000).toISOString(), description: null };
    this.#states.push({ since: -Infinity, production: { status: "READY", ...details, errorCode: null } });
  }

  /** Where the card stands. */
  get state(): Production {
    return this.#states.at(-1)?.production as Production;
  }

  /** How long the card has been in its state. */
  get quietMs(): number {
    return this.now - (this.#states.at(-1)?.since ?? 0);
  }

  /** What a read shows. */
  get visible(): Production {
    return this.shownAt(this.now);
  }

  /** What a read at this time shows. */
  shownAt(time: number): Production {
    const shown = this.#states.findLast(({ since }) => since <= time - this.#rules.lagMs);
    return (shown ?? this.#states[0])?.production as Production;
  }

  /** A production request arrives. Returns the production of the response: 200, or 422. */
  put(by: string, kioskId = OUR_KIOSK): Production {
    const { decides } = this.#rules;
    const { status } = decides === "lagging" ? this.visible : this.state;
    const isBusy = status === "IN_PROGRESS" || status === "PRODUCED";
    if (isBusy && decides !== "accept") return this.refusal("REQUEST_ALREADY_EXISTS");
    this.onPrint(by);
    const last = this.prints.at(-1);
    if (last?.end === undefined && last !== undefined) last.end = "OVERRUN";
    const occurredAt = this.#nextTime();
    this.prints.push({ by, kioskId, occurredAt, end: undefined });
    const production = { status: "IN_PROGRESS", kioskId, occurredAt, errorCode: null, description: null } as const;
    this.#enter(production);
    return production;
  }

  /** The kiosk ends the print, if there is one. */
  end(status: "PRODUCED" | "PRODUCTION_ERROR"): void {
    const print = this.prints.at(-1);
    const isCorrection = status === "PRODUCED" && print?.end === "PRODUCTION_ERROR" && this.#rules.correctsFailures;
    if (print === undefined || (print.end !== undefined && !isCorrection)) return;
    print.end = status;
    const occurredAt = this.#rules.changeTimes ? this.#nextTime() : print.occurredAt;
    const details = { kioskId: print.kioskId, occurredAt, description: null };
    if (status === "PRODUCED") this.#enter({ status, ...details, errorCode: null });
    else this.#enter({ status, ...details, errorCode: "PRD_HOPPER_JAM" });
  }

  /** What Wise responds to a request that it refuses. */
  refusal(errorCode: string): Production {
    const occurredAt = new Date(this.now).toISOString();
    return { status: "REQUEST_ERROR", kioskId: OUR_KIOSK, occurredAt, errorCode, description: null };
  }

  /** Lets time pass, and what is to come arrive. */
  advance(ms: number): void {
    const until = this.now + Math.round(ms);
    for (;;) {
      const due = this.coming.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
      if (due === undefined) break;
      this.coming.splice(this.coming.indexOf(due), 1);
      this.now = Math.max(this.now, due.at);
      this.put(due.by);
    }
    this.now = until;
  }

  /** Takes one of the undelivered events; sometimes it stays, to be delivered again. */
  takeEvent(random: Random): Production | undefined {
    if (this.events.length === 0) return undefined;
    const event = random.pick(this.events);
    if (random.chance(0.8)) this.events.splice(this.events.indexOf(event), 1);
    return event;
  }

  /** No two prints of a card share a time, even in whole seconds. */
  #nextTime(): string {
    this.#lastTime = Math.max(this.now, this.#lastTime + 1000);
    return new Date(this.#lastTime).toISOString();
  }

  #enter(production: Production): void {
    this.#states.push({ since: this.now, production });
    this.events.push(production);
  }
}
