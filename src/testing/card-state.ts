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
}

/** A card in the simulator's hands. */
export class CardState implements IdentifiedCard {
  readonly profileId: string;
  readonly cardToken: string;
  readonly productionDelayMs: number;
  readonly history: Production[];
  createdAt: Date;
  outcomes: SimulatedOutcome[];
  /** The last refusal, where it is what the status reads as. */
  refusal: Production | undefined;

  constructor({ profileId, cardToken, createdAt, production, outcomes, productionDelayMs }: CardBeginning) {
    this.profileId = profileId;
    this.cardToken = cardToken;
    this.createdAt = createdAt;
    this.history = production === undefined ? [] : [production];
    this.outcomes = [...outcomes];
    this.productionDelayMs = productionDelayMs;
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

  /** `now`, or a moment later than the attempts before: at a real kiosk no two of them share a millisecond. */
  timeOfNext(now: Date): string {
    const attempts = this.history.filter(({ status }) => status !== "READY");
    const times = attempts
      .map(({ occurredAt }) => Date.parse(occurredAt ?? "") + 1)
      .filter((time) => !Number.isNaN(time));
    return new Date(Math.max(now.getTime(), ...times)).toISOString();
  }
}
