/** Control and format characters and separators, which can forge lines or hide text in a log or terminal, and lone surrogates. */
export const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;

/** Returns at most `limit` characters of `text` as one line without control characters, for an error message or a log. */
export function printable(text: string, limit = 300): string {
  const line = text.slice(0, limit).replace(UNPRINTABLE, " ").trim();
  return text.length > limit ? `${line}…` : line;
}
