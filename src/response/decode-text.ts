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
const LINE_BREAKS = toCodes("\n\r");
const SPACES = toCodes("\t\n\v\f\r +");
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
 * @returns a function that returns the decoded text: for Base64, which whitespace may wrap, without whitespace, without escapes of it
 * that may be a part of another text, such as `\n`, and without plus signs, which forms may have turned into spaces.
 */
export function decodeText(source: string): (forBase64?: boolean) => DecodedText {
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
  return (forBase64 = false) => leaveOut(end, forBase64, decoding);
}

/** Returns the text decoded before `end`, without what {@link decodeText} leaves out. */
function leaveOut(end: number, forBase64: boolean, decoding: Decoding): DecodedText {
  const [codes, starts, ends] = [decoding.codes.slice(), decoding.starts.slice(), decoding.ends.slice()];
  const leftOut = forBase64 ? SPACES : LINE_BREAKS;
  let kept = 0;
  let escapedFrom: number | undefined;
  for (let index = 0; index < end; index += 1) {
    const code = codes[index] as number;
    const start = starts[index] as number;
    if (code === BACKSLASH) {
      escapedFrom ??= start;
      continue;
    }
    const isEscapedSpace = forBase64 && escapedFrom !== undefined && OF_SPACE_ESCAPES.has(code);
    if (!leftOut.has(code) && !isEscapedSpace) {
      codes[kept] = code === PLUS ? SPACE : code;
      starts[kept] = escapedFrom ?? start;
      ends[kept] = ends[index] as number;
      kept += 1;
    } else if (code === PLUS) {
      // It may be the last character of the Base64 text.
      ends[kept - 1] = ends[index] as number;
    }
    escapedFrom = undefined;
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
  const code = parseHex(decoding.codes, end - digits, end);
  return Number.isNaN(code) ? undefined : { from: withBackslashes(from, decoding), code };
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
  const code = parseHex(codes, from, end - 1);
  return isOne && code <= 0xffff ? { from: withBackslashes(from - 3, decoding), code } : undefined;
}

/** Finds `&quot;`, `&#34;` or `&#x22;`. */
function entityBefore(end: number, { codes }: Decoding): Escape | undefined {
  let from = end - 1;
  while (end - from <= LONGEST_ENTITY && codes[from - 1] !== AMPERSAND) from -= 1;
  if (codes[from - 1] !== AMPERSAND) return undefined;
  const code = entityCode(toText(codes, from, end - 1));
  return code === undefined ? undefined : { from: from - 1, code };
}

/**
 * Returns where an escape begins, including the backslashes before it: JSON within JSON writes several backslashes for one.
 * A backslash that was itself decoded does not belong to the escape.
 */
function withBackslashes(from: number, { codes, starts, ends }: Decoding): number {
  if (codes[from] !== BACKSLASH) return from;
  let first = from;
  while (codes[first - 1] === BACKSLASH && (ends[first - 1] as number) - (starts[first - 1] as number) === 1)
    first -= 1;
  return first;
}

function toText(codes: Uint16Array, from: number, to: number): string {
  let text = "";
  // The number of arguments of a function is limited.
  for (let at = from; at < to; at += 4096) text += String.fromCharCode(...codes.subarray(at, Math.min(to, at + 4096)));
  return text;
}
