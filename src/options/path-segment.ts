import { describeSecret, mustBe } from "../arguments/found-value.js";
import { KioskArgumentError } from "../errors/argument-error.js";

/**
 * Validates a string that becomes a segment of a URL path. Errors do not show it.
 *
 * @throws {KioskArgumentError} if the value is not a string, is blank, or would change the path.
 */
export function parsePathSegment(argument: string, value: unknown): string {
  if (typeof value !== "string" || value.trim() === "")
    throw mustBe(argument, "a non-blank string", describeSecret(value));
  if (value === "." || value === "..") {
    throw new KioskArgumentError(argument, "must not be '.' or '..', which would change the path");
  }
  if (!value.isWellFormed()) {
    throw new KioskArgumentError(argument, "must not contain a lone surrogate, which cannot be percent-encoded");
  }
  return value;
}
