import type { Production } from "../../production/production.js";
import type { VisibleCard } from "./handle-card-request.js";
import type { IdentifiedCard } from "./handle-request.js";
import type { SimulatedOutcome } from "./simulated-card.js";

/** The initial state of a card. */
export interface InitialCardState {
  /** The profile of the card, in decimal digits. */
  readonly profileId: string;
  readonly cardToken: string;
  readonly createdAt: Date;
  /** The production at the beginning; `undefined` if the card is not `READY` yet. */
  readonly production: Production | undefined;
  /** The scripted outcomes, in order. */
  readonly outcomes: readonly SimulatedOutcome[];
  /** How long the kiosk takes for each scripted outcome, in milliseconds. */
  readonly productionDelayMs: number;
  /** The precision of the times in events, in milliseconds. */
  readonly precisionMs: number;
}

/** A state of a card, and the time at which it began, by the simulator's clock. */
interface CardMoment extends Pick<VisibleCard, "production" | "lastReported"> {
  readonly sinceMs: number;
}

/** A simulated card with its past states. */
export class CardState implements IdentifiedCard {
  readonly profileId: string;
  readonly cardToken: string;
  readonly productionDelayMs: number;
  readonly history: Production[];
  readonly #precisionMs: number;
  readonly #moments: CardMoment[];
  createdAt: Date;
  outcomes: SimulatedOutcome[];

  constructor(beginning: InitialCardState) {
    const { production } = beginning;
    this.profileId = beginning.profileId;
    this.cardToken = beginning.cardToken;
    this.createdAt = beginning.createdAt;
    this.history = production === undefined ? [] : [production];
    // The initial state does not lag: every read can see it.
    this.#moments = [{ sinceMs: Number.NEGATIVE_INFINITY, production, lastReported: production }];
    this.outcomes = [...beginning.outcomes];
    this.productionDelayMs = beginning.productionDelayMs;
    this.#precisionMs = beginning.precisionMs;
  }

  get production(): Production | undefined {
    return this.#moments.at(-1)?.production;
  }

  get lastReported(): Production | undefined {
    return this.#moments.at(-1)?.lastReported;
  }

  get scriptedRefusal(): string | undefined {
    const [next] = this.outcomes;
    return typeof next === "object" ? next.refuse : undefined;
  }

  transitionTo(production: Production, now: Date): void {
    this.history.push(production);
    this.#moments.push({ sinceMs: now.getTime(), production, lastReported: production });
  }

  /** Makes reads show a refusal. The state of the card itself does not change. */
  showRefusal(refusal: Production, now: Date): void {
    this.#moments.push({ sinceMs: now.getTime(), production: this.production, lastReported: refusal });
  }

  /** Returns the card as it was at a time. */
  asOf(timeMs: number): VisibleCard {
    const { production, lastReported } = this.#moments.findLast(({ sinceMs }) => sinceMs <= timeMs) ?? this;
    return { production, lastReported, createdAt: this.createdAt, scriptedRefusal: this.scriptedRefusal };
  }

  /**
   * Returns the time for the next state: `now`, or the first time after all earlier prints at the precision of the events,
   * whichever is later. No two prints at a real kiosk share a time. It is never before the card was ready, even if the clock
   * was set back.
   */
  nextTimestamp(now: Date): string {
    const times = this.history.map((production) => this.#earliestAfter(production));
    return new Date(Math.max(now.getTime(), ...times.filter((time) => !Number.isNaN(time)))).toISOString();
  }

  #earliestAfter({ status, occurredAt }: Production): number {
    const time = Date.parse(occurredAt ?? "");
    return status === "READY" ? time : (Math.floor(time / this.#precisionMs) + 1) * this.#precisionMs;
  }
}
