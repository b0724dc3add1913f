import { onAbort } from "../time/on-abort.js";
import { pause } from "../time/wait.js";

/** What is under way may end by itself for this long, so that a job is closed before its print rejects. */
const GRACE_MS = 40;

/**
 * Settles as `work` does, but rejects with the reason of the signal if that aborts and `work` does not settle soon after: a store
 * may hang.
 */
export async function settleOnAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stopListening = () => {};
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else stopListening = onAbort(signal, resolve);
  });
  const givenUp = aborted.then(() => pause(GRACE_MS)).then(() => Promise.reject(signal.reason));
  // If the work settles first, no one waits for this.
  givenUp.catch(() => {});
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    stopListening();
  }
}
