import type { WorkSignal } from "../time/work-signal.js";
import { askAcceptedToken, askAnotherToken, askToken, type ProvidedTokens } from "./ask-token.js";
import { findRefreshed, findRejection, noteRejection } from "./shared-refresh.js";
import type { TokenSource } from "./token-source.js";

/**
 * The tokens of one call: requested before each attempt, and refreshed at most once after a 401. A call that may not repeat its
 * request leaves the refresh to the next call.
 */
export class CallTokens {
  readonly #source: TokenSource;
  readonly #mayRepeat: boolean;
  #rejected: string | undefined;
  #hasRefreshed = false;

  constructor(source: TokenSource, mayRepeat: boolean) {
    this.#source = source;
    this.#mayRepeat = mayRepeat;
  }

  /**
   * Returns the token for the next attempt: immediately, or as a promise if the provider returns one. The promise resolves with
   * `undefined` if the provider has only the rejected token.
   *
   * @throws {KioskTokenError} if the provider fails, or returns something that cannot be sent. The promise rejects with it, too.
   */
  next(signal: WorkSignal): string | Promise<string | undefined> {
    const source = this.#source;
    if (!isProvided(source)) return source.token as string;
    if (this.#rejected !== undefined) return this.#afterRejection(source, this.#rejected, signal);
    return this.#mayRepeat ? askToken(source, signal) : askAcceptedToken(source, signal);
  }

  async #afterRejection(source: ProvidedTokens, rejected: string, signal: WorkSignal): Promise<string | undefined> {
    const hasRefreshed = this.#hasRefreshed;
    this.#hasRefreshed = true;
    // After a late 401, the provider may have a token that is newer than what once replaced the rejected one.
    const other = await (hasRefreshed
      ? this.#findAnother(source, rejected, signal)
      : findRejection(source.token, source.owner, rejected)?.isOver
        ? askAcceptedToken(source, signal)
        : askAnotherToken(source, rejected));
    return other === rejected ? undefined : other;
  }

  /** Finds another token without another refresh: not every provider returns the new token by itself afterwards. */
  async #findAnother(source: ProvidedTokens, rejected: string, signal: WorkSignal): Promise<string | undefined> {
    const token = await askToken(source, signal);
    return token === rejected ? findRefreshed(source.token, source.owner, rejected) : token;
  }

  /** Records a 401. Returns whether another attempt with another token is worthwhile. */
  reject(token: string): boolean {
    const source = this.#source;
    if (!isProvided(source)) return false;
    const mayRepeat = this.#mayRepeat && this.#rejected === undefined;
    if (mayRepeat) this.#rejected = token;
    else noteRejection(source.token, source.owner, token);
    return mayRepeat;
  }
}

function isProvided(source: TokenSource): source is ProvidedTokens {
  return typeof source.token === "function";
}
