import { tokenFault } from "../arguments/token-fault.js";
import { KioskTokenError } from "../errors/token-error.js";
import type { Operation } from "../production/operation.js";
import type { WorkSignal } from "../time/work-signal.js";
import { refreshOnce } from "./shared-refresh.js";
import type { TokenContext, TokenProvider } from "./token-provider.js";

/** The customer and the operation that need a token. */
export interface TokenRequest {
  /** The profile that owns the card, in decimal digits. */
  readonly profileId: string;
  /** The method that was called. */
  readonly operation: Operation;
}

/**
 * Returns the provider's token for the next attempt: immediately, or as a promise if the provider returns one.
 *
 * @throws {KioskTokenError} if the provider fails, or returns something that cannot be sent. The promise rejects with it, too.
 */
export function askToken(provider: TokenProvider, request: TokenRequest, signal: WorkSignal): string | Promise<string> {
  let token: unknown;
  try {
    token = provider(new FirstContext(request, signal));
  } catch (cause) {
    throw providerFailure(cause);
  }
  return typeof token === "string" ? requireUsable(token) : awaitUsable(token);
}

/**
 * Returns another token than the rejected one, or `rejectedToken` itself if the provider has no other.
 *
 * @throws {KioskTokenError} if the provider fails, or returns something that cannot be sent.
 */
export async function askAnotherToken(
  provider: TokenProvider,
  request: TokenRequest,
  rejectedToken: string,
): Promise<string> {
  return refreshOnce(provider, request.profileId, rejectedToken, () =>
    awaitUsable((async () => provider({ ...request, rejectedToken }))()),
  );
}

/** The context of a provider without a rejected token. Its signal is created when the provider reads it, as most do not. */
class FirstContext implements TokenContext {
  readonly profileId: string;
  readonly operation: Operation;
  declare readonly signal: AbortSignal;
  readonly #signal: WorkSignal;

  /** An own property, so that a provider can copy the context. */
  static readonly #SIGNAL: PropertyDescriptor & ThisType<FirstContext> = {
    enumerable: true,
    get() {
      return this.#signal.full;
    },
  };

  constructor({ profileId, operation }: TokenRequest, signal: WorkSignal) {
    this.profileId = profileId;
    this.operation = operation;
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
