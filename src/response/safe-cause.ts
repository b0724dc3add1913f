import type { Redact } from "./redact.js";

/** The number of errors that are kept of a chain of causes. */
const LONGEST_CHAIN = 5;

/**
 * Copies a failure into a new error with its name, code, system call, message, stack and causes, without secrets. The original
 * may carry the request with its token, as errors of some HTTP libraries do, and would show it wherever the error is logged.
 */
export function safeCause(failure: unknown, redact: Redact): Error | undefined {
  try {
    return copyCause(failure, redact, new Set());
  } catch {
    return new Error("The cause cannot be read");
  }
}

/** @param shown the errors of the chain so far: a chain may be cyclic. */
function copyCause(failure: unknown, redact: Redact, shown: Set<unknown>): Error | undefined {
  if (failure === undefined || failure === null || shown.has(failure) || shown.size === LONGEST_CHAIN) return undefined;
  if (typeof failure !== "object") return new Error(redact(String(failure)));
  shown.add(failure);
  const { name, message, stack, code, syscall, cause, errors } = failure as Partial<
    NodeJS.ErrnoException & AggregateError
  >;
  const first = Array.isArray(errors) ? errors[0] : undefined;
  const inner = copyCause(cause ?? first, redact, shown);
  const error = new Error(redact(String(message ?? "")), inner === undefined ? undefined : { cause: inner });
  const texts = { name, stack, code, syscall };
  for (const [key, value] of Object.entries(texts)) {
    if (typeof value === "string") Object.defineProperty(error, key, { value: redact(value), configurable: true });
  }
  return error;
}
