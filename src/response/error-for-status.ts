import {
  KioskApiError,
  type KioskApiErrorDetails,
  KioskAuthenticationError,
  KioskNotFoundError,
  KioskPermissionError,
  KioskRateLimitError,
  KioskServerError,
  KioskUnprocessableError,
} from "../errors/api-error.js";

/** Creates an error of the class that belongs to the HTTP status. */
export function errorForStatus(
  message: string,
  { rateLimitedBy, ...details }: KioskApiErrorDetails & { rateLimitedBy: string | null },
): KioskApiError<string> {
  switch (details.httpStatus) {
    case 401:
      return new KioskAuthenticationError(message, details);
    case 403:
      return new KioskPermissionError(message, details);
    case 404:
      return new KioskNotFoundError(message, details);
    case 422:
      return new KioskUnprocessableError(message, details);
    case 429:
      return new KioskRateLimitError(message, { ...details, rateLimitedBy });
    default:
      return details.httpStatus >= 500 && details.httpStatus <= 599
        ? new KioskServerError(message, details)
        : new KioskApiError(message, details);
  }
}
