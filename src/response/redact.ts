import { type DecodedText, decodeText } from "./decode-text.js";
import { mayHoldSecret } from "./secret-beginnings.js";
import { createNeedles, HALF_ESCAPES, type Needle, SHORTEST_SECRET } from "./secret-needles.js";

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

/** The start and the end, exclusive, of a part of a text. */
type TextSpan = readonly [number, number];

const TO_THE_END = Number.POSITIVE_INFINITY;

/**
 * Creates a function that replaces every occurrence of the secrets in a text: as they are; with any of their characters encoded
 * for URLs, HTML, JSON or JavaScript, in one or more layers; or in Base64, alone or within a longer text, also if whitespace wraps
 * it. If the text ends within a secret, the beginning of the secret is replaced if it has at least 8 characters.
 *
 * Secrets of fewer than 8 characters are not replaced. The search is prepared when the first text arrives.
 */
export function createRedactor(secrets: readonly string[]): Redact {
  let prepared: { readonly plain: readonly string[]; readonly needles: readonly Needle[] } | undefined;
  const redact = (text: string) => {
    if (text.length < SHORTEST_SECRET) return text;
    if (!/\s/.test(text) && !mayHoldSecret(text, secrets)) return text;
    if (prepared === undefined) {
      const plain = secrets.filter(({ length }) => length >= SHORTEST_SECRET);
      prepared = { plain, needles: plain.flatMap(createNeedles) };
    }
    const { plain, needles } = prepared;
    const decode = decodeText(text);
    const [decoded, unwrapped] = [decode(), decode(true)];
    const holderOf = ({ around }: Needle) => (around === undefined ? decoded : unwrapped);
    const whole = [
      ...plain.flatMap((secret) => findSpans(secret, text)),
      ...needles.flatMap((needle) => findSources(needle, holderOf(needle))),
    ];
    const isUncovered = createUncoveredCheck(whole, text.length);
    const cores = needles.flatMap((needle) => findCoreSources(needle, holderOf(needle), isUncovered));
    return replaceSpans(text, [...whole, ...cores]);
  };
  redact.mayChange = (json: string) => mayHoldSecret(json, secrets);
  return redact;
}

/** Returns the parts of the source of a decoded text that hold a needle. */
function findSources({ text, around }: Needle, decoded: DecodedText): readonly TextSpan[] {
  return findSpans(text, decoded.text).map((span) => toSource(span, decoded, around));
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
  { core, around }: Needle,
  decoded: DecodedText,
  isUncovered: (span: TextSpan) => boolean,
): readonly TextSpan[] {
  if (core === undefined) return [];
  return findSpans(core.text, decoded.text)
    .filter((span) => isUncovered(toSource(span, decoded)))
    .map(([start, end]) => {
      const to = end === TO_THE_END ? end : Math.min(decoded.text.length, end + core.after);
      return toSource([Math.max(0, start - core.before), to], decoded, around);
    });
}

/** Returns the source of a part of a decoded text, with the adjacent Base64 characters that hold bits of the secret, too. */
function toSource(
  [start, end]: TextSpan,
  { text, sourceStart, sourceEnd }: DecodedText,
  around?: Needle["around"],
): TextSpan {
  const isOfBase64 = (index: number) => /[\w/-]/.test(text.charAt(index));
  const from = around?.[0] && isOfBase64(start - 1) ? start - 1 : start;
  const to = around?.[1] && isOfBase64(end) ? end + 1 : end;
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

function replaceSpans(text: string, spans: TextSpan[]): string {
  let redacted = "";
  let done = 0;
  for (const [from, to] of spans.sort(([a], [b]) => a - b)) {
    if (from >= done) redacted += text.slice(done, from) + REDACTED;
    done = Math.max(done, to);
  }
  return redacted + text.slice(done);
}
