import type { Operation } from "../production/operation.js";

/** What a {@link TokenProvider} is told. */
export interface TokenContext {
  /** The profile whose card the call is about, in decimal digits: Wise's user tokens belong to one customer. */
  readonly profileId: string;
  /** The method that was called. */
  readonly operation: Operation;
  /**
   * Set if Wise just responded 401 to this token: get another one, and return this one again only if there is no other. All calls
   * for the same profile that were rejected with it share the new one: they wait for it together, and later ones use it again. A
   * provider that does not answer is asked again after 60 s. If profiles of one customer share a token, each of them asks: return
   * the token that you have if it is no longer the rejected one.
   */
  readonly rejectedToken?: string;
  /** Aborts when the token is no longer waited for. Not set with `rejectedToken`: the answer is not for one call alone. */
  readonly signal?: AbortSignal;
}

/**
 * Gives the access token of a customer. It is asked before every attempt, inside the attempt's `timeoutMs`, so it should keep
 * tokens itself.
 *
 * @see https://docs.wise.com/guides/developer/auth-and-security
 */
export type TokenProvider = (context: TokenContext) => string | Promise<string>;
