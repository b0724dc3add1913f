import type { Production } from "../production/production.js";
import { brand } from "./brand.js";
import { summarizeCause } from "./cause-summary.js";
import { withUnknownOutcome } from "./unknown-outcome.js";

/** What may accompany every {@link KioskError}. */
export interface KioskErrorDetails {
  readonly cause?: unknown;
  /** The method that was called. If the outcome is unknown, the message ends with what to do after that method. */
  readonly operation?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly mayHaveTakenEffect?: boolean | undefined;
  readonly productionAfter?: Production | undefined;
}

/**
 * The base of every error thrown by this package. Use {@link isKioskError} to get from `unknown` to a union in which
 * `switch (error.code)` narrows.
 */
export class KioskError<C extends string = string> extends Error {
  static {
    brand(KioskError, "KioskError");
  }

  /** The stable code of the class. */
  readonly code: C;
  /**
   * Whether the request may have taken effect at Wise: `false` only if it is certain that nothing happened there, over all
   * attempts of the call. If it is `true`, the message says what to do: after `produceCard`, read the status before you
   * produce again.
   */
  readonly mayHaveTakenEffect: boolean;
  /** The state of the card that was last read during the call, if one was. */
  readonly productionAfter: Production | undefined;
  /**
   * What the requests of the call carried as `X-External-Correlation-Id`: quote it to Wise's support. `undefined` if the error
   * does not come from a call, or an argument was refused before the call began.
   */
  readonly correlationId: string | undefined;

  constructor(code: C, message: string, details: KioskErrorDetails = {}) {
    const { mayHaveTakenEffect = false, operation } = details;
    super(
      mayHaveTakenEffect ? withUnknownOutcome(message, operation) : message,
      "cause" in details ? { cause: details.cause } : undefined,
    );
    this.code = code;
    this.mayHaveTakenEffect = mayHaveTakenEffect;
    this.productionAfter = details.productionAfter;
    this.correlationId = details.correlationId;
  }

  /**
   * Returns the error as plain data for a structured log: without the stack and the `body`, and with the `cause` as
   * `{ name, code }`.
   */
  toJSON(): Record<string, unknown> {
    const cause = summarizeCause(this.cause);
    const fields = { name: this.name, message: this.message, ...Object.fromEntries(Object.entries(this)) };
    return cause === undefined ? fields : { ...fields, cause };
  }
}
