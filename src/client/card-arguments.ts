import { describeSecret, describeValue, mustBe } from "../arguments/found-value.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { A_PROFILE_ID, toProfileId } from "../production/profile-id.js";
import { produceRequestSchema } from "../schemas/requests.js";

/** Which card a call is about. */
export interface CardReference {
  /** The profile that owns the card: a positive safe integer, or the same in decimal digits as a string or bigint. */
  readonly profileId: number | string | bigint;
  /** The token of the card, as the card order gave it. */
  readonly cardToken: string;
}

/** Reads the profile, in decimal digits. */
export function parseProfileId(value: unknown): string {
  const profileId = toProfileId(value);
  if (profileId !== undefined) return profileId;
  const isOther = typeof value === "bigint" || (typeof value === "string" && value !== "");
  throw mustBe("profileId", A_PROFILE_ID, isOther ? `another ${typeof value}` : describeValue(value));
}

/** Reads a card token that can be part of a path. */
export function parseCardToken(value: unknown): string {
  const cardToken = parseText("cardToken", value);
  if (cardToken === "." || cardToken === "..") {
    throw new KioskArgumentError("cardToken", "must not be '.' or '..', which would change the path");
  }
  if (!cardToken.isWellFormed()) {
    throw new KioskArgumentError("cardToken", "must not contain half of a surrogate pair, which cannot be encoded");
  }
  return cardToken;
}

/** Reads the kiosk that is to produce the card. Its id is compared with what Wise reports, so it must be the id itself. */
export function parseKioskId(value: unknown): string {
  const request = produceRequestSchema.safeParse({ kioskId: value });
  if (request.success) return request.data.kioskId;
  const isBlank = typeof value !== "string" || value.trim() === "";
  const fault = isBlank
    ? "must be a non-empty string"
    : "must not have spaces or line breaks around it; pass the id itself";
  throw new KioskArgumentError("kioskId", fault);
}

function parseText(argument: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw mustBe(argument, "a non-empty string", describeSecret(value));
}
