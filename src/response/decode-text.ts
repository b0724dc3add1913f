import { entityCode, LONGEST_ENTITY } from "./named-entities.js";

/** A decoded text, with the position of each character in the source. */
export interface DecodedText {
  /** The text without escapes. */
  readonly text: string;
  /** Where the source of each character begins. */
  readonly starts: Uint32Array;
  /** Where the source of each character ends, exclusive. */
  readonly ends: Uint32Array;
}

/**
 * What belongs to a text that is searched for, besides its own characters. If it is the part of a Base64 text that a secret alone
 * determines: whether the characters before and after it do, because they hold bits of the secret, too. If it is a secret: nothing
 * (`undefined`), or, if the secret begins or ends with what decoding leaves out, whatever decoding leaves out beside it (`null`).
 */
export type Around = readonly [before: boolean, after: boolean] | null | undefined;

/** The text decoded so far: character codes, and where the source of each begins and ends. */
interface Decoding extends Pick<DecodedText, "starts" | "ends"> {
  readonly codes: Uint16Array;
}

/** An escape at the end of the text decoded so far, and the character that it represents. */
interface Escape {
  /** Where the escape begins. */
  readonly from: number;
  /** The code of the character. */
  readonly code: number;
}

const toCodes = (characters: string): ReadonlySet<number | undefined> =>
  new Set([...characters].map((character) => character.charCodeAt(0)));

const [SPACE, PERCENT, AMPERSAND, PLUS, SEMICOLON, BACKSLASH] = [0x20, 0x25, 0x26, 0x2b, 0x3b, 0x5c];
const [SMALL_U, SMALL_X, OPENING_BRACE, CLOSING_BRACE] = [0x75, 0x78, 0x7b, 0x7d];
const LINE_BREAKS = toCodes("\n\r\\");
const SPACES = toCodes("\t\n\v\f\r +\\");
/** The letters that represent whitespace after a backslash. */
const OF_SPACE_ESCAPES = toCodes("tnvfr");
/** The values of the hexadecimal digits, by their codes. */
const HEX_DIGITS: ReadonlyMap<number | undefined, number> = new Map(
  [..."0123456789abcdefABCDEF"].map((digit) => [digit.charCodeAt(0), Number.parseInt(digit, 16)]),
);

/**
 * Decodes URL, HTML, JSON and JavaScript escapes in a text, in any mixture and any number of layers: a decoded character may be
 * part of another escape, as in `%253D`, `&amp;#61;` or `\\u003d`. It also removes backslashes, which escape other characters,
 * and line breaks. Plus signs become spaces, because forms encode spaces as plus signs.
 *
 * Use the result for comparison only: texts that differ only in their encoding become equal. Decoding takes linear time.
 *
 * @returns a function that returns the decoded text in which to search: for Base64, which whitespace may wrap, without whitespace,
 * without escapes of it that may be a part of another text, such as `\n`, and without plus signs, which forms may have turned into
 * spaces.
 */
export function decodeText(source: string): (around?: Around) => DecodedText {
  const { length } = source;
  const decoding = { codes: new Uint16Array(length), starts: new Uint32Array(length), ends: new Uint32Array(length) };
  const { codes, starts, ends } = decoding;
  let end = 0;
  for (let at = 0; at < length; at += 1) {
    codes[end] = source.charCodeAt(at);
    starts[end] = at;
    ends[end] = at + 1;
    end += 1;
    for (let found = escapeBefore(end, decoding); found !== undefined; found = escapeBefore(end, decoding)) {
      codes[found.from] = found.code;
      ends[found.from] = at + 1;
      end = found.from + 1;
    }
  }
  return (around) => leaveOut(end, around, decoding);
}

/** Returns the text decoded before `end`, without what {@link decodeText} leaves out. */
function leaveOut(end: number, around: Around, decoding: Decoding): DecodedText {
  const [codes, starts, ends] = [decoding.codes.slice(), decoding.starts.slice(), decoding.ends.slice()];
  const leftOut = around ? SPACES : LINE_BREAKS;
  let kept = 0;
  let escapedFrom: number | undefined;
  for (let index = 0; index < end; index += 1) {
    const code = codes[index] as number;
    const start = escapedFrom ?? (starts[index] as number);
    const isLeftOut = leftOut.has(code) || (around && escapedFrom !== undefined && OF_SPACE_ESCAPES.has(code));
    if (!isLeftOut) {
      codes[kept] = code === PLUS ? SPACE : code;
      starts[kept] = start;
      kept += 1;
    }
    // A plus sign may be the last character of the Base64 text.
    if (!isLeftOut || code === PLUS || around === null) ends[kept - 1] = ends[index] as number;
    escapedFrom = code === BACKSLASH || (around === null && isLeftOut) ? start : undefined;
  }
  return { text: toText(codes, 0, kept), starts, ends };
}

function escapeBefore(end: number, decoding: Decoding): Escape | undefined {
  const last = decoding.codes[end - 1];
  if (last === SEMICOLON) return entityBefore(end, decoding);
  if (last === CLOSING_BRACE) return bracedEscapeBefore(end, decoding);
  return HEX_DIGITS.has(last) ? hexEscapeBefore(end, decoding) : undefined;
}

/** Finds `%3D`, `\x3d`, `\u003d` or `%u003D`. */
function hexEscapeBefore(end: number, decoding: Decoding): Escape | undefined {
  const { codes } = decoding;
  const intro = codes[end - 6];
  if (codes[end - 3] === PERCENT) return hexEscape(end - 3, 2, end, decoding);
  if (codes[end - 3] === SMALL_X && codes[end - 4] === BACKSLASH) return hexEscape(end - 4, 2, end, decoding);
  if (codes[end - 5] !== SMALL_U || (intro !== BACKSLASH && intro !== PERCENT)) return undefined;
  return hexEscape(end - 6, 4, end, decoding);
}

function hexEscape(from: number, digits: number, end: number, decoding: Decoding): Escape | undefined {
  return escapeFrom(from, parseHex(decoding.codes, end - digits, end), decoding);
}

/** Returns the number in hexadecimal digits; `NaN` if there are none, or another character is among them. */
function parseHex(codes: Uint16Array, from: number, end: number): number {
  let value = from < end ? 0 : Number.NaN;
  for (let index = from; index < end; index += 1) value = value * 16 + (HEX_DIGITS.get(codes[index]) ?? Number.NaN);
  return value;
}

/** Finds `\u{3d}`. */
function bracedEscapeBefore(end: number, decoding: Decoding): Escape | undefined {
  const { codes } = decoding;
  let from = end - 1;
  while (end - from < 7 && HEX_DIGITS.has(codes[from - 1])) from -= 1;
  const isOne = codes[from - 1] === OPENING_BRACE && codes[from - 2] === SMALL_U && codes[from - 3] === BACKSLASH;
  return isOne ? escapeFrom(from - 3, parseHex(codes, from, end - 1), decoding) : undefined;
}

/** Finds `&quot;`, `&#34;` or `&#x22;`. */
function entityBefore(end: number, decoding: Decoding): Escape | undefined {
  const { codes } = decoding;
  let from = end - 1;
  while (end - from <= LONGEST_ENTITY && codes[from - 1] !== AMPERSAND) from -= 1;
  if (codes[from - 1] !== AMPERSAND) return undefined;
  return escapeFrom(from - 1, entityCode(toText(codes, from, end - 1)), decoding);
}

/**
 * Returns an escape, with the backslashes before it: JSON within JSON writes several backslashes for one. A backslash that was
 * itself decoded does not belong to the escape. Returns `undefined` if the code is `NaN` or above 0xffff.
 */
function escapeFrom(from: number, code: number, { codes, starts, ends }: Decoding): Escape | undefined {
  let first = from;
  while (
    codes[from] === BACKSLASH &&
    codes[first - 1] === BACKSLASH &&
    (ends[first - 1] as number) - (starts[first - 1] as number) === 1
  )
    first -= 1;
  return code <= 0xffff ? { from: first, code } : undefined;
}

function toText(codes: Uint16Array, from: number, to: number): string {
  let text = "";
  // The number of arguments of a function is limited.
  for (let at = from; at < to; at += 4096) text += String.fromCharCode(...codes.subarray(at, Math.min(to, at + 4096)));
  return text;
}
