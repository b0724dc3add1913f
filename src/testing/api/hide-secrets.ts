/** What takes the place of a secret. */
export const HIDDEN = "[hidden]";

/** An underscore, which programs also encode, or leave out as in `clientSecret`. */
const _ = String.raw`(?:_|%5f|\\u005f)?`;

/** The names of credentials. In a response, `code` is the code of an error. */
const OF_RESPONSES = `access${_}token|refresh${_}token|client${_}secret|(?:client${_})?assertion|registration${_}code|password`;
const OF_REQUESTS = `${OF_RESPONSES}|code|token`;

/** Matches the value of a JSON field, even if it is cut off. */
const JSON_VALUE = String.raw`"[^"\\]*(?:\\[^][^"\\]*)*"?|[[{][^]*|[^\s,}\]]+`;

/**
 * Hides the values of credentials in a text, by their names: in a query, in a form, and in JSON, even if it is cut off. Wise
 * accepts credentials in few places, but programs also send them to others by mistake.
 *
 * @param text a path, a header field or a body.
 * @param isResponse whether it is the body of a response.
 */
export function hideSecrets(text: string, isResponse = false): string {
  const isJson = /^\s*["[{]/.test(text);
  const names = isResponse ? OF_RESPONSES : OF_REQUESTS;
  // A form or a text may contain JSON too.
  const json = hide(text, `"(?:${names})"\\s*:\\s*`, JSON_VALUE, `"${HIDDEN}"`);
  const fields = isJson
    ? json
    : // It also matches a name that no empty line follows: otherwise the time would grow with the square of the text.
      hide(json, String.raw`"(?:${OF_REQUESTS})"[^]*?(?:(?:\r?\n){2,}|$)`, String.raw`[^\n]*`);
  const start = String.raw`(?<=^|[^\w-]|%[\da-f]{2})`;
  return hide(
    fields,
    `${start}(?:${OF_REQUESTS})(?:=|%3d)`,
    isJson ? String.raw`[^&"\\]*(?:\\[^][^&"\\]*)*` : "[^&\\r\\n]+",
  );
}

function hide(text: string, before: string, secret: string, instead = HIDDEN): string {
  return text.replace(new RegExp(`(${before})(${secret})`, "gi"), (_match, kept: string, found: string) =>
    found === "" ? kept : kept + instead,
  );
}
