import { type DecodedText, decodeText } from "./decode-text.js";
import { mayHoldSecret } from "./secret-beginnings.js";
import { createNeedles, foldSpaces, HALF_ESCAPES, type Needle, SHORTEST_SECRET } from "./secret-needles.js";

/** Replaces the secrets in a text. */
export interface Redact {
  (text: string): string;
  /** Returns `false` only if it is certain that no value of a JSON text would change. Without it, any may. */
  readonly mayChange?: (json: string) => boolean;
}

const REDACTED = "[redacted]";

/**
 * A long secret is recognised by this many of its first characters, so that a search takes linear time for any secret and any
 * text.
 */
const RECOGNISED_BY = 128;

/** Matches line breaks, which wrap Base64. */
const LINE_BREAK = /[\r\n]/;

/** Matches escaped line breaks, which wrap Base64 in JSON. */
const WRAPPED = /\\[nr]/;

/** The start and the end, exclusive, of a part of a text. */
type TextSpan = readonly [number, number];

const TO_THE_END = Number.POSITIVE_INFINITY;

/**
 * Creates a function that replaces every occurrence of the secrets in a text: as they are; with any of their characters encoded
 * for URLs, HTML, JSON or JavaScript, in one or more layers; or in Base64, alone or within a longer text. If the text ends
 * within a secret, the beginning of the secret is replaced if it has at least 8 characters.
 *
 * Secrets of fewer than 8 characters are not replaced. The search is prepared when the first text arrives.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  let prepared: { readonly plain: readonly string[]; readonly needles: readonly Needle[] } | undefined;
  const redact = (text: string) => {
    if (text.length < SHORTEST_SECRET) return text;
    if (!LINE_BREAK.test(text) && !mayHoldSecret(text, secrets)) return text;
    if (prepared === undefined) {
      const plain = secrets.filter(({ length }) => length >= SHORTEST_SECRET);
      prepared = { plain, needles: plain.flatMap(createNeedles) };
    }
    const { plain, needles } = prepared;
    const decoded = decodeText(text);
    const unwrapped = WRAPPED.test(text) ? decodeText(text, true) : decoded;
    const whole = [
      ...plain.flatMap((secret) => findSpans(secret, text)),
      ...needles.flatMap((needle) => findSources(needle, needle.isBase64 ? unwrapped : decoded)),
    ];
    const isUncovered = createUncoveredCheck(whole, text.length);
    const cores = needles.flatMap((needle) =>
      findCoreSources(needle, needle.isBase64 ? unwrapped : decoded, isUncovered),
    );
    return replaceSpans(text, [...whole, ...cores]);
  };
  redact.mayChange = (json: string) => mayHoldSecret(json, secrets);
  return redact;
}

/** Returns the parts of the source of a decoded text that hold a needle. */
function findSources({ text: needle, isBase64 }: Needle, decoded: DecodedText): readonly TextSpan[] {
  return findSpans(needle, foldSpaces(decoded.text)).map((span) => toSource(span, isBase64, decoded));
}

/** Returns a function that returns whether a part of a text has a character that none of the known parts covers. */
function createUncoveredCheck(known: readonly TextSpan[], length: number): (span: TextSpan) => boolean {
  let covered: Uint8Array | undefined;
  return ([from, to]) => {
    if (covered === undefined) {
      covered = new Uint8Array(length);
      for (const span of known) covered.fill(1, ...span);
    }
    return covered.subarray(from, to).includes(0);
  };
}

/** Returns the parts of the source of a decoded text that hold the core of a needle and are uncovered, with its ends. */
function findCoreSources(
  { core, isBase64 }: Needle,
  decoded: DecodedText,
  isUncovered: (span: TextSpan) => boolean,
): readonly TextSpan[] {
  if (core === undefined) return [];
  return findSpans(core.text, foldSpaces(decoded.text))
    .filter((span) => isUncovered(toSource(span, isBase64, decoded)))
    .map(([start, end]) => {
      const to = end === TO_THE_END ? end : Math.min(decoded.text.length, end + core.after);
      return toSource([Math.max(0, start - core.before), to], isBase64, decoded);
    });
}

function toSource(span: TextSpan, isBase64: boolean, { text, sourceStart, sourceEnd }: DecodedText): TextSpan {
  const [from, to] = isBase64 ? withNeighbours(span, text) : span;
  return [sourceStart(from), to === TO_THE_END ? to : sourceEnd(to - 1)];
}

/** Returns the parts of a text that hold a needle, or the beginning of one at the end of the text. */
function findSpans(needle: string, text: string): readonly TextSpan[] {
  return [...findOccurrences(needle, text), ...beginningsAtEnd(needle, text)];
}

function findOccurrences(needle: string, text: string): TextSpan[] {
  const spans: TextSpan[] = [];
  const beginning = needle.slice(0, RECOGNISED_BY);
  let to = 0;
  for (let at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, to)) {
    to = at + beginning.length;
    while (to < at + needle.length && text[to] === needle[to - at]) to += 1;
    spans.push([at, to]);
  }
  return spans;
}

const LONGEST_HALF_ESCAPE = 20;

function beginningsAtEnd(needle: string, text: string): readonly TextSpan[] {
  const tail = text.slice(-(RECOGNISED_BY + LONGEST_HALF_ESCAPE));
  const first = needle.slice(0, SHORTEST_SECRET);
  if (!tail.includes(first)) return [];
  const spans: TextSpan[] = [];
  for (const cut of new Set(HALF_ESCAPES.map((half) => tail.replace(half, "")))) {
    for (let at = cut.indexOf(first); at >= 0; at = cut.indexOf(first, at + 1)) {
      if (needle.startsWith(cut.slice(at))) spans.push([text.length - tail.length + at, TO_THE_END]);
    }
  }
  return spans;
}

/** Extends a part of a text by the adjacent Base64 characters, because one character can hold bits of two bytes. */
function withNeighbours([from, to]: TextSpan, text: string): TextSpan {
  const isOfBase64 = (index: number) => /[\w+/-]/.test(text.charAt(index));
  return [isOfBase64(from - 1) ? from - 1 : from, isOfBase64(to) ? to + 1 : to];
}

function replaceSpans(text: string, spans: TextSpan[]): string {
  let redacted = "";
  let done = 0;
  for (const [from, to] of spans.sort(([a], [b]) => a - b)) {
    if (from >= done) redacted += text.slice(done, from) + REDACTED;
    done = Math.max(done, to);
  }
  return redacted + text.slice(done);
}
