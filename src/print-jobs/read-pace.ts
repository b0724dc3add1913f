import { pause } from "../time/wait.js";

/** A wait is extended at random by up to this share, so that instances that started together drift apart. */
const JITTER = 0.2;

/** Limits the rate of reads, repeated ones included: at most `perSecond` reads in any second, or one in several seconds. */
export class ReadPace {
  readonly #perInterval: number;
  readonly #intervalMs: number;
  /** When the latest reads begin, in the order of their reservation: each is an interval after the one it replaces. */
  readonly #slots: number[] = [];

  constructor(perSecond: number) {
    this.#perInterval = Math.max(1, Math.floor(perSecond));
    this.#intervalMs = (this.#perInterval / perSecond) * 1000;
  }

  /**
   * Waits until another read may begin.
   *
   * @throws the reason of the signal.
   */
  async next(signal: AbortSignal | undefined): Promise<void> {
    const slot = this.#take();
    const now = performance.now();
    if (slot > now) await pause(slot - now, signal);
  }

  /** Returns when the next read may begin, and reserves that time. */
  #take(): number {
    const now = performance.now();
    const oldest = this.#slots.length < this.#perInterval ? undefined : this.#slots.shift();
    const slot = oldest === undefined ? now : Math.max(now, oldest + this.#intervalMs * (1 + Math.random() * JITTER));
    this.#slots.push(slot);
    return slot;
  }
}
