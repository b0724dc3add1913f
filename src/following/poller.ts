import type { ReadProduction } from "../answer/judge-answer.js";
import type { Verdict } from "../answer/verdict.js";
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
   * Reads until `found` wants no more.
   *
   * @throws the reason of the signal, and what `read` or `found` throws.
   */
  async run(
    read: () => Promise<Verdict<ReadProduction>>,
    found: (verdict: Verdict<ReadProduction>) => Promise<boolean>,
  ): Promise<void> {
    for (let look = 0; ; look += 1) {
      this.#nudged = false;
      const verdict = await read();
      if (!(await found(verdict))) return;
      const retryAfterMs = "retryAfterMs" in verdict ? verdict.retryAfterMs : null;
      const delay = Math.min(pollDelayMs(look, this.#intervalMs, retryAfterMs), LONGEST_TIMER_MS);
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
