import { setAlarm } from "./alarm.js";
import { Clock } from "./clock.js";
import type { Deadline } from "./deadline.js";
import { onAbort } from "./on-abort.js";

/** Which time limit passed. */
export type TimeLimitName = "timeoutMs" | "deadlineMs";

/** What bounds a piece of work. */
export interface Limits {
  /** The clock that counts the timers that fire. Default: one of its own. */
  readonly clock?: Clock | undefined;
  /** For this piece of work, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  readonly deadline?: Deadline | undefined;
  /** The caller's own signal. It is listened to but never passed on: whoever gets it may leave listeners behind. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of a piece of work within its limits. */
export type TimeLimited<T> =
  | { readonly kind: "finished"; readonly value: T }
  | { readonly kind: "timed-out"; readonly limit: TimeLimitName };

/**
 * Runs `work` until it is finished, a limit passes, or the caller's signal aborts, and settles at that moment, even if `work`
 * is still running. The signal passed to `work` tells it to stop.
 *
 * @throws the reason of the caller's signal, and what `work` rejects with.
 */
export async function withTimeout<T>(
  limits: Limits,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<TimeLimited<T>> {
  const { clock = new Clock(), signal, timeoutMs = Number.POSITIVE_INFINITY } = limits;
  if (signal?.aborted) throw signal.reason;
  const leftMs = limits.deadline?.leftMs ?? Number.POSITIVE_INFINITY;
  const limit: TimeLimitName = leftMs < timeoutMs ? "deadlineMs" : "timeoutMs";
  const ms = Math.min(leftMs, timeoutMs);
  if (ms <= 0) return { kind: "timed-out", limit };

  const inner = new AbortController();
  let turnOff: (() => void) | undefined;
  let stopListening: (() => void) | undefined;
  let ignoreDeadline: (() => void) | undefined;
  let finished = false;
  try {
    const limited = await new Promise<TimeLimited<T>>((resolve, reject) => {
      turnOff = setAlarm(clock, ms, () => resolve({ kind: "timed-out", limit }));
      ignoreDeadline = limits.deadline?.onRing(() => resolve({ kind: "timed-out", limit: "deadlineMs" }));
      stopListening = signal && onAbort(signal, () => reject(signal.reason));
      work(inner.signal).then((value) => resolve({ kind: "finished", value }), reject);
    });
    finished = limited.kind === "finished";
    return limited;
  } finally {
    turnOff?.();
    stopListening?.();
    ignoreDeadline?.();
    if (!finished) inner.abort();
  }
}
