/** Describes a valid profile id, for error messages. */
export const A_PROFILE_ID =
  "a positive integer up to 9007199254740991, as a number, a bigint or a string, without leading zeros";

/** Returns a profile id in decimal digits, or `undefined` if the value is not one. */
export function toProfileId(value: unknown): string | undefined {
  const isWritten = typeof value === "bigint" || typeof value === "number" || typeof value === "string";
  if (!isWritten || !/^[1-9]\d*$/.test(String(value)) || !Number.isSafeInteger(Number(value))) return undefined;
  return String(value);
}
