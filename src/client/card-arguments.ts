import { describeValue, mustBe } from "../arguments/found-value.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { parsePathSegment } from "../options/path-segment.js";
import { KIOSK_ID_PATTERN } from "../production/kiosk-id.js";
import { A_PROFILE_ID, toProfileId } from "../production/profile-id.js";

/** The card that a call is about. */
export interface CardReference {
  /**
   * The id of the profile that owns the card: an integer from 1 to 9007199254740991, also as a bigint or a string of digits
   * without leading zeros.
   */
  readonly profileId: number | string | bigint;
  /** The token of the card, from its card order: a string that is not blank. */
  readonly cardToken: string;
}

/** Validates a profile id and returns it in decimal digits. */
export function parseProfileId(value: unknown): string {
  const profileId = toProfileId(value);
  if (profileId !== undefined) return profileId;
  const isOther = typeof value === "bigint" || (typeof value === "string" && value !== "");
  throw mustBe("profileId", A_PROFILE_ID, isOther ? `another ${typeof value}` : describeValue(value));
}

/** Validates a card token: it must be usable as a segment of a URL path. */
export function parseCardToken(value: unknown): string {
  return parsePathSegment("cardToken", value);
}

/** Validates a kiosk id. Whitespace around it is not trimmed but refused, because the id is compared with what Wise reports. */
export function parseKioskId(value: unknown): string {
  if (typeof value === "string" && KIOSK_ID_PATTERN.test(value)) return value;
  if (typeof value !== "string" || value.trim() === "")
    throw mustBe("kioskId", "a non-blank string", describeValue(value));
  throw new KioskArgumentError("kioskId", "must not have whitespace around it: pass the id itself");
}
