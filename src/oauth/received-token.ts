import { type DecodeIssue, KioskDecodeError } from "../errors/decode-error.js";
import { parseTimestamp, toTimestamp } from "../production/timestamp.js";
import type { CallHistory } from "../response/attempt-outcome.js";
import { tokenResponseSchema } from "../schemas/token-response.js";
import { parseJson } from "../text/parse-json.js";
import type { HttpResponse } from "../transport/http-message.js";

const YEAR_10000 = Date.UTC(10_000, 0);

/** The tokens of one customer after a refresh. Store them: the next refresh needs the new refresh token. */
export interface RefreshedToken {
  /** The new access token: opaque, of any length. */
  readonly accessToken: string;
  /** The refresh token for the next refresh: the one just used if Wise sent no other. */
  readonly refreshToken: string;
  /** When the access token expires, in ISO 8601, or `null` if Wise did not say. */
  readonly expiresAt: string | null;
}

/** The tokens in a response of the token endpoint. */
export interface ReceivedToken {
  readonly accessToken: string;
  /** `null` if Wise sent none. */
  readonly refreshToken: string | null;
  readonly expiresAt: string | null;
}

/**
 * Parses a successful response of the token endpoint.
 *
 * @param now the time by our clock, in milliseconds since 1970. `expires_in` counts from it.
 * @throws {KioskDecodeError} if there is no usable access token. The error has neither the body nor the parser's error, because
 * both quote tokens.
 */
export function parseReceivedToken({ body, status }: HttpResponse, now: number, history: CallHistory): ReceivedToken {
  const parsed = tokenResponseSchema.safeParse(parseJson(new TextDecoder().decode(body))).data;
  if (parsed === undefined) {
    const issues: DecodeIssue[] = [{ path: "access_token", message: "missing, or not usable as a header value" }];
    throw new KioskDecodeError(
      `${history.operation}: Wise responded with HTTP ${status}, but without a usable access token`,
      {
        issues,
        httpStatus: status,
        ...history,
      },
    );
  }
  return {
    accessToken: parsed.access_token,
    refreshToken: parsed.refresh_token ?? null,
    expiresAt: parseExpiry(parsed.expires_in, parsed.expires_at, now),
  };
}

/** Returns `null` if Wise's time cannot be read, or is so late that a four-digit year cannot express it. */
function parseExpiry(
  seconds: number | string | null | undefined,
  date: string | null | undefined,
  now: number,
): string | null {
  const isDated = seconds === null || seconds === undefined;
  const ms = isDated ? (parseTimestamp(date ?? null) ?? Number.NaN) : now + Number(seconds) * 1000;
  return ms < YEAR_10000 ? toTimestamp(ms) : null;
}
