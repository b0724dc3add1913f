import { describeSecret, describeValue, mustBe } from "../arguments/found-value.js";
import { KioskArgumentError } from "../errors/argument-error.js";

/** Which card a call is about. */
export interface CardReference {
  /** The profile that owns the card: a positive safe integer, or the same in decimal digits as a string or bigint. */
  readonly profileId: number | string | bigint;
  /** The token of the card, as the card order gave it. */
  readonly cardToken: string;
}

/** Reads the profile, in decimal digits. */
export function readProfileId(value: unknown): string {
  const isDigits = typeof value === "bigint" || (typeof value === "string" && /^[1-9]\d*$/.test(value));
  const number = isDigits ? Number(value) : value;
  if (typeof number === "number" && Number.isSafeInteger(number) && number > 0) return String(number);
  const isOther = typeof value === "bigint" || (typeof value === "string" && value !== "");
  const wanted = "a positive integer up to 9007199254740991, as a number, a bigint or a string of digits";
  throw mustBe("profileId", wanted, isOther ? `another ${typeof value}` : describeValue(value));
}

/** Reads a card token that can be part of a path. */
export function readCardToken(value: unknown): string {
  const cardToken = readText("cardToken", value);
  if (cardToken === "." || cardToken === "..") {
    throw new KioskArgumentError("cardToken", "must not be '.' or '..', which would change the path");
  }
  if (!cardToken.isWellFormed()) {
    throw new KioskArgumentError("cardToken", "must not contain half of a surrogate pair, which cannot be encoded");
  }
  return cardToken;
}

/** Reads the kiosk that is to produce the card. Its id is compared with what Wise reports, so it must be the id itself. */
export function readKioskId(value: unknown): string {
  if (typeof value !== "string" || value.trim() === "") {
    throw new KioskArgumentError("kioskId", "must be a non-empty string");
  }
  if (value !== value.trim()) {
    throw new KioskArgumentError("kioskId", "must not have spaces or line breaks around it; pass the id itself");
  }
  return value;
}

function readText(argument: string, value: unknown): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw mustBe(argument, "a non-empty string", describeSecret(value));
}
