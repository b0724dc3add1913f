import { type Clock, elapsedMs, type Instant } from "../time/clock.js";
import { withTimeout } from "../time/time-limit.js";
import { pollDelayMs } from "./poll-delay.js";

/** Reads again and again, at a polite pace, and at once when nudged. */
export class Poller {
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #isRequested = false;
  #wake: (() => void) | undefined;

  constructor(intervalMs: number, clock: Clock, signal: AbortSignal) {
    this.#intervalMs = intervalMs;
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Asks for a read at once. While Wise asks to wait, this waits too. */
  pollNow(): void {
    this.#isRequested = true;
    this.#wake?.();
  }

  /**
   * Looks until the signal aborts.
   *
   * @param demanded resolves once somebody wants to know what a look would tell. Until then nothing runs, no timer either.
   * @param poll reads, and tells how long Wise asks to wait before the next read.
   * @throws the reason of the signal, and what `look` throws.
   */
  async run(demanded: () => Promise<void>, poll: () => Promise<number | null>): Promise<never> {
    let polledAt = this.#clock.now();
    let delayMs = 0;
    let isRateLimited = false;
    for (let count = 0; ; count += 1) {
      await demanded();
      await this.#waitUntil(polledAt, delayMs, isRateLimited);
      await demanded();
      this.#isRequested = false;
      const retryAfterMs = await poll();
      isRateLimited = retryAfterMs !== null;
      polledAt = this.#clock.now();
      delayMs = pollDelayMs(count, this.#intervalMs, retryAfterMs);
    }
  }

  /** @param isRateLimited whether Wise asked for the delay, so that a nudge changes nothing. */
  async #waitUntil(polledAt: Instant, delayMs: number, isRateLimited: boolean): Promise<void> {
    const clock = this.#clock;
    const timeoutMs = delayMs - elapsedMs(polledAt, clock.now());
    const pollNow = () =>
      new Promise<void>((resolve) => {
        if (isRateLimited) return;
        this.#wake = resolve;
        if (this.#isRequested) resolve();
      });
    await withTimeout({ clock, timeoutMs, signal: this.#signal }, pollNow);
  }
}
