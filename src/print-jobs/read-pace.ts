import { DEFAULT_MAX_RETRIES } from "../options/call-limits.js";
import { pause } from "../time/wait.js";

/** A wait is extended at random by up to this share, so that instances that started together drift apart. */
const JITTER = 0.2;

/**
 * Limits the rate of reads: at most so many in any second, or one in several seconds. The client repeats a read that fails, so a
 * read that has failed counts as often as the client repeats it by default.
 */
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

  /** Counts what a failed read has sent besides its first request, so that later reads wait for longer. */
  chargeFailure(): void {
    for (let retries = 0; retries < DEFAULT_MAX_RETRIES; retries += 1) this.#take();
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
