import { KioskTimeoutError } from "../errors/connection-error.js";
import { LONGEST_TIMER_MS } from "../time/longest-times.js";
import { withTimeout } from "../time/time-limit.js";
import type { RefreshedToken } from "./received-token.js";

/** How many times `timeoutMs` a call may take before the next one starts: it may never end. */
const GIVEN_UP_AFTER = 6;

/** Stores tokens with a function of the user, one call at a time and in order, so that the newest are stored last. */
export class OrderedStore {
  readonly #save: (tokens: RefreshedToken) => unknown;
  readonly #timeoutMs: number;
  /** Resolves once the latest call has ended or was given up. */
  #free: Promise<unknown> = Promise.resolve();
  #newest: RefreshedToken | undefined;
  #stored: RefreshedToken | undefined;

  constructor(save: (tokens: RefreshedToken) => unknown, timeoutMs: number) {
    this.#save = save;
    this.#timeoutMs = timeoutMs;
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
    const started = this.#free.then(() => ({ call: this.#stored === tokens ? Promise.resolve() : this.#call(tokens) }));
    const longest = { timeoutMs: Math.min(GIVEN_UP_AFTER * this.#timeoutMs, LONGEST_TIMER_MS) };
    this.#free = started.then(({ call }) => withTimeout(longest, () => call)).catch(() => {});
    const { call } = await started;
    const ended = await withTimeout({ timeoutMs: this.#timeoutMs }, () => call);
    if (ended.kind === "finished") return;
    const details = { requestSent: true, mayHaveTakenEffect: true };
    throw new KioskTimeoutError("refreshToken: onRefresh did not finish within timeoutMs", details);
  }

  async #call(tokens: RefreshedToken): Promise<void> {
    // A copy, because the tokens are stored again if the call fails.
    await this.#save({ ...tokens });
    this.#stored = tokens;
    // A call that was given up has replaced newer tokens with older ones.
    if (this.#newest !== undefined && this.#newest !== tokens) this.store(this.#newest).catch(() => {});
  }
}
