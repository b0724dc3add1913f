import { KioskApiError } from "../errors/api-error.js";
import { KioskConnectionError } from "../errors/connection-error.js";
import { mayHaveTakenEffect } from "../errors/may-have-taken-effect.js";
import { isTransientStatus } from "../response/classify-response.js";
import { isTooLongToWait } from "../response/retry-after.js";
import { retryDelayMs, wait } from "../time/wait.js";
import type { ReceivedToken } from "./received-token.js";
import { requestTokens, type TokenGrant, type TokenRequestSettings } from "./token-request.js";

/** How often a request is repeated. */
const MAX_REPEATS = 2;

/**
 * Requests tokens, and repeats the request after a transient failure while `timeoutMs` lasts. It never repeats a refresh that Wise
 * may have processed: the refresh token may be void by then.
 *
 * @throws the error of the last request.
 */
export async function requestTokensRepeatedly(
  settings: TokenRequestSettings,
  grant: TokenGrant,
): Promise<ReceivedToken> {
  const correlationId = crypto.randomUUID();
  const until = performance.now() + settings.timeoutMs;
  for (let attempt = 1; ; attempt += 1) {
    let waitMs: number | undefined;
    const waitAfter = (error: unknown) => {
      waitMs = attempt > MAX_REPEATS ? undefined : delayAfterError(error, attempt - 1, until - performance.now());
      return waitMs;
    };
    const timeoutMs = Math.max(1, until - performance.now());
    try {
      return await requestTokens({ ...settings, timeoutMs }, grant, { attempt, correlationId, waitAfter });
    } catch (error) {
      if (waitMs === undefined) throw error;
      await wait(waitMs, {});
    }
  }
}

/** Returns the wait before the next request in milliseconds, or `undefined` if it would not help or there is no time for it. */
function delayAfterError(error: unknown, retry: number, leftMs: number): number | undefined {
  const isTransient =
    error instanceof KioskApiError ? isTransientStatus(error.httpStatus) : error instanceof KioskConnectionError;
  const retryAfterMs = error instanceof KioskApiError ? error.retryAfterMs : null;
  if (!isTransient || mayHaveTakenEffect(error) || isTooLongToWait(retryAfterMs)) return undefined;
  const delayMs = retryDelayMs(retry, retryAfterMs);
  return delayMs < leftMs ? delayMs : undefined;
}
