/** Control and format characters, which in a log or a terminal can forge lines or hide text, and halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** `text` cut to `limit` characters, in one line without control characters: fit for the message of an error or for a log. */
export function printable(text: string, limit = 300): string {
  const line = text.slice(0, limit).replace(UNPRINTABLE, " ").trim();
  return text.length > limit ? `${line}…` : line;
}
