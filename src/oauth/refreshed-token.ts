import { type DecodeIssue, KioskDecodeError } from "../errors/decode-error.js";
import type { CallHistory } from "../response/attempt-outcome.js";
import { tokenResponseSchema } from "../schemas/token-response.js";
import { parseJson } from "../text/parse-json.js";
import type { HttpResponse } from "../transport/http-message.js";

/** The tokens of one customer, as a refresh gave them: store them before the next refresh needs them. */
export interface RefreshedToken {
  /** Opaque, of any length. */
  readonly accessToken: string;
  /** The one to refresh with next; the one that was used, where Wise gave no other. */
  readonly refreshToken: string;
  /** When the access token expires, in ISO 8601, or `null` where Wise did not say. */
  readonly expiresAt: string | null;
}

/**
 * Reads the answer to a refresh.
 *
 * @param now the time by our clock, in milliseconds since 1970, which `expires_in` counts from.
 * @throws {KioskDecodeError} without the body, and without the parser's error: both quote tokens.
 */
export function parseRefreshedToken(
  { body, status }: HttpResponse,
  refreshToken: string,
  now: number,
  history: CallHistory,
): RefreshedToken {
  const parsed = tokenResponseSchema.safeParse(parseJson(new TextDecoder().decode(body))).data;
  if (parsed === undefined) {
    const issues: DecodeIssue[] = [{ path: "access_token", message: "there is none that can be sent" }];
    throw new KioskDecodeError(`refreshToken: Wise answered HTTP ${status}, but not with a token`, {
      issues,
      httpStatus: status,
      ...history,
    });
  }
  return {
    accessToken: parsed.access_token,
    refreshToken: parsed.refresh_token ?? refreshToken,
    expiresAt: parseExpiry(parsed.expires_in, parsed.expires_at, now),
  };
}

function parseExpiry(seconds: number | null | undefined, date: string | null | undefined, now: number): string | null {
  const ms = seconds === null || seconds === undefined ? Date.parse(date ?? "") : now + seconds * 1000;
  const expiry = new Date(ms);
  return Number.isNaN(expiry.getTime()) ? null : expiry.toISOString();
}
