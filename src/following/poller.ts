import { LONGEST_TIMER_MS, withinLimits } from "../transport/time-limit.js";
import { pollDelayMs } from "./poll-delay.js";

/** Reads again and again, at a polite pace, and at once when nudged. */
export class Poller {
  readonly #intervalMs: number;
  readonly #signal: AbortSignal;
  #nudged = false;
  #wake: (() => void) | undefined;

  constructor(intervalMs: number, signal: AbortSignal) {
    this.#intervalMs = intervalMs;
    this.#signal = signal;
  }

  /** Asks for a read at once. While Wise asks to wait, this waits too. */
  nudge(): void {
    this.#nudged = true;
    this.#wake?.();
  }

  /**
   * Looks until the signal aborts.
   *
   * @param wanted resolves once somebody wants to know what a look would tell.
   * @param look reads, and tells how long Wise asks to wait before the next read.
   * @throws the reason of the signal, and what `look` throws.
   */
  async run(wanted: () => Promise<void>, look: () => Promise<number | null>): Promise<never> {
    for (let count = 0; ; count += 1) {
      await wanted();
      this.#nudged = false;
      const retryAfterMs = await look();
      const delay = Math.min(pollDelayMs(count, this.#intervalMs, retryAfterMs), LONGEST_TIMER_MS);
      await withinLimits({ timeoutMs: delay, signal: this.#signal }, () => this.#nudge(retryAfterMs === null));
    }
  }

  #nudge(isWelcome: boolean): Promise<void> {
    return new Promise((resolve) => {
      if (!isWelcome) return;
      this.#wake = resolve;
      if (this.#nudged) resolve();
    });
  }
}
