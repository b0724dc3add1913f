import { readOptions } from "../arguments/read-options.js";
import {
  readCorrelationId,
  readMaxRetries,
  readMs,
  readReconcileWindowMs,
  readResend,
  readSignal,
  readToken,
} from "../options/option-values.js";
import type { TokenProvider } from "../tokens/token-provider.js";
import { CALL_OPTION_NAMES, type CallOptions } from "./client-options.js";

/** The options of a call, checked. */
export interface CallSettings {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly deadlineMs: number | undefined;
  readonly maxRetries: number | undefined;
  readonly reconcileWindowMs: number | undefined;
  readonly resend: boolean | undefined;
  readonly correlationId: string | undefined;
  readonly token: string | TokenProvider | undefined;
}

/** @throws {KioskArgumentError} for the first option that is not known or not valid. */
export function readCallOptions(options: CallOptions): CallSettings {
  return readCallValues(readOptions("options", options, CALL_OPTION_NAMES));
}

/**
 * Reads the options of a call from among others, whose names have been checked.
 *
 * @throws {KioskArgumentError} for the first option that is not valid.
 */
export function readCallValues(options: CallOptions): CallSettings {
  const { signal, timeoutMs, deadlineMs, maxRetries, reconcileWindowMs, resend, correlationId, token } = options;
  return {
    signal: readSignal(signal),
    timeoutMs: timeoutMs === undefined ? undefined : readMs("timeoutMs", timeoutMs),
    deadlineMs: deadlineMs === undefined ? undefined : readMs("deadlineMs", deadlineMs),
    maxRetries: maxRetries === undefined ? undefined : readMaxRetries(maxRetries),
    reconcileWindowMs: reconcileWindowMs === undefined ? undefined : readReconcileWindowMs(reconcileWindowMs),
    resend: resend === undefined ? undefined : readResend(resend),
    correlationId: correlationId === undefined ? undefined : readCorrelationId(correlationId),
    token: token === undefined ? undefined : readToken(token),
  };
}
