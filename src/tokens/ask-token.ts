import { tokenFault } from "../arguments/token-fault.js";
import { KioskTokenError } from "../errors/token-error.js";
import { refreshOnce } from "./shared-refresh.js";
import type { AnyTokenProvider, TokenSource } from "./token-source.js";

/** A source of tokens whose provider is a function. */
export type ProvidedTokens = TokenSource & { readonly token: AnyTokenProvider };

/**
 * Returns the provider's token for the next attempt.
 *
 * @throws {KioskTokenError} if the provider fails, or returns something that cannot be sent.
 */
export async function askToken({ token: provider, context }: ProvidedTokens, signal: AbortSignal): Promise<string> {
  return requestUsableToken(async () => provider({ ...context, signal }));
}

/**
 * Returns another token than the rejected one, or `rejectedToken` itself if the provider has no other.
 *
 * @throws {KioskTokenError} if the provider fails, or returns something that cannot be sent.
 */
export async function askAnotherToken(
  { token: provider, owner, context }: ProvidedTokens,
  rejectedToken: string,
): Promise<string> {
  return refreshOnce(provider, owner, rejectedToken, () =>
    requestUsableToken(async () => provider({ ...context, rejectedToken })),
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
