import { type Clock, elapsedMs, type Instant } from "../time/clock.js";
import { withinLimits } from "../time/time-limit.js";
import { pollDelayMs } from "./poll-delay.js";

/** Reads again and again, at a polite pace, and at once when nudged. */
export class Poller {
  readonly #intervalMs: number;
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #nudged = false;
  #wake: (() => void) | undefined;

  constructor(intervalMs: number, clock: Clock, signal: AbortSignal) {
    this.#intervalMs = intervalMs;
    this.#clock = clock;
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
   * @param wanted resolves once somebody wants to know what a look would tell. Until then nothing runs, no timer either.
   * @param look reads, and tells how long Wise asks to wait before the next read.
   * @throws the reason of the signal, and what `look` throws.
   */
  async run(wanted: () => Promise<void>, look: () => Promise<number | null>): Promise<never> {
    let lookedAt = this.#clock.now();
    let delayMs = 0;
    let isHeld = false;
    for (let count = 0; ; count += 1) {
      await wanted();
      await this.#waitUntil(lookedAt, delayMs, isHeld);
      await wanted();
      this.#nudged = false;
      const retryAfterMs = await look();
      isHeld = retryAfterMs !== null;
      lookedAt = this.#clock.now();
      delayMs = pollDelayMs(count, this.#intervalMs, retryAfterMs);
    }
  }

  /** @param isHeld whether Wise asked for the delay, so that a nudge changes nothing. */
  async #waitUntil(lookedAt: Instant, delayMs: number, isHeld: boolean): Promise<void> {
    const clock = this.#clock;
    const timeoutMs = delayMs - elapsedMs(lookedAt, clock.now());
    const nudge = () =>
      new Promise<void>((resolve) => {
        if (isHeld) return;
        this.#wake = resolve;
        if (this.#nudged) resolve();
      });
    await withinLimits({ clock, timeoutMs, signal: this.#signal }, nudge);
  }
}
