import { UNPRINTABLE } from "./printable.js";

/** Returns a value as one line of JSON. Characters that could end the line or forge text on a terminal are escaped. */
export function toJsonLine(value: object): string {
  return `${JSON.stringify(value).replace(UNPRINTABLE, escapeCharacters)}\n`;
}

function escapeCharacters(text: string): string {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
