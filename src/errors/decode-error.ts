import { brand } from "./brand.js";
import { setHiddenField } from "./hidden-field.js";
import { KioskError, type KioskErrorDetails } from "./kiosk-error.js";

/** One reason why a body could not be decoded. */
export interface DecodeIssue {
  /** The path in the body, such as `data.resource.profile_id`; empty for the body as a whole. */
  readonly path: string;
  /** What is wrong there. */
  readonly message: string;
}

/** Details of a {@link KioskDecodeError}. */
export interface KioskDecodeErrorDetails extends KioskErrorDetails {
  /** The reasons. */
  readonly issues: readonly DecodeIssue[];
  /** The body that arrived, without secrets. */
  readonly body?: unknown;
  /** The HTTP status of the response. */
  readonly httpStatus?: number | undefined;
}

/**
 * The body of a successful response could not be decoded, or was larger than 1 MiB. `parseProduction` throws the same error for a
 * value that it cannot decode.
 */
export class KioskDecodeError extends KioskError<"ERR_DECODE"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskDecodeError");

  /** The reasons why the body could not be decoded. */
  readonly issues: readonly DecodeIssue[];
  /**
   * The body of the response: parsed JSON if it is small and shallow, otherwise the first 16,384 characters of its text;
   * `undefined` from `parseProduction`. It may contain personal data, so it is not enumerable: `toJSON`, `console.log` and loggers
   * leave it out.
   */
  readonly body: unknown;
  /** The HTTP status of the response; `undefined` from `parseProduction`. */
  readonly httpStatus: number | undefined;

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, details: KioskDecodeErrorDetails) {
    super("ERR_DECODE", message, details);
    this.issues = details.issues;
    setHiddenField(this, "body", details.body);
    this.httpStatus = details.httpStatus;
  }
}
