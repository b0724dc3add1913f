import type { SubscriptionOperation } from "../production/operation.js";

/** The context that a {@link SubscriptionTokenProvider} receives. */
export interface SubscriptionTokenContext {
  /** The client key of your application. */
  readonly clientKey: string;
  /** The operation that needs the token. */
  readonly operation: SubscriptionOperation;
  /** Set if Wise rejected this token with a 401. Get another one, and return this one again only if there is no other. */
  readonly rejectedToken?: string | undefined;
  /** Aborts when the call no longer waits for the token. Not set with `rejectedToken`, because several calls may wait for it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Returns a token of your application itself: a client-credentials token, not the token of a customer. It is called before every
 * attempt, so it should cache tokens. `createClientCredentialsToken` returns one.
 *
 * @see https://docs.wise.com/guides/developer/auth-and-security
 */
export type SubscriptionTokenProvider = (context: SubscriptionTokenContext) => string | Promise<string>;
