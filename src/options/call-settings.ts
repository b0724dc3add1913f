import { type CallLimitValues, type OwnCallLimits, parseOwnCallLimits } from "./call-limits.js";
import { parseCorrelationId, parseSignal, parseToken } from "./option-values.js";

/** The options of one call, before validation. `P` is the type of a token provider. */
interface CallValues<P> extends CallLimitValues {
  readonly signal?: AbortSignal | undefined;
  readonly correlationId?: string | undefined;
  readonly token?: string | P | undefined;
}

/** The validated options of one call. An option that was not passed is `undefined`. */
export interface CallSettings<P> extends OwnCallLimits {
  readonly signal: AbortSignal | undefined;
  readonly correlationId: string | undefined;
  readonly token: string | P | undefined;
}

/**
 * Validates the values of a call's options. `options` may hold other options too: their names must be validated before.
 *
 * @throws {KioskArgumentError} if a value is invalid.
 */
export function parseCallValues<P>(options: CallValues<P>): CallSettings<P> {
  const { signal, correlationId, token } = options;
  const { timeoutMs, deadlineMs, maxRetries, reconcileWindowMs, resend } = parseOwnCallLimits(options);
  // Spelled out: under Node.js 20, a spread takes longer than the rest of this function.
  return {
    timeoutMs,
    deadlineMs,
    maxRetries,
    reconcileWindowMs,
    resend,
    signal: parseSignal(signal),
    correlationId: correlationId === undefined ? undefined : parseCorrelationId(correlationId),
    token: token === undefined ? undefined : parseToken(token),
  };
}
