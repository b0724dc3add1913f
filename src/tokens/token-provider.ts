import type { Operation } from "../production/operation.js";

/** The context that a {@link TokenProvider} receives. */
export interface TokenContext {
  /** The profile that owns the card, in decimal digits. A user token of Wise belongs to one customer. */
  readonly profileId: string;
  /** The method that was called. */
  readonly operation: Operation;
  /**
   * Set if Wise rejected this token with a 401. Get another one, and return this one again only if there is no other.
   *
   * All calls for the same profile that were rejected with it share the new token: they wait for it together, and later ones reuse
   * it. If the provider's promise is still pending after 60 s, the next rejection calls the provider again. If several profiles
   * share a token, the provider is called for each of them: return the token that you have if it is no longer the rejected one.
   */
  readonly rejectedToken?: string | undefined;
  /** Aborts when the call no longer waits for the token. Not set with `rejectedToken`, because several calls may wait for it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns the access token of a customer. It is called before every attempt, within the `timeoutMs` of the attempt, so it should
 * cache tokens.
 *
 * @see https://docs.wise.com/guides/developer/auth-and-security
 */
export type TokenProvider = (context: TokenContext) => string | Promise<string>;
