import { requireOptionNames } from "../arguments/parse-options.js";
import { type OwnCallLimits, parseOwnCallLimits } from "../options/call-limits.js";
import { parseCorrelationId, parseSignal, parseToken } from "../options/option-values.js";
import type { TokenProvider } from "../tokens/token-provider.js";
import { CALL_OPTION_NAMES, type CallOptions } from "./client-options.js";

/** The validated options of a call. An option that was not passed is `undefined`. */
export interface CallSettings extends OwnCallLimits {
  readonly signal: AbortSignal | undefined;
  readonly correlationId: string | undefined;
  readonly token: string | TokenProvider | undefined;
}

/** Most calls have no options of their own. */
const NO_SETTINGS: CallSettings = {
  signal: undefined,
  timeoutMs: undefined,
  deadlineMs: undefined,
  maxRetries: undefined,
  reconcileWindowMs: undefined,
  resend: undefined,
  correlationId: undefined,
  token: undefined,
};

/**
 * Validates the options of a call.
 *
 * @throws {KioskArgumentError} if an option is unknown or invalid.
 */
export function parseCallOptions(options: CallOptions | undefined): CallSettings {
  if (options === undefined) return NO_SETTINGS;
  requireOptionNames("options", options, CALL_OPTION_NAMES);
  return parseCallValues(options);
}

/**
 * Validates the values of a call's options. `options` may hold other options too: their names must be validated before.
 *
 * @throws {KioskArgumentError} if a value is invalid.
 */
export function parseCallValues(options: CallOptions): CallSettings {
  const { signal, correlationId, token } = options;
  return {
    ...parseOwnCallLimits(options),
    signal: parseSignal(signal),
    correlationId: correlationId === undefined ? undefined : parseCorrelationId(correlationId),
    token: token === undefined ? undefined : parseToken(token),
  };
}
