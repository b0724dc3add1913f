import { abortReason } from "./abort-reason.js";
import { Alarm } from "./alarm.js";
import { Clock } from "./clock.js";
import type { Deadline } from "./deadline.js";
import { onAbort } from "./on-abort.js";
import { WorkSignal } from "./work-signal.js";

/** The name of the time limit that passed. */
export type TimeLimitName = "timeoutMs" | "deadlineMs";

/** The limits of a piece of work. */
export interface Limits {
  /** The clock that counts the timers that fire. Default: a new one. */
  readonly clock?: Clock | undefined;
  /** The time limit for this piece of work, in milliseconds. Default: none. */
  readonly timeoutMs?: number | undefined;
  /** A time limit that this piece of work shares with others. Default: none. */
  readonly deadline?: Deadline | undefined;
  /** The caller's own signal. It is never passed to the work, which might leave listeners on it. */
  readonly signal?: AbortSignal | undefined;
}

/** The result of a piece of work with limits. */
export type TimeLimited<T> =
  | { readonly kind: "finished"; readonly value: T }
  | { readonly kind: "timed-out"; readonly limit: TimeLimitName };

/**
 * Runs `work` until it finishes, a limit passes, or the caller's signal aborts. It settles at that moment, even if `work` is
 * still running. The signal passed to `work` aborts unless `work` resolves first.
 *
 * @throws the reason of the caller's signal, or the value that `work` rejects with.
 */
export function withTimeout<T>(limits: Limits, work: (signal: AbortSignal) => Promise<T>): Promise<TimeLimited<T>> {
  return runWithin(limits, (signal) => work(signal.full));
}

/** Does the same as {@link withTimeout}. The signal of the work costs almost nothing unless the work needs a full one. */
export function runWithin<T>(limits: Limits, work: (signal: WorkSignal) => Promise<T>): Promise<TimeLimited<T>> {
  const { clock = new Clock(), signal, timeoutMs = Number.POSITIVE_INFINITY, deadline } = limits;
  if (signal?.aborted) return Promise.reject(abortReason(signal));
  const leftMs = deadline?.leftMs ?? Number.POSITIVE_INFINITY;
  const limit: TimeLimitName = leftMs < timeoutMs ? "deadlineMs" : "timeoutMs";
  const ms = Math.min(leftMs, timeoutMs);
  if (ms <= 0) return Promise.resolve({ kind: "timed-out", limit });
  return new Promise((resolve, reject) => {
    const inner = new WorkSignal();
    const release = () => {
      alarm.turnOff();
      ignoreDeadline?.();
      ignoreSignal?.();
    };
    const stop = () => {
      release();
      inner.abort();
    };
    const timeOut = (passed: TimeLimitName) => {
      resolve({ kind: "timed-out", limit: passed });
      stop();
    };
    const fail = (reason: unknown) => {
      reject(reason);
      stop();
    };
    const alarm = new Alarm(clock, ms, (byTimer) => {
      if (byTimer) clock.countTimer(ms);
      timeOut(limit);
    });
    const ignoreDeadline = deadline?.onRing(() => timeOut("deadlineMs"));
    const ignoreSignal = signal && onAbort(signal, () => fail(abortReason(signal)));
    try {
      work(inner).then((value) => {
        resolve({ kind: "finished", value });
        release();
      }, fail);
    } catch (error) {
      fail(error);
    }
  });
}
