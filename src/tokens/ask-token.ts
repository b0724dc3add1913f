import { tokenFault } from "../arguments/token-fault.js";
import { KioskTokenError } from "../errors/token-error.js";
import type { WorkSignal } from "../time/work-signal.js";
import { findRejection, refreshOnce } from "./shared-refresh.js";
import type { AnyTokenProvider, TokenSource } from "./token-source.js";

/** A source of tokens whose provider is a function. */
export type ProvidedTokens = TokenSource & { readonly token: AnyTokenProvider };

/**
 * Returns the provider's token for the next attempt: immediately, or as a promise if the provider returns one.
 *
 * @throws {KioskTokenError} if the provider fails, or returns something that cannot be sent. The promise rejects with it, too.
 */
export function askToken({ token: provider, context }: ProvidedTokens, signal: WorkSignal): string | Promise<string> {
  let token: unknown;
  try {
    token = provider(new FirstContext(context, signal) as never);
  } catch (cause) {
    throw providerFailure(cause);
  }
  return typeof token === "string" ? requireUsable(token) : awaitUsable(token);
}

/**
 * Returns a token other than the rejected one, or the rejected one if the provider has no other.
 *
 * @throws {KioskTokenError} if the provider fails, or returns something that cannot be sent.
 */
export async function askAnotherToken(
  { token: provider, owner, context }: ProvidedTokens,
  rejected: string,
): Promise<string> {
  return refreshOnce(provider, owner, rejected, (rejectedToken) =>
    awaitUsable((async () => provider({ ...context, rejectedToken } as never))()),
  );
}

/**
 * Returns the provider's token for the next attempt, or what replaces it if it was rejected.
 *
 * @throws {KioskTokenError} if the provider fails, or returns something that cannot be sent.
 */
export async function askAcceptedToken(tokens: ProvidedTokens, signal: WorkSignal): Promise<string> {
  const token = await askToken(tokens, signal);
  return findRejection(tokens.token, tokens.owner, token) ? askAnotherToken(tokens, token) : token;
}

/** The context of a provider without a rejected token. Its signal is created when the provider reads it, as most do not. */
class FirstContext {
  declare readonly signal: AbortSignal;
  readonly #signal: WorkSignal;

  /** An own property, so that a provider can copy the context. */
  static readonly #SIGNAL: PropertyDescriptor & ThisType<FirstContext> = {
    enumerable: true,
    get() {
      return this.#signal.full;
    },
  };

  constructor(context: object, signal: WorkSignal) {
    Object.assign(this, context);
    this.#signal = signal;
    Object.defineProperty(this, "signal", FirstContext.#SIGNAL);
  }
}

async function awaitUsable(promised: unknown): Promise<string> {
  let token: unknown;
  try {
    token = await promised;
  } catch (cause) {
    throw providerFailure(cause);
  }
  return requireUsable(token);
}

function requireUsable(token: unknown): string {
  const fault = tokenFault(token);
  if (fault === undefined) return token as string;
  throw new KioskTokenError(`The token provider must return an access token, not ${fault}`);
}

function providerFailure(cause: unknown): KioskTokenError {
  return new KioskTokenError("The token provider failed; its error is the cause", { cause });
}
