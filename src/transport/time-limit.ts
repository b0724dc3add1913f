/** The moment, on the monotonic clock, at which a whole call has to be over. */
export type Deadline = number;

/** Which limit of time passed. */
export type PassedLimit = "timeoutMs" | "deadlineMs";

/** What bounds a piece of work. */
export interface Limits {
  /** For this piece of work, in milliseconds. */
  readonly timeoutMs?: number | undefined;
  readonly deadline?: Deadline | undefined;
  /** The caller's own. It is listened to, but never handed on: whoever gets it may leave listeners behind. */
  readonly signal?: AbortSignal | undefined;
}

/** What became of a piece of work within its limits. */
export type Bounded<T> =
  | { readonly kind: "finished"; readonly value: T }
  | { readonly kind: "passed"; readonly limit: PassedLimit };

/** The longest time that a timer of the platform can measure, in milliseconds. */
export const LONGEST_TIMER_MS = 2_147_483_647;

/** The time left until `deadline`, in milliseconds. */
function timeLeft(deadline: Deadline | undefined): number {
  return deadline === undefined ? Number.POSITIVE_INFINITY : deadline - performance.now();
}

/**
 * Runs `work` until it is finished, a limit passes, or the caller's signal aborts, and settles at that very moment, whatever
 * `work` still does. The signal that `work` gets tells it to let go.
 *
 * @throws the reason of the caller's signal, and what `work` rejects with.
 */
export async function withinLimits<T>(limits: Limits, work: (signal: AbortSignal) => Promise<T>): Promise<Bounded<T>> {
  const { signal, timeoutMs = Number.POSITIVE_INFINITY } = limits;
  if (signal?.aborted) throw signal.reason;
  const left = timeLeft(limits.deadline);
  const limit: PassedLimit = left < timeoutMs ? "deadlineMs" : "timeoutMs";
  const ms = Math.min(left, timeoutMs);
  if (ms <= 0) return { kind: "passed", limit };

  const inner = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let onAbort: (() => void) | undefined;
  let finished = false;
  try {
    const bounded = await new Promise<Bounded<T>>((resolve, reject) => {
      if (ms <= LONGEST_TIMER_MS) timer = setTimeout(() => resolve({ kind: "passed", limit }), ms);
      onAbort = () => reject(signal?.reason);
      signal?.addEventListener("abort", onAbort, { once: true });
      work(inner.signal).then((value) => resolve({ kind: "finished", value }), reject);
    });
    finished = bounded.kind === "finished";
    return bounded;
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener("abort", onAbort);
    if (!finished) inner.abort();
  }
}
