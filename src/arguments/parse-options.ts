import { KioskArgumentError } from "../errors/argument-error.js";
import { likelyMatch } from "../text/nearest-match.js";
import { printable } from "../text/printable.js";
import { classTag, describeValue, mustBe } from "./found-value.js";

/** The names of all options of `T`. An object of this type does not compile if a name is missing or does not exist. */
export type OptionNames<T> = { readonly [Name in PropertyName<T>]: true };

/** The names of all properties of a union, including those that only some members have. */
type PropertyName<T> = T extends unknown ? keyof T & string : never;

/**
 * Copies the options of a call or constructor, and reads each of them once. Plain JavaScript has no type checks, so an unknown name
 * is refused, even if its value is `undefined`. Symbols and inherited names are ignored in this check.
 *
 * @param argument the name of the argument that holds the options, for error messages.
 * @throws {KioskArgumentError} if `value` is not an options object, or has an own enumerable name that is not in `names`.
 */
export function parseOptions<T extends object>(argument: string, value: T, names: OptionNames<T>): T {
  return copyOptions(argument, "", value, names);
}

/** Makes the same check as {@link parseOptions}, without the copy, for a caller that reads each option only once. */
export function requireOptionNames<T extends object>(argument: string, value: T, names: OptionNames<T>): void {
  requireNames(argument, "", value, names);
}

/** Does the same as {@link parseOptions} for nested options: errors name them by their path, such as `mtls.cert`. */
export function parseNestedOptions<T extends object>(path: string, value: T, names: OptionNames<T>): T {
  return copyOptions(path, `${path}.`, value, names);
}

/**
 * Does the same as {@link parseOptions} for an object that names a card and may have other properties, such as those of a
 * database row. An unknown name is refused only if it looks like a misspelt option.
 */
export function parseReference<T extends object>(argument: string, value: T, names: OptionNames<T>): T {
  return copyOptions(argument, "", value, names, (name) => likelyMatch(name, Object.keys(names)) === undefined);
}

function copyOptions<T extends object>(
  argument: string,
  prefix: string,
  value: T,
  names: OptionNames<T>,
  isAllowed?: (name: string) => boolean,
): T {
  requireNames(argument, prefix, value, names, isAllowed);
  const copy: Partial<T> = {};
  for (const name of Object.keys(names) as (keyof T)[]) copy[name] = value[name];
  return copy as T;
}

function requireNames(
  argument: string,
  prefix: string,
  value: object,
  names: object,
  isAllowed?: (name: string) => boolean,
): void {
  if (!isOptions(value)) throw mustBe(argument, "an options object", describeValue(value));
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(names, name) && !isAllowed?.(name)) throw unknownOption(name, Object.keys(names), prefix);
  }
}

/**
 * Returns whether a value can hold options. An array, a promise or an `AbortSignal` has none of the names and would pass as no
 * options.
 */
function isOptions(value: unknown): boolean {
  return ["object", "Module"].includes(classTag(value));
}

function unknownOption(name: string, known: readonly string[], prefix: string): KioskArgumentError {
  const inFull = (option: string) => `\`${prefix}${option}\``;
  const match = likelyMatch(name, known);
  const advice =
    match === undefined ? `: the options are ${known.map(inFull).join(", ")}` : `. Did you mean ${inFull(match)}?`;
  return new KioskArgumentError(prefix + printable(name, 60), `is not a known option${advice}`);
}
