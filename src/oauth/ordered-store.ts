import { KioskTimeoutError } from "../errors/connection-error.js";
import { Clock, elapsedMs, type Instant } from "../time/clock.js";
import { LONGEST_TIMER_MS } from "../time/longest-times.js";
import { withTimeout } from "../time/time-limit.js";
import type { RefreshedToken } from "./received-token.js";

/** How many times `timeoutMs` a call may take before the next one starts: it may never end. */
const GIVEN_UP_AFTER = 6;

const clock = new Clock();

/** A call of the user's function. */
interface SaveCall {
  readonly ended: Promise<void>;
  readonly since: Instant;
}

/** Stores tokens with a function of the user, one call at a time and in order, so that the newest are stored last. */
export class OrderedStore {
  readonly #save: (tokens: RefreshedToken) => unknown;
  readonly #timeoutMs: number;
  /** The latest call, which may still wait for the one before. */
  #latest: Promise<SaveCall> = Promise.resolve({ ended: Promise.resolve(), since: clock.now() });
  #newest: RefreshedToken | undefined;
  #stored: RefreshedToken | undefined;

  constructor(save: (tokens: RefreshedToken) => unknown, timeoutMs: number) {
    this.#save = save;
    this.#timeoutMs = timeoutMs;
  }

  /** Whether `tokens` are the ones that were stored last. A call that was given up may replace them with older ones. */
  isStored(tokens: RefreshedToken): boolean {
    return this.#stored === tokens;
  }

  /**
   * Resolves once `tokens` are stored. After a timeout the same tokens can be passed again: if the late call succeeds after all,
   * they are not stored twice.
   *
   * @throws {KioskTimeoutError} if the call does not end within `timeoutMs`.
   * @throws what the call throws.
   */
  async store(tokens: RefreshedToken): Promise<void> {
    this.#newest = tokens;
    this.#latest = this.#latest.then(async (previous) => {
      await this.#untilEnded(previous);
      return { ended: this.isStored(tokens) ? Promise.resolve() : this.#call(tokens), since: clock.now() };
    });
    const { ended } = await this.#latest;
    const limited = await withTimeout({ timeoutMs: this.#timeoutMs }, () => ended);
    if (limited.kind === "finished") return;
    const details = { requestSent: true, mayHaveTakenEffect: true };
    throw new KioskTimeoutError("refreshToken: onRefresh did not finish within timeoutMs", details);
  }

  /** Waits for the end of a call, or until it is given up. Only a next call waits: one that hangs alone lets the process end. */
  async #untilEnded({ ended, since }: SaveCall): Promise<void> {
    const longestMs = Math.min(GIVEN_UP_AFTER * this.#timeoutMs, LONGEST_TIMER_MS);
    await withTimeout({ timeoutMs: longestMs - elapsedMs(since, clock.now()) }, () => ended).catch(() => {});
  }

  async #call(tokens: RefreshedToken): Promise<void> {
    // A copy, because the tokens are stored again if the call fails.
    await this.#save({ ...tokens });
    this.#stored = tokens;
    // A call that was given up has replaced newer tokens with older ones. If this fails, `isStored` shows it.
    if (this.#newest !== undefined && this.#newest !== tokens) this.store(this.#newest).catch(() => {});
  }
}
