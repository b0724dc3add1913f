import { type Clock, elapsedMs, type Instant } from "../time/clock.js";
import { withTimeout } from "../time/time-limit.js";
import { pollDelayMs } from "./poll-delay.js";

/** Polls with growing intervals, and immediately when triggered. */
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

  /** Triggers an immediate read. While Wise asks to wait (`Retry-After`), the read waits too. */
  pollNow(): void {
    this.#isRequested = true;
    this.#wake?.();
  }

  /**
   * Polls until the signal aborts.
   *
   * @param demanded resolves once a caller waits for a result. Until then nothing runs, not even a timer.
   * @param poll sends a read. Resolves with how long Wise asks to wait before the next one, in milliseconds, or `null`.
   * @throws the reason of the signal, or what `poll` throws.
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

  /** @param isRateLimited whether Wise asked for the delay, so that {@link Poller.pollNow} does not shorten it. */
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
