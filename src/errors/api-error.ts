import { brand } from "./brand.js";
import { setHiddenField } from "./hidden-field.js";
import { KioskError, type KioskErrorDetails } from "./kiosk-error.js";

/** What accompanies a {@link KioskApiError}. */
export interface KioskApiErrorDetails extends KioskErrorDetails {
  readonly httpStatus: number;
  readonly body: unknown;
  readonly errorCode: string | null;
  readonly errorMessage: string | null;
  readonly correlationId: string;
  readonly traceId: string | null;
  readonly retryAfterMs: number | null;
}

/**
 * Wise answered with an HTTP status that is not a result. Statuses that call for something of their own have a subclass; this
 * class itself, with the code `ERR_API`, is for all others.
 *
 * @see https://docs.wise.com/guides/developer/errors
 */
export class KioskApiError<C extends string = "ERR_API"> extends KioskError<C> {
  static {
    brand(KioskApiError, "KioskApiError");
  }

  readonly httpStatus: number;
  /**
   * The body of the response: text of at most 16 KiB, or parsed if it is small and shallow. It may hold personal data, so it is
   * not enumerable: `toJSON`, `console.log` and loggers leave it out.
   */
  readonly body: unknown;
  /** Wise's code, from whichever of its error shapes arrived. Wise says that codes are not unique. */
  readonly errorCode: string | null;
  /** Wise's message, from whichever of its error shapes arrived. */
  readonly errorMessage: string | null;
  declare readonly correlationId: string;
  /** What Wise sent as `x-trace-id`: quote it to Wise's support. */
  readonly traceId: string | null;
  /** How long Wise asks to wait before another request, in milliseconds; `null` where it did not say. */
  readonly retryAfterMs: number | null;

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

/** 401: the token is missing, expired or revoked. */
export class KioskAuthenticationError extends KioskApiError<"ERR_AUTHENTICATION"> {
  static {
    brand(KioskAuthenticationError, "KioskAuthenticationError");
  }

  constructor(message: string, details: KioskApiErrorDetails) {
    super(message, details, "ERR_AUTHENTICATION");
  }
}

/** 403: the token is valid, but not for this. */
export class KioskPermissionError extends KioskApiError<"ERR_PERMISSION"> {
  static {
    brand(KioskPermissionError, "KioskPermissionError");
  }

  constructor(message: string, details: KioskApiErrorDetails) {
    super(message, details, "ERR_PERMISSION");
  }
}

/** 404: no such profile or card, or an `apiVersion` that Wise does not serve. */
export class KioskNotFoundError extends KioskApiError<"ERR_NOT_FOUND"> {
  static {
    brand(KioskNotFoundError, "KioskNotFoundError");
  }

  constructor(message: string, details: KioskApiErrorDetails) {
    super(message, details, "ERR_NOT_FOUND");
  }
}

/**
 * A 422 that is not a `REQUEST_ERROR`. A card created more than 60 days ago may get one: it can not be produced any more, and
 * a new card has to be ordered.
 *
 * @see https://docs.wise.com/guides/product/issue-cards/card-kiosk-collection
 */
export class KioskUnprocessableError extends KioskApiError<"ERR_UNPROCESSABLE"> {
  static {
    brand(KioskUnprocessableError, "KioskUnprocessableError");
  }

  constructor(message: string, details: KioskApiErrorDetails) {
    super(message, details, "ERR_UNPROCESSABLE");
  }
}

/** What accompanies a {@link KioskRateLimitError}. */
export interface KioskRateLimitErrorDetails extends KioskApiErrorDetails {
  readonly rateLimitedBy: string | null;
}

/** 429: too many requests. */
export class KioskRateLimitError extends KioskApiError<"ERR_RATE_LIMIT"> {
  static {
    brand(KioskRateLimitError, "KioskRateLimitError");
  }

  /** What Wise sent as `X-Rate-Limited-By`. */
  readonly rateLimitedBy: string | null;

  constructor(message: string, details: KioskRateLimitErrorDetails) {
    super(message, details, "ERR_RATE_LIMIT");
    this.rateLimitedBy = details.rateLimitedBy;
  }
}

/** 5xx: Wise failed. */
export class KioskServerError extends KioskApiError<"ERR_SERVER"> {
  static {
    brand(KioskServerError, "KioskServerError");
  }

  constructor(message: string, details: KioskApiErrorDetails) {
    super(message, details, "ERR_SERVER");
  }
}
