import { withinLimits } from "../transport/time-limit.js";
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
   * @param wanted resolves once somebody wants to know what a look would tell. Until then nothing runs, no timer either.
   * @param look reads, and tells how long Wise asks to wait before the next read.
   * @throws the reason of the signal, and what `look` throws.
   */
  async run(wanted: () => Promise<void>, look: () => Promise<number | null>): Promise<never> {
    let dueAt = performance.now();
    let isHeld = false;
    for (let count = 0; ; count += 1) {
      await wanted();
      await this.#until(dueAt, isHeld);
      await wanted();
      this.#nudged = false;
      const retryAfterMs = await look();
      isHeld = retryAfterMs !== null;
      dueAt = performance.now() + pollDelayMs(count, this.#intervalMs, retryAfterMs);
    }
  }

  /** @param isHeld whether Wise asked to wait until then, so that a nudge changes nothing. */
  async #until(dueAt: number, isHeld: boolean): Promise<void> {
    const timeoutMs = dueAt - performance.now();
    const nudge = () =>
      new Promise<void>((resolve) => {
        if (isHeld) return;
        this.#wake = resolve;
        if (this.#nudged) resolve();
      });
    await withinLimits({ timeoutMs, signal: this.#signal }, nudge);
  }
}
