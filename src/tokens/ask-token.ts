import { tokenFault } from "../arguments/token-fault.js";
import { KioskTokenError } from "../errors/token-error.js";
import type { Operation } from "../production/operation.js";
import { refreshOnce } from "./shared-refresh.js";
import type { TokenProvider } from "./token-provider.js";

/** The customer and the operation that need a token. */
export interface TokenRequest {
  /** The profile that owns the card, in decimal digits. */
  readonly profileId: string;
  /** The method that was called. */
  readonly operation: Operation;
}

/**
 * Returns the provider's token for the next attempt.
 *
 * @throws {KioskTokenError} if the provider fails, or returns something that cannot be sent.
 */
export async function askToken(provider: TokenProvider, request: TokenRequest, signal: AbortSignal): Promise<string> {
  return requestUsableToken(async () => provider({ ...request, signal }));
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
    requestUsableToken(async () => provider({ ...request, rejectedToken })),
  );
}

async function requestUsableToken(ask: () => Promise<unknown>): Promise<string> {
  let token: unknown;
  try {
    token = await ask();
  } catch (cause) {
    throw new KioskTokenError("The token provider failed; its error is the cause", { cause });
  }
  const fault = tokenFault(token);
  if (fault === undefined) return token as string;
  throw new KioskTokenError(`The token provider must return an access token, not ${fault}`);
}
