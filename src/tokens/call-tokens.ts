import type { WorkSignal } from "../time/work-signal.js";
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
   * Returns the token for the next attempt: immediately, or as a promise if the provider returns one. The promise resolves with
   * `undefined` if the provider has only the rejected token.
   *
   * @throws {KioskTokenError} if the provider fails, or returns something that cannot be sent. The promise rejects with it, too.
   */
  next(signal: WorkSignal): string | Promise<string | undefined> {
    if (typeof this.#source === "string") return this.#source;
    if (this.#rejected === undefined) return askToken(this.#source, this.#request, signal);
    return this.#afterRejection(this.#source, this.#rejected, signal);
  }

  async #afterRejection(source: TokenProvider, rejected: string, signal: WorkSignal): Promise<string | undefined> {
    const token = this.#exchanged ? await askToken(source, this.#request, signal) : rejected;
    if (token !== rejected) return token;
    this.#exchanged = true;
    const other = await askAnotherToken(source, this.#request, rejected);
    return other === rejected ? undefined : other;
  }

  /** Records a 401. Returns whether another attempt with another token is worthwhile. */
  reject(token: string): boolean {
    if (typeof this.#source === "string" || this.#rejected !== undefined) return false;
    this.#rejected = token;
    return true;
  }
}
