import { tokenFault } from "../arguments/token-fault.js";
import { KioskTokenError } from "../errors/token-error.js";
import type { Operation } from "../production/operation.js";
import { refreshOnce } from "./shared-refresh.js";
import type { TokenProvider } from "./token-provider.js";

/** For whom and for what a token is asked. */
export interface TokenRequest {
  readonly profileId: string;
  readonly operation: Operation;
}

/** Asks the provider for the token of the next attempt. */
export async function askToken(provider: TokenProvider, request: TokenRequest, signal: AbortSignal): Promise<string> {
  return usable(async () => provider({ ...request, signal }));
}

/** Asks the provider for another token than the one that was rejected; `rejectedToken` itself where it has none. */
export async function askAnotherToken(
  provider: TokenProvider,
  request: TokenRequest,
  rejectedToken: string,
): Promise<string> {
  return refreshOnce(provider, request.profileId, rejectedToken, () =>
    usable(async () => provider({ ...request, rejectedToken })),
  );
}

async function usable(ask: () => Promise<unknown>): Promise<string> {
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
