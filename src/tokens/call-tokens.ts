import { askAnotherToken, askToken, type TokenRequest } from "./ask-token.js";
import type { TokenProvider } from "./token-provider.js";

/** The tokens of one call: requested before each attempt, and exchanged at most once after a 401. */
export class CallTokens {
  readonly #source: string | TokenProvider;
  readonly #request: TokenRequest;
  #rejected: string | undefined;
  #exchanged = false;

  constructor(source: string | TokenProvider, request: TokenRequest) {
    this.#source = source;
    this.#request = request;
  }

  /**
   * Returns the token for the next attempt, or `undefined` if the provider has only the rejected one.
   *
   * @throws {KioskTokenError} if the provider fails, or returns something that cannot be sent.
   */
  async next(signal: AbortSignal): Promise<string | undefined> {
    if (typeof this.#source === "string") return this.#source;
    if (this.#rejected === undefined) return askToken(this.#source, this.#request, signal);
    const token = this.#exchanged ? await askToken(this.#source, this.#request, signal) : this.#rejected;
    if (token !== this.#rejected) return token;
    this.#exchanged = true;
    const other = await askAnotherToken(this.#source, this.#request, this.#rejected);
    return other === this.#rejected ? undefined : other;
  }

  /** Records a 401. Returns whether another attempt with another token is worthwhile. */
  reject(token: string): boolean {
    if (typeof this.#source === "string" || this.#rejected !== undefined) return false;
    this.#rejected = token;
    return true;
  }
}
