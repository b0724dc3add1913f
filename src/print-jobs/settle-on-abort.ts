import { abortReason } from "../time/abort-reason.js";
import { onAbort } from "../time/on-abort.js";
import { pause } from "../time/wait.js";

/** How long the work may still settle after the abort, so that a job is closed before its print rejects. */
const GRACE_MS = 25;

/**
 * Settles like `work`, but rejects with the reason of the signal if the signal aborts and `work` does not settle soon after: a
 * store may hang.
 */
export async function settleOnAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  let stopListening = () => {};
  const aborted = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else stopListening = onAbort(signal, resolve);
  });
  const givenUp = aborted.then(() => pause(GRACE_MS)).then(() => Promise.reject(abortReason(signal)));
  // If the work settles first, nothing else handles this rejection.
  givenUp.catch(() => {});
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    stopListening();
  }
}
