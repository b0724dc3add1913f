import { Clock } from "../time/clock.js";
import { Deadline } from "../time/deadline.js";
import type { Call } from "./call.js";

/** The options of a client that its calls use. */
export interface CallDefaults {
  readonly timeoutMs: number;
  readonly deadlineMs: number | undefined;
  readonly maxRetries: number;
  readonly reconcileWindowMs: number;
  readonly resend: boolean;
  readonly onExchange: Call["onExchange"];
}

/** The options of one call, which take precedence. One that was not passed is `undefined`. */
export interface OwnCallOptions {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly deadlineMs: number | undefined;
  readonly maxRetries: number | undefined;
  readonly reconcileWindowMs: number | undefined;
  readonly resend: boolean | undefined;
  readonly correlationId: string | undefined;
}

/** Creates a call. Its deadline begins now. */
export function createCall(
  defaults: CallDefaults,
  own: OwnCallOptions,
  of: Pick<Call, "operation" | "kioskId" | "tokens" | "transport" | "wiseClock">,
): Call {
  const deadlineMs = own.deadlineMs ?? defaults.deadlineMs;
  const clock = new Clock();
  return {
    ...of,
    onExchange: defaults.onExchange,
    timeoutMs: own.timeoutMs ?? defaults.timeoutMs,
    maxRetries: own.maxRetries ?? defaults.maxRetries,
    reconcile: {
      reconcileWindowMs: own.reconcileWindowMs ?? defaults.reconcileWindowMs,
      resend: own.resend ?? defaults.resend,
    },
    clock,
    deadline: deadlineMs === undefined ? undefined : new Deadline(clock, deadlineMs),
    correlationId: own.correlationId ?? crypto.randomUUID(),
    signal: own.signal,
  };
}
