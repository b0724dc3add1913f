import type { Production } from "wise-card-kiosk";
import type { Dice } from "../dice.js";
import { OUR_KIOSK } from "../kiosk-world.js";

/** When histories begin, by Wise's clock. */
export const HISTORY_BEGINNING = Date.UTC(2026, 0, 31, 12);

/** How Wise and its kiosks behave. All times are in milliseconds. */
export interface WiseRules {
  /** How far reads lag behind. */
  readonly lagMs: number;
  /** How long after its sender gave up a request may arrive. */
  readonly delayMs: number;
  /** Whether requests are decided by the true state, by the state that reads show, or all accepted. */
  readonly decides: "true" | "lagging" | "accept";
  /** Whether a failed print may turn out to be produced. */
  readonly correctsFailures: boolean;
  /** Whether `occurredAt` is the time of the change instead of the request. */
  readonly changeTimes: boolean;
}

/** A print that a kiosk began. */
export interface ModelledPrint {
  /** The job whose request began it, or another name. */
  readonly by: string;
  readonly kioskId: string;
  readonly occurredAt: string;
  /** How it ended; `OVERRUN` if another print began before its end. */
  end: "PRODUCED" | "PRODUCTION_ERROR" | "OVERRUN" | undefined;
}

/** Wise and its kiosks, reduced to one card. */
export class WiseWorld {
  /** Wise's clock. */
  now = HISTORY_BEGINNING;
  readonly prints: ModelledPrint[] = [];
  /** Changes of the card's state that are not delivered yet, in order. */
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
    const details = {
      kioskId: null,
      occurredAt: new Date(HISTORY_BEGINNING - 3_600_000).toISOString(),
      description: null,
    };
    this.#states.push({ since: -Infinity, production: { status: "READY", ...details, errorCode: null } });
  }

  /** The current state of the card. */
  get state(): Production {
    return this.#states.at(-1)?.production as Production;
  }

  /** How long the card has been in its state. */
  get quietMs(): number {
    return this.now - (this.#states.at(-1)?.since ?? 0);
  }

  /** What a read shows. */
  get visible(): Production {
    const shown = this.#states.findLast(({ since }) => since <= this.now - this.#rules.lagMs);
    return (shown ?? this.#states[0])?.production as Production;
  }

  /** Handles a production request. Returns the production of the response: 200, or 422. */
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

  /** Ends the print of the kiosk, if there is one. */
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

  /** Returns the response to a request that Wise refuses. */
  refusal(errorCode: string): Production {
    const occurredAt = new Date(this.now).toISOString();
    return { status: "REQUEST_ERROR", kioskId: OUR_KIOSK, occurredAt, errorCode, description: null };
  }

  /** Lets time pass, and requests and prints arrive. */
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

  /** Returns one of the undelivered events. Sometimes the event stays, to be delivered again. */
  takeEvent(dice: Dice): Production | undefined {
    if (this.events.length === 0) return undefined;
    const event = dice.pick(this.events);
    if (dice.chance(0.8)) this.events.splice(this.events.indexOf(event), 1);
    return event;
  }

  /** Returns the time of the next print. No two prints of a card share a time, even in whole seconds. */
  #nextTime(): string {
    this.#lastTime = Math.max(this.now, this.#lastTime + 1000);
    return new Date(this.#lastTime).toISOString();
  }

  #enter(production: Production): void {
    this.#states.push({ since: this.now, production });
    this.events.push(production);
  }
}
