const LENGTH = "(?:82[0-9a-f]{4}|81[0-9a-f]{2}|[0-7][0-9a-f])";

/** Matches the start of an RSA public key in SPKI format, in hexadecimal. Captures the lengths of the whole and the modulus. */
const RSA_SPKI = /* @__PURE__ */ new RegExp(
  `^30(${LENGTH})300d06092a864886f70d010101050003${LENGTH}0030${LENGTH}02(${LENGTH})`,
);

/**
 * Returns the size of the modulus of an RSA public key in SPKI format, in bits; `undefined` if the bytes are not such a key, or
 * are truncated. A constructor cannot await an import, so it uses this to reject unusable keys.
 */
export function rsaModulusBits(spki: Uint8Array): number | undefined {
  const text = formatHex(spki);
  const match = RSA_SPKI.exec(text);
  if (match === null) return undefined;
  const [start, wholeLength = "", modulusLength = ""] = match;
  if (text.length !== 2 + wholeLength.length + digitsIn(wholeLength)) return undefined;
  return bitsIn(text.slice(start.length, start.length + digitsIn(modulusLength)));
}

/** Returns the size of an unsigned big-endian number, in bits. */
export function bitLength(number: Uint8Array): number {
  return bitsIn(formatHex(number));
}

function bitsIn(digits: string): number {
  return BigInt(`0x0${digits}`).toString(2).length;
}

/** Returns the number of hexadecimal digits that a DER length announces. */
function digitsIn(length: string): number {
  return 2 * Number.parseInt(length.length > 2 ? length.slice(2) : length, 16);
}

function formatHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
