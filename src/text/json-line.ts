/** Control and format characters, separators that end a line for some readers, and lone surrogates. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Returns a value as one line of JSON. Characters that could end the line or forge text on a terminal are escaped. */
export function toJsonLine(value: object): string {
  return `${JSON.stringify(value).replace(UNSAFE, escapeCharacter)}\n`;
}

function escapeCharacter(character: string): string {
  const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
