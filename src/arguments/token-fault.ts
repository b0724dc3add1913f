import { VISIBLE_ASCII } from "../text/visible-ascii.js";
import { describeSecret } from "./found-value.js";

/**
 * Describes what is wrong with a token, without showing it, as the end of a sentence that says "not …". Returns `undefined` for a
 * token that can be sent: visible ASCII, which cannot end a header or begin another.
 */
export function tokenFault(value: unknown): string | undefined {
  if (typeof value === "string" && VISIBLE_ASCII.test(value) && value.length > "Bearer".length) return undefined;
  if (typeof value !== "string" || value.trim() === "") return describeSecret(value);
  if (/^\s*bearer(?:\s|$)/i.test(value)) {
    return 'a string that begins with "Bearer": pass the token alone; the client adds "Bearer"';
  }
  if (/[\r\n]/.test(value)) return "a string with a line break, perhaps from the end of a file: trim it";
  if (/\s/.test(value)) return "a string with whitespace";
  if (!VISIBLE_ASCII.test(value)) return "a string with characters that are not visible ASCII";
  return undefined;
}
