import { brand } from "./brand.js";
import { setHiddenField } from "./hidden-field.js";
import { KioskError, type KioskErrorDetails } from "./kiosk-error.js";

/** Details of a {@link KioskApiError}. */
export interface KioskApiErrorDetails extends KioskErrorDetails {
  /** The HTTP status of the response. */
  readonly httpStatus: number;
  /** The body of the response, without secrets. */
  readonly body: unknown;
  /** Wise's error code, if the body has one. */
  readonly errorCode: string | null;
  /** Wise's error message, if the body has one. */
  readonly errorMessage: string | null;
  /** The `X-External-Correlation-Id` of the request. */
  readonly correlationId: string;
  /** The `x-trace-id` of the response. */
  readonly traceId: string | null;
  /** The wait that `Retry-After` requests, in milliseconds. */
  readonly retryAfterMs: number | null;
}

/**
 * Wise responded with an HTTP status that is not a result. Statuses that need their own handling have a subclass; this class
 * itself, with the code `ERR_API`, covers all others.
 *
 * @see https://docs.wise.com/guides/developer/errors
 */
export class KioskApiError<C extends string = "ERR_API"> extends KioskError<C> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskApiError");

  /** The HTTP status of the response. */
  readonly httpStatus: number;
  /**
   * The body of the response: parsed JSON if it is small and shallow, otherwise the first 16,384 characters of its text. It may
   * contain personal data, so it is not enumerable: `toJSON`, `console.log` and loggers leave it out.
   */
  readonly body: unknown;
  /** Wise's error code, from any of Wise's error formats; `null` if there is none. Wise says that codes are not unique. */
  readonly errorCode: string | null;
  /** Wise's error message, from any of Wise's error formats; `null` if there is none. */
  readonly errorMessage: string | null;
  /** The `X-External-Correlation-Id` of all requests of the call. */
  declare readonly correlationId: string;
  /** The `x-trace-id` of the response, or `null`. Quote it to Wise's support. */
  readonly traceId: string | null;
  /** How long Wise asks you to wait before the next request, in milliseconds; `null` if it does not say. */
  readonly retryAfterMs: number | null;

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, details: KioskApiErrorDetails, code = "ERR_API" as C) {
    super(code, message, details);
    this.httpStatus = details.httpStatus;
    setHiddenField(this, "body", details.body);
    this.errorCode = details.errorCode;
    this.errorMessage = details.errorMessage;
    this.traceId = details.traceId;
    this.retryAfterMs = details.retryAfterMs;
  }
}

/** Wise responded with 401: the token is missing, expired or revoked. */
export class KioskAuthenticationError extends KioskApiError<"ERR_AUTHENTICATION"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskAuthenticationError");

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, details: KioskApiErrorDetails) {
    super(message, details, "ERR_AUTHENTICATION");
  }
}

/** Wise responded with 403: the token is valid, but does not permit this request. */
export class KioskPermissionError extends KioskApiError<"ERR_PERMISSION"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskPermissionError");

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, details: KioskApiErrorDetails) {
    super(message, details, "ERR_PERMISSION");
  }
}

/** Wise responded with 404: the profile, card or subscription does not exist, or Wise does not serve this `apiVersion`. */
export class KioskNotFoundError extends KioskApiError<"ERR_NOT_FOUND"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskNotFoundError");

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, details: KioskApiErrorDetails) {
    super(message, details, "ERR_NOT_FOUND");
  }
}

/**
 * Wise responded with 422, but not with a `REQUEST_ERROR`. This may be a card that was created more than 60 days ago. Such a card
 * can no longer be produced: order a new one.
 *
 * @see https://docs.wise.com/guides/product/issue-cards/card-kiosk-collection
 */
export class KioskUnprocessableError extends KioskApiError<"ERR_UNPROCESSABLE"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskUnprocessableError");

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, details: KioskApiErrorDetails) {
    super(message, details, "ERR_UNPROCESSABLE");
  }
}

/** Details of a {@link KioskRateLimitError}. */
export interface KioskRateLimitErrorDetails extends KioskApiErrorDetails {
  /** The `X-Rate-Limited-By` of the response. */
  readonly rateLimitedBy: string | null;
}

/** Wise responded with 429: too many requests. */
export class KioskRateLimitError extends KioskApiError<"ERR_RATE_LIMIT"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskRateLimitError");

  /** The `X-Rate-Limited-By` of the response, or `null`. */
  readonly rateLimitedBy: string | null;

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, details: KioskRateLimitErrorDetails) {
    super(message, details, "ERR_RATE_LIMIT");
    this.rateLimitedBy = details.rateLimitedBy;
  }
}

/** Wise, or a gateway in front of it, responded with a status from 500 to 599. */
export class KioskServerError extends KioskApiError<"ERR_SERVER"> {
  /** The name of the class, also in a bundle that renames it. */
  static override readonly name: string = /* @__PURE__ */ brand(this, "KioskServerError");

  /** Creates the error, as this package does. For tests of your own code. */
  constructor(message: string, details: KioskApiErrorDetails) {
    super(message, details, "ERR_SERVER");
  }
}
