import type { Production } from "../production/production.js";
import { brand } from "./brand.js";

/** What may accompany every {@link KioskError}. */
export interface KioskErrorDetails {
  readonly cause?: unknown;
  readonly mayHaveTakenEffect?: boolean;
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
   * Whether the request may have taken effect at Wise: `false` only where surely nothing happened there, over all attempts of
   * the call. Where it is `true` for `produceCard`, read the status before producing again.
   */
  readonly mayHaveTakenEffect: boolean;
  /** The state of the card that was last read during the call, if one was. */
  readonly productionAfter: Production | undefined;

  constructor(code: C, message: string, details: KioskErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.mayHaveTakenEffect = details.mayHaveTakenEffect ?? false;
    this.productionAfter = details.productionAfter;
  }

  /** The error as plain data for a structured log. It leaves out the `cause` and the stack. */
  toJSON(): Record<string, unknown> {
    return { name: this.name, message: this.message, ...Object.fromEntries(Object.entries(this)) };
  }
}
