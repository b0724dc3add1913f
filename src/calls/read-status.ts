import type { AttemptOutcome } from "../response/attempt-outcome.js";
import { classifyStatusResponse, type ReadProduction } from "../response/classify-response.js";
import type { Attempt, Attempts } from "./attempts.js";
import type { Call, CallRequest } from "./call.js";
import { type RepeatOptions, repeatSafely } from "./repeat-safely.js";

/**
 * Reads the status, and reads it again after every transient failure, up to `maxRetries` times. The caller must report the
 * returned attempt.
 *
 * @throws the reason of the caller's signal.
 */
export function readStatus(
  attempts: Attempts,
  request: CallRequest,
  call: Call,
  options?: RepeatOptions,
): Promise<Attempt<AttemptOutcome<ReadProduction>>> {
  return repeatSafely(attempts, request, call, classifyStatusResponse, options);
}
