import { askAnotherToken, askToken, type TokenRequest } from "./ask-token.js";
import type { TokenProvider } from "./token-provider.js";

/** The tokens of one call: asked for before each attempt, and exchanged at most once after a 401. */
export class CallTokens {
  readonly #source: string | TokenProvider;
  readonly #request: TokenRequest;
  #rejected: string | undefined;
  #exchanged = false;

  constructor(source: string | TokenProvider, request: TokenRequest) {
    this.#source = source;
    this.#request = request;
  }

  /** The token for the next attempt; `undefined` where there is none but the one that was rejected. */
  async next(signal: AbortSignal): Promise<string | undefined> {
    if (typeof this.#source === "string") return this.#source;
    if (this.#rejected === undefined) return askToken(this.#source, this.#request, signal);
    const token = this.#exchanged ? await askToken(this.#source, this.#request, signal) : this.#rejected;
    if (token !== this.#rejected) return token;
    this.#exchanged = true;
    const other = await askAnotherToken(this.#source, this.#request, this.#rejected);
    return other === this.#rejected ? undefined : other;
  }

  /** Takes note of a 401, and tells whether another attempt with another token is worthwhile. */
  reject(token: string): boolean {
    if (typeof this.#source === "string" || this.#rejected !== undefined) return false;
    this.#rejected = token;
    return true;
  }
}
