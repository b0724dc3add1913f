import { KioskArgumentError } from "../errors/argument-error.js";
import { printable } from "../text/printable.js";

/**
 * Makes the error for a value that is not what it must be.
 *
 * @param found what was given: from {@link describeValue}, or from {@link quoteValue} if the value may be shown.
 */
export function mustBe(argument: string, wanted: string, found: string): KioskArgumentError {
  return new KioskArgumentError(argument, `must be ${wanted}, not ${found}`);
}

/** Describes a value for the message of an error, without the content of texts and objects, which may be secret. */
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

/** Describes a value as {@link describeValue} does, but also without a number. For options whose values are secret. */
export function describeSecret(value: unknown): string {
  return typeof value === "number" ? "a number" : describeValue(value);
}

/** Describes a value as {@link describeValue} does, but quotes a text. For options whose values are never secret. */
export function quoteValue(value: unknown): string {
  const isText = typeof value === "string" && value.trim() !== "";
  return isText ? JSON.stringify(printable(value, 40)) : describeValue(value);
}

/** Returns what an object calls itself, as `Array`, `Promise` or `AbortSignal`; `object` for a plain one. */
export function classTag(value: object): string {
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
