import { KioskArgumentError } from "../errors/argument-error.js";
import { printable } from "../text/printable.js";

/**
 * Creates the error for an invalid value.
 *
 * @param found describes the value: from {@link describeValue}, or from {@link quoteValue} if the value may be shown.
 */
export function mustBe(argument: string, wanted: string, found: string): KioskArgumentError {
  return new KioskArgumentError(argument, `must be ${wanted}, not ${found}`);
}

/** Describes a value for an error message, without the content of strings and objects, which may be secret. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case "undefined":
    case "boolean":
    case "number":
      return String(value);
    case "string":
      return value === "" ? "an empty string" : value.trim() === "" ? "a blank string" : "a string";
    case "object":
      return value === null ? "null" : describeObject(value);
    default:
      return withArticle(typeof value);
  }
}

/** Describes a value as {@link describeValue} does, but hides numbers too. For options with secret values. */
export function describeSecret(value: unknown): string {
  return typeof value === "number" ? "a number" : describeValue(value);
}

/** Describes a value as {@link describeValue} does, but quotes strings. For options with values that are never secret. */
export function quoteValue(value: unknown): string {
  if (typeof value !== "string" || value.trim() === "") return describeValue(value);
  const quoted = JSON.stringify(printable(value, 40));
  return value.trim() === value ? quoted : `${quoted} with whitespace around it`;
}

/** Returns the class tag of a value, such as `Array`, `Promise` or `AbortSignal`; `object` for a plain object. */
export function classTag(value: unknown): string {
  const tag = Object.prototype.toString.call(value).slice("[object ".length, -1);
  return tag === "Object" ? "object" : tag;
}

function describeObject(value: object): string {
  try {
    if (Array.isArray(value)) return value.length === 0 ? "an empty array" : "an array";
    return withArticle(printable(classTag(value), 40));
  } catch {
    return "an object that cannot be read";
  }
}

function withArticle(noun: string): string {
  return `${/^[aeio]/i.test(noun) ? "an" : "a"} ${noun}`;
}
