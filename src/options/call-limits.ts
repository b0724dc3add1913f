import { parseRange } from "../arguments/parse-range.js";
import { MAX_RECONCILE_WINDOW_MS } from "../time/longest-times.js";
import { parseMaxRetries, parseMs, parseResend } from "./option-values.js";

const DEFAULT_TIMEOUT_MS = 30_000;

/** The default of `maxRetries`. */
const DEFAULT_MAX_RETRIES = 2;

/** The default of `reconcileWindowMs`. */
export const DEFAULT_RECONCILE_WINDOW_MS = 10_000;

/** The options that limit a call, before validation. */
export interface CallLimitValues {
  readonly timeoutMs?: number | undefined;
  readonly deadlineMs?: number | undefined;
  readonly maxRetries?: number | undefined;
  readonly reconcileWindowMs?: number | undefined;
  readonly resend?: boolean | undefined;
}

/** The validated limits of a call, without defaults: a limit that was not passed is `undefined`. */
export interface OwnCallLimits {
  readonly timeoutMs: number | undefined;
  readonly deadlineMs: number | undefined;
  readonly maxRetries: number | undefined;
  readonly reconcileWindowMs: number | undefined;
  readonly resend: boolean | undefined;
}

/** The validated limits of the calls of a client, with their defaults. */
export interface CallLimits {
  readonly timeoutMs: number;
  /** `undefined` for no limit. */
  readonly deadlineMs: number | undefined;
  readonly maxRetries: number;
  readonly reconcileWindowMs: number;
  readonly resend: boolean;
}

/**
 * Validates the limits of a single call.
 *
 * @throws {KioskArgumentError} if a limit is invalid.
 */
export function parseOwnCallLimits(limits: CallLimitValues): OwnCallLimits {
  const { timeoutMs, deadlineMs, maxRetries, reconcileWindowMs, resend } = limits;
  return {
    timeoutMs: timeoutMs === undefined ? undefined : parseMs("timeoutMs", timeoutMs),
    deadlineMs: deadlineMs === undefined ? undefined : parseMs("deadlineMs", deadlineMs),
    maxRetries: maxRetries === undefined ? undefined : parseMaxRetries(maxRetries),
    reconcileWindowMs:
      reconcileWindowMs === undefined
        ? undefined
        : parseRange("reconcileWindowMs", reconcileWindowMs, { min: 0, max: MAX_RECONCILE_WINDOW_MS }),
    resend: resend === undefined ? undefined : parseResend(resend),
  };
}

/**
 * Validates the limits of the calls of a client, and adds the defaults.
 *
 * @throws {KioskArgumentError} if a limit is invalid.
 */
export function parseCallLimits(limits: CallLimitValues): CallLimits {
  const {
    timeoutMs = DEFAULT_TIMEOUT_MS,
    deadlineMs,
    maxRetries = DEFAULT_MAX_RETRIES,
    reconcileWindowMs = DEFAULT_RECONCILE_WINDOW_MS,
    resend = true,
  } = parseOwnCallLimits(limits);
  return { timeoutMs, deadlineMs, maxRetries, reconcileWindowMs, resend };
}
