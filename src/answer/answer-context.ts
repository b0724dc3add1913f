import type { Redact } from "../transport/redact.js";

/** What of a call its errors tell. */
export interface AnswerContext {
  /** The name of the method, for messages. */
  readonly operation: string;
  readonly correlationId: string;
  readonly redact: Redact;
}
