import { askAnotherToken, askToken, type ProvidedTokens } from "./ask-token.js";
import type { TokenSource } from "./token-source.js";

/** The tokens of one call: requested before each attempt, and exchanged at most once after a 401. */
export class CallTokens {
  readonly #source: TokenSource;
  #rejected: string | undefined;
  #exchanged = false;

  constructor(source: TokenSource) {
    this.#source = source;
  }

  /**
   * Returns the token for the next attempt, or `undefined` if the provider has only the rejected one.
   *
   * @throws {KioskTokenError} if the provider fails, or returns something that cannot be sent.
   */
  async next(signal: AbortSignal): Promise<string | undefined> {
    const source = this.#source;
    if (!isProvided(source)) return source.token as string;
    if (this.#rejected === undefined) return askToken(source, signal);
    const token = this.#exchanged ? await askToken(source, signal) : this.#rejected;
    if (token !== this.#rejected) return token;
    this.#exchanged = true;
    const other = await askAnotherToken(source, this.#rejected);
    return other === this.#rejected ? undefined : other;
  }

  /** Records a 401. Returns whether another attempt with another token is worthwhile. */
  reject(token: string): boolean {
    if (!isProvided(this.#source) || this.#rejected !== undefined) return false;
    this.#rejected = token;
    return true;
  }
}

function isProvided(source: TokenSource): source is ProvidedTokens {
  return typeof source.token === "function";
}
