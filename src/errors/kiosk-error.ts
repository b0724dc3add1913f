import type { Production } from "../production/production.js";
import { brand } from "./brand.js";
import { summarizeCause } from "./cause-summary.js";
import { withUnknownOutcome } from "./unknown-outcome.js";

/** Details that any {@link KioskError} can have. */
export interface KioskErrorDetails {
  /** The original error. */
  readonly cause?: unknown;
  /** The method that was called. If the outcome is unknown, the message ends with what to do after this method. */
  readonly operation?: string | undefined;
  /** The `X-External-Correlation-Id` of the call. */
  readonly correlationId?: string | undefined;
  /** Whether the request may have taken effect at Wise. Default: `false`. */
  readonly mayHaveTakenEffect?: boolean | undefined;
  /** The last state of the card that the call read. */
  readonly productionAfter?: Production | undefined;
}

/**
 * The base class of all errors of this package. Use {@link isKioskError} to narrow `unknown` to a union in which
 * `switch (error.code)` narrows further.
 */
export class KioskError<C extends string = string> extends Error {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskError");

  /** The stable code of the class. */
  readonly code: C;
  /**
   * Whether any request of the call may have taken effect at Wise: `false` only if it is certain that nothing happened at Wise.
   * If it is `true`, the message says what to do: after `produceCard`, read the status before you produce the card again.
   */
  readonly mayHaveTakenEffect: boolean;
  /** The last state of the card that the call read; `undefined` if it read none. */
  readonly productionAfter: Production | undefined;
  /**
   * The `X-External-Correlation-Id` of all requests of the call. `undefined` if the error does not come from a call, or an
   * argument was refused before the call began.
   */
  readonly correlationId: string | undefined;

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(code: C, message: string, details: KioskErrorDetails = {}) {
    const { mayHaveTakenEffect = false, operation } = details;
    // Of the details, `Error` takes the cause if there is one.
    super(mayHaveTakenEffect ? withUnknownOutcome(message, operation) : message, details);
    this.code = code;
    this.mayHaveTakenEffect = mayHaveTakenEffect;
    this.productionAfter = details.productionAfter;
    this.correlationId = details.correlationId;
  }

  /**
   * Returns the error as plain data for a structured log: without the stack, the `body` and the `job`, and with the `cause`
   * reduced to `{ name, code }`.
   */
  toJSON(): Record<string, unknown> {
    const cause = summarizeCause(this.cause);
    return { name: this.name, message: this.message, ...(this as object), ...(cause && { cause }) };
  }
}
