import type { Production } from "../production/production.js";
import type { IdentifiedCard } from "./answer-request.js";
import type { SimulatedOutcome } from "./simulated-outcome.js";

/** How a card begins. */
export interface CardBeginning {
  readonly profileId: string;
  readonly cardToken: string;
  readonly createdAt: Date;
  readonly production: Production | undefined;
  readonly outcomes: readonly SimulatedOutcome[];
  readonly productionDelayMs: number;
  /** How precise the times are that events tell. */
  readonly precisionMs: number;
}

/** A card in the simulator's hands. */
export class CardState implements IdentifiedCard {
  readonly profileId: string;
  readonly cardToken: string;
  readonly productionDelayMs: number;
  readonly history: Production[];
  readonly #precisionMs: number;
  createdAt: Date;
  outcomes: SimulatedOutcome[];
  /** The last refusal, where it is what the status reads as. */
  refusal: Production | undefined;

  constructor(beginning: CardBeginning) {
    const { production } = beginning;
    this.profileId = beginning.profileId;
    this.cardToken = beginning.cardToken;
    this.createdAt = beginning.createdAt;
    this.history = production === undefined ? [] : [production];
    this.outcomes = [...beginning.outcomes];
    this.productionDelayMs = beginning.productionDelayMs;
    this.#precisionMs = beginning.precisionMs;
  }

  get production(): Production | undefined {
    return this.history.at(-1);
  }

  get lastAnswer(): Production | undefined {
    return this.refusal ?? this.production;
  }

  get scriptedRefusal(): string | undefined {
    const [next] = this.outcomes;
    return typeof next === "object" ? next.refuse : undefined;
  }

  become(production: Production): void {
    this.history.push(production);
    this.refusal = undefined;
  }

  /**
   * `now`, or the first time that can be told from those of the attempts before: at a real kiosk no two of them share one. Never
   * before the card was ready, even where the clock was set back.
   */
  timeOfNext(now: Date): string {
    const times = this.history.map((production) => this.#earliestAfter(production));
    return new Date(Math.max(now.getTime(), ...times.filter((time) => !Number.isNaN(time)))).toISOString();
  }

  #earliestAfter({ status, occurredAt }: Production): number {
    const time = Date.parse(occurredAt ?? "");
    return status === "READY" ? time : (Math.floor(time / this.#precisionMs) + 1) * this.#precisionMs;
  }
}
