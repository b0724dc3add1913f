import type { Production } from "../../production/production.js";
import type { CardView } from "./handle-card-request.js";
import type { IdentifiedCard } from "./handle-request.js";
import type { SimulatedOutcome } from "./simulated-card.js";

/** How a card begins. */
export interface InitialCardState {
  readonly profileId: string;
  readonly cardToken: string;
  readonly createdAt: Date;
  readonly production: Production | undefined;
  readonly outcomes: readonly SimulatedOutcome[];
  readonly productionDelayMs: number;
  /** How precise the times in events are. */
  readonly precisionMs: number;
}

/** Where a card stands from a moment of the simulator's clock on. */
interface CardMoment extends Pick<CardView, "production" | "lastReported"> {
  readonly sinceMs: number;
}

/** A card of the simulator. */
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
    // No reader is too early for the state in which a card begins.
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

  /** A refusal becomes what the status reads as, and the card stays where it is. */
  showRefusal(refusal: Production, now: Date): void {
    this.#moments.push({ sinceMs: now.getTime(), production: this.production, lastReported: refusal });
  }

  /** The card as it was at a moment. */
  asOf(timeMs: number): CardView {
    const { production, lastReported: lastAnswer } = this.#moments.findLast(({ sinceMs }) => sinceMs <= timeMs) ?? this;
    return { production, lastReported: lastAnswer, createdAt: this.createdAt, scriptedRefusal: this.scriptedRefusal };
  }

  /**
   * `now`, or the first time that can be told from those of the attempts before: at a real kiosk no two of them share one. Never
   * before the card was ready, even if the clock was set back.
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
