import { brand } from "./brand.js";
import { setHiddenField } from "./hidden-field.js";
import { KioskError, type KioskErrorDetails } from "./kiosk-error.js";

/** One reason why a body was not understood. */
export interface DecodeIssue {
  /** Where in the body, as in `data.resource.profile_id`; empty for the body as a whole. */
  readonly path: string;
  readonly message: string;
}

/** What accompanies a {@link KioskDecodeError}. */
export interface KioskDecodeErrorDetails extends KioskErrorDetails {
  readonly issues: readonly DecodeIssue[];
  readonly body?: unknown;
  readonly httpStatus?: number | undefined;
}

/** A successful answer whose body was not understood, or was larger than 1 MiB. */
export class KioskDecodeError extends KioskError<"ERR_DECODE"> {
  static {
    brand(KioskDecodeError, "KioskDecodeError");
  }

  readonly issues: readonly DecodeIssue[];
  /**
   * What arrived: text of at most 16 KiB, or parsed if it is small and shallow. It may hold personal data, so it is not
   * enumerable: `toJSON`, `console.log` and loggers leave it out.
   */
  readonly body: unknown;
  /** The HTTP status of the answer; `undefined` for a value given to `parseProduction`. */
  readonly httpStatus: number | undefined;

  constructor(message: string, details: KioskDecodeErrorDetails) {
    super("ERR_DECODE", message, details);
    this.issues = details.issues;
    setHiddenField(this, "body", details.body);
    this.httpStatus = details.httpStatus;
  }
}
