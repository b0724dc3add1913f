import { KioskArgumentError } from "../errors/argument-error.js";
import { likelyMatch } from "../text/nearest-match.js";
import { printable } from "../text/printable.js";
import { classTag, describeValue, mustBe } from "./found-value.js";

/** The name of every option of `T`. An object of this type does not compile if a name is missing or does not exist. */
export type OptionNames<T> = { readonly [Name in NameOf<T>]: true };

/** Also the names that not all members of a union have. */
type NameOf<T> = T extends unknown ? keyof T & string : never;

/**
 * Copies the options of a call or constructor, reading each of them once. Plain JavaScript gets no help from types, so a name
 * that does not exist is refused, even if its value is `undefined`. Symbols and inherited names are not looked at.
 *
 * @param argument the name of the argument that holds the options, for errors.
 * @throws {KioskArgumentError} if `value` is not an object of options, or has an own name that is not in `names`.
 */
export function parseOptions<T extends object>(argument: string, value: T, names: OptionNames<T>): T {
  return copyOptions(argument, "", value, names);
}

/** Does the same as {@link parseOptions} for options within options: errors name them with their path, as in `mtls.cert`. */
export function parseNestedOptions<T extends object>(path: string, value: T, names: OptionNames<T>): T {
  return copyOptions(path, `${path}.`, value, names);
}

/**
 * Does the same as {@link parseOptions} for an object that names a card and may carry other properties, such as a record of the
 * user's own. Of the names that do not exist, only those are refused that look like misspelt ones.
 */
export function parseReference<T extends object>(argument: string, value: T, names: OptionNames<T>): T {
  return copyOptions(argument, "", value, names, (name) => likelyMatch(name, Object.keys(names)) === undefined);
}

function copyOptions<T extends object>(
  argument: string,
  prefix: string,
  value: T,
  names: OptionNames<T>,
  isAllowed: (name: string) => boolean = () => false,
): T {
  if (!isOptions(value)) throw mustBe(argument, "an object of options", describeValue(value));
  const known = Object.keys(names);
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(names, name) && !isAllowed(name));
  if (unknown !== undefined) throw notKnown(unknown, known, prefix);
  return Object.fromEntries(known.map((name) => [name, value[name as keyof T]])) as T;
}

/** An array, a promise or an `AbortSignal` in place of options has none of their names, and would be taken for no options. */
function isOptions(value: unknown): boolean {
  return typeof value === "object" && value !== null && ["object", "Module"].includes(classTag(value));
}

function notKnown(name: string, known: readonly string[], prefix: string): KioskArgumentError {
  const inFull = (option: string) => `\`${prefix}${option}\``;
  const match = likelyMatch(name, known);
  const advice =
    match === undefined ? `: the options are ${known.map(inFull).join(", ")}` : `. Did you mean ${inFull(match)}?`;
  return new KioskArgumentError(prefix + printable(name, 60), `is not a known option${advice}`);
}
