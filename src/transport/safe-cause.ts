import type { Redact } from "./redact.js";

/**
 * The cause of a failure as an error of our own: name, code, message and stack, with secrets blotted out. The original may
 * carry the request, token and all (those of some HTTP libraries do), and would be shown wherever the error is logged.
 */
export function safeCause(failure: unknown, redact: Redact): Error | undefined {
  try {
    return copyOf(failure, redact, 5);
  } catch {
    return new Error("The cause can not be read");
  }
}

function copyOf(failure: unknown, redact: Redact, depth: number): Error | undefined {
  if (typeof failure !== "object" || failure === null || depth === 0) {
    return failure === undefined || failure === null ? undefined : new Error(redact(String(failure)));
  }
  const { name, message, stack, code, syscall, cause, errors } = failure as Partial<
    NodeJS.ErrnoException & AggregateError
  >;
  const first = Array.isArray(errors) ? errors[0] : undefined;
  const inner = copyOf(cause ?? first, redact, depth - 1);
  const error = new Error(redact(String(message ?? "")), inner === undefined ? undefined : { cause: inner });
  const shown = { name, stack, code, syscall };
  for (const [key, value] of Object.entries(shown)) {
    if (typeof value === "string") Object.defineProperty(error, key, { value: redact(value), configurable: true });
  }
  return error;
}
