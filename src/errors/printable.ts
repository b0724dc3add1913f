/** Control and format characters, which in a log or a terminal can forge lines or hide text. */
const CONTROL_CHARACTERS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu;

/** `text` in one line without control characters, cut to `limit` characters: fit for the message of an error. */
export function printable(text: string, limit = 300): string {
  const line = text.replace(CONTROL_CHARACTERS, " ").trim();
  return line.length > limit ? `${line.slice(0, limit)}…` : line;
}
