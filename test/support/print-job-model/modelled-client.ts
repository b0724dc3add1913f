import { type CallOptions, KioskIntentError, type Production } from "wise-card-kiosk";
import type { PrintJobsClient, ProductionIntent } from "wise-card-kiosk/print-jobs";
import { afterDeadline, afterFailedRead } from "../../../src/calls/after-read.js";
import { afterSend } from "../../../src/calls/after-send.js";
import { concludeProduction } from "../../../src/calls/conclude.js";
import { intentWindowLeftMs } from "../../../src/calls/intent-clock.js";
import { BEFORE_NEXT_READ, type SweepOptions } from "../../../src/calls/read-schedule.js";
import { reconcileIntent } from "../../../src/calls/reconcile-intent.js";
import { type Conclude, reconcileRead } from "../../../src/calls/reconcile-read.js";
import { beginReconciliation, type ReconcilePolicy, type Step } from "../../../src/calls/reconciliation.js";
import type { WiseTime } from "../../../src/calls/wise-clock.js";
import { toTimestamp } from "../../../src/production/timestamp.js";
import type { WriteOutcome } from "../../../src/response/attempt-outcome.js";
import type { Instant } from "../../../src/time/clock.js";
import type { Dice } from "../dice.js";
import type { Actor, Interleaving } from "./interleaving.js";
import {
  AMBIGUOUS,
  createForbiddenError,
  createNoResponseError,
  createTooLateError,
  type RequestFate,
} from "./request-fates.js";
import type { WiseRules, WiseWorld } from "./wise-world.js";

const MODELLED_TIMEOUT_MS = 3000;
const SEND_LIMIT_MS = 5000;

/** What goes wrong. */
export interface Trouble extends WiseRules {
  readonly readsFail: boolean;
  /** The reconcile window of the client, in milliseconds. */
  readonly windowMs: number;
  readonly fates: readonly RequestFate[];
}

/** The intents of one call. */
interface Intents {
  /** When the first request began, by our clock, and what was known of Wise's clock then. */
  began: string | undefined;
  wise: WiseTime | undefined;
  requests: number;
}

type Produce = Parameters<PrintJobsClient["produceCard"]>[0];

/**
 * A model of the client that makes the same pure decisions, in a world in which a seed decides about time and troubles. It belongs
 * to one process, and dies or freezes with it.
 */
export class ModelledClient implements PrintJobsClient {
  readonly #world: WiseWorld;
  readonly #turns: Interleaving;
  readonly #actor: Actor;
  readonly #dice: Dice;
  readonly #trouble: () => Trouble;
  #wise: WiseTime | undefined;

  constructor(world: WiseWorld, turns: Interleaving, actor: Actor, dice: Dice, trouble: () => Trouble) {
    this.#world = world;
    this.#turns = turns;
    this.#actor = actor;
    this.#dice = dice;
    this.#trouble = trouble;
  }

  get reconcileWindowMs(): number {
    return this.#trouble().windowMs;
  }

  async getProductionStatus(_card: unknown, options: CallOptions = {}): Promise<Production> {
    const read = await this.#read(options);
    if (read.production === undefined) throw createNoResponseError();
    return read.production;
  }

  async reconcileProduction(intent: ProductionIntent, options: CallOptions = {}) {
    const { reconcileWindowMs: windowMs = this.reconcileWindowMs } = options;
    for (;;) {
      const { production, startedAt, respondedAt, endedAt } = await this.#read(options);
      if (production === undefined) throw createNoResponseError();
      const began = {
        startedAt: startedAt.wallMs,
        wiseAt: respondedAt - (endedAt.monotonicMs - startedAt.monotonicMs),
      };
      const reconciled = reconcileIntent(intent, { ...began, production }, windowMs);
      if (reconciled !== undefined) return reconciled;
      const leftMs = intentWindowLeftMs(intent, began, windowMs);
      const isOver = await (options as SweepOptions)?.[BEFORE_NEXT_READ]?.(leftMs);
      if (isOver === true) return { outcome: "unknown" as const, production };
      await this.#wait(Math.min(3000, Math.max(1, leftMs)), options);
    }
  }

  async produceCard({ kioskId, previous, onIntent }: Produce, options: CallOptions = {}): Promise<Production> {
    const policy: ReconcilePolicy = {
      maxRetries: 2,
      reconcileWindowMs: options.reconcileWindowMs ?? this.reconcileWindowMs,
      resend: options.resend ?? true,
      retryDelayMs: () => 500,
    };
    const beganAt = this.#world.now;
    const intents: Intents = { began: undefined, wise: undefined, requests: 0 };
    let known = beginReconciliation(previous);
    let step: Step<Production> = { do: "send", waitMs: 0 };
    for (;;) {
      if (step.do === "resolve") return step.value;
      if (step.do === "reject") {
        const { mayHaveTakenEffect } = step;
        throw step.error({
          operation: "produceCard",
          correlationId: "id",
          mayHaveTakenEffect,
          productionAfter: undefined,
        });
      }
      await this.#wait(step.waitMs, options);
      if (options.deadlineMs !== undefined && this.#world.now - beganAt >= options.deadlineMs) {
        step = afterDeadline(known, createTooLateError);
      } else if (step.do === "send") {
        const sent = await this.#send(kioskId, known.before, intents, onIntent, options);
        [known, step] = afterSend(policy, known, sent.outcome, sent);
      } else {
        const { production, respondedAt, ...span } = await this.#read(options);
        const conclude: Conclude = (evidence) => concludeProduction({ ...evidence, kioskId });
        [known, step] =
          production === undefined
            ? afterFailedRead(policy, known, AMBIGUOUS, span)
            : reconcileRead(policy, known, { production, respondedAt }, conclude, span);
      }
    }
  }

  async #send(
    kioskId: string,
    before: Production | undefined,
    intents: Intents,
    onIntent: Produce["onIntent"],
    options: CallOptions,
  ): Promise<{ outcome: WriteOutcome<Production>; startedAt: Instant; endedAt: Instant }> {
    for (;;) {
      const now = Date.now();
      const sendBy = now + SEND_LIMIT_MS;
      const requestedAt = intents.began ?? toTimestamp(now);
      const wise = intents.began === undefined ? this.#wise : intents.wise;
      try {
        await onIntent?.({
          profileId: "123456",
          cardToken: "card",
          kioskId,
          correlationId: "id",
          previous: before ?? null,
          requestedAt,
          sendBy: toTimestamp(sendBy),
          expiresAt: toTimestamp(sendBy + MODELLED_TIMEOUT_MS),
          wiseAt: wise === undefined ? null : toTimestamp(wise.at),
          wiseAtOurs: wise === undefined ? null : toTimestamp(wise.atOurs),
          requests: intents.requests + 1,
        });
      } catch (cause) {
        const instant = this.#instant();
        const failed = (history: object) => new KioskIntentError("onIntent failed", { cause, ...history });
        return { outcome: { kind: "rejected", error: failed }, startedAt: instant, endedAt: instant };
      }
      await this.#turn(options);
      if (Date.now() > sendBy) continue;
      Object.assign(intents, { began: requestedAt, wise, requests: intents.requests + 1 });
      const startedAt = this.#instant();
      const sentAt = this.#world.now;
      const outcome = this.#meetFate();
      // A connection may break before the timeout. A caller whose request is late waits for the whole timeout.
      const isLate = this.#world.coming.some(({ at }) => at > sentAt);
      if (outcome === AMBIGUOUS) await this.#wait(isLate || this.#dice.chance(0.5) ? MODELLED_TIMEOUT_MS : 0, options);
      else await this.#turn(options);
      const isTooLate = this.#world.now - sentAt > MODELLED_TIMEOUT_MS && this.#dice.chance(0.5);
      return { outcome: isTooLate ? AMBIGUOUS : outcome, startedAt, endedAt: this.#instant() };
    }
  }

  /** Sends the request, and returns the outcome of its fate. */
  #meetFate(): WriteOutcome<Production> {
    const { name: job } = this.#actor;
    const { fates, delayMs } = this.#trouble();
    const isFree = this.#world.state.status !== "IN_PROGRESS" && this.#world.state.status !== "PRODUCED";
    switch (this.#dice.pick(fates)) {
      case "responded":
        return this.#toOutcome(this.#world.put(job));
      case "response lost":
        this.#world.put(job);
        return AMBIGUOUS;
      case "lost":
        return AMBIGUOUS;
      case "late":
        this.#world.coming.push({
          by: job,
          at: this.#world.now + Math.round(MODELLED_TIMEOUT_MS + this.#dice.next() * delayMs),
        });
        return AMBIGUOUS;
      case "gateway":
        this.#world.put(job);
        return this.#toOutcome(this.#world.put(job));
      case "not connected":
        return { kind: "not-taken", error: createNoResponseError, retryAfterMs: null };
      case "rejected":
        return { kind: "rejected", error: createForbiddenError };
      case "refused":
        return { kind: "refused", production: this.#world.refusal("PIN_VERIFICATION_FAILED") };
      case "created": {
        if (!isFree) return this.#toOutcome(this.#world.put(job));
        this.#world.coming.push({ by: job, at: this.#world.now + Math.round(20_000 + this.#dice.next() * 600_000) });
        return { kind: "refused", production: this.#world.refusal("REQUEST_CREATED_BUT_NOT_STARTED") };
      }
    }
  }

  #toOutcome(production: Production): WriteOutcome<Production> {
    return production.status === "REQUEST_ERROR"
      ? { kind: "refused", production }
      : { kind: "done", value: production };
  }

  /** Reads the card. The production is `undefined` if the read fails. The process may freeze before and after the read. */
  async #read(options: CallOptions) {
    await this.#turn(options);
    const startedAt = this.#instant();
    const production = this.#trouble().readsFail && this.#dice.chance(0.1) ? undefined : this.#world.visible;
    const respondedAt = Math.floor(this.#world.now / 1000) * 1000;
    await this.#turn(options);
    const endedAt = this.#instant();
    // A response that took long does not show Wise's time.
    if (production !== undefined && endedAt.monotonicMs - startedAt.monotonicMs <= 5000) {
      this.#wise = { at: respondedAt, atOurs: endedAt.wallMs };
    }
    return { production, respondedAt, startedAt, endedAt };
  }

  async #turn(options: CallOptions): Promise<void> {
    await this.#wait(0, options);
  }

  async #wait(ms: number, { signal }: CallOptions): Promise<void> {
    signal?.throwIfAborted();
    await this.#turns.gate(this.#actor, ms === 0 ? 0 : this.#world.now + Math.ceil(ms));
    signal?.throwIfAborted();
  }

  #instant(): Instant {
    return { monotonicMs: this.#world.now, wallMs: Date.now(), firedMs: 0 };
  }
}
