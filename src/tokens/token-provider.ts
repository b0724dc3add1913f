/** The methods of the client that send requests. */
export type Operation = "produceCard" | "getProductionStatus" | "simulateProductionStatus";

/** What a {@link TokenProvider} is told. */
export interface TokenContext {
  /** The profile whose card the call is about, in decimal digits: Wise's user tokens belong to one customer. */
  readonly profileId: string;
  /** The method that was called. */
  readonly operation: Operation;
  /**
   * Set where Wise just answered 401 to this token: get another one, and give this one again only where there is no other. All
   * calls that were rejected with it share the answer: they wait for it together, and later ones use it again. Only 60 s after a
   * question without an answer another one is asked.
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
