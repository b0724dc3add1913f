import { printable } from "../text/printable.js";
import type { HttpResponse } from "../transport/http-message.js";
import type { Redact } from "./redact.js";

/** What of a call its errors tell. */
export interface ResponseContext {
  /** The name of the method, for messages. */
  readonly operation: string;
  readonly correlationId: string;
  readonly redact: Redact;
}

/** A header field of an answer, fit to be shown; `null` where the answer does not have it. */
export function printableHeader({ headers }: HttpResponse, name: string, redact: Redact): string | null {
  const value = headers.get(name);
  return value === undefined ? null : printable(redact(value));
}
