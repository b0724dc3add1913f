import { printable } from "../text/printable.js";
import type { HttpResponse } from "../transport/http-message.js";
import type { Redact } from "../transport/redact.js";

/** A header field of an answer, fit to be shown; `null` where the answer does not have it. */
export function headerOf({ headers }: HttpResponse, name: string, redact: Redact): string | null {
  const value = headers.get(name);
  return value === undefined ? null : printable(redact(value));
}
