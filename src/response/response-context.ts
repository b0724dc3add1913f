import { printable } from "../text/printable.js";
import type { HttpResponse } from "../transport/http-message.js";
import type { Redact } from "./redact.js";

/** The details of a call that its errors include. */
export interface ResponseContext {
  /** The name of the client method, for messages. */
  readonly operation: string;
  /** Sent with every request of the call as `X-External-Correlation-Id`. */
  readonly correlationId: string;
  /** Replaces the tokens of the call. */
  readonly redact: Redact;
}

/** Returns a header of a response without secrets and control characters, or `null` if the response does not have it. */
export function printableHeader({ headers }: HttpResponse, name: string, redact: Redact): string | null {
  const value = headers.get(name);
  return value === undefined ? null : printable(redact(value));
}
