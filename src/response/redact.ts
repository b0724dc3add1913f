import { SHORTEST_SECRET } from "../text/shortest-secret.js";
import { type DecodedText, decodeText } from "./decode-text.js";
import { mayHoldSecret } from "./secret-beginnings.js";
import { createNeedles, HALF_ESCAPES, type Needle } from "./secret-needles.js";

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
  let needles: readonly Needle[] | undefined;
  const redact = (text: string) => {
    if (text.length < SHORTEST_SECRET) return text;
    if (!/\s/.test(text) && !mayHoldSecret(text, secrets)) return text;
    const plain = secrets.filter(({ length }) => length >= SHORTEST_SECRET);
    needles ??= plain.flatMap(createNeedles);
    const decode = decodeText(text);
    const unwrapped = decode([true, true]);
    const searches = needles.map((needle) => [needle, needle.around ? unwrapped : decode(needle.around)] as const);
    const whole = [
      ...plain.flatMap((secret) => findSpans(secret, text)),
      ...searches.flatMap((search) => findSources(...search)),
    ];
    const covered = new Uint8Array(text.length);
    for (const span of whole) covered.fill(1, ...span);
    const cores = searches.flatMap((search) => findCoreSources(...search, covered));
    return replaceSpans(text, [...whole, ...cores]);
  };
  redact.mayChange = (json: string) => mayHoldSecret(json, secrets);
  return redact;
}

/** Returns the parts of the source of a decoded text that hold a needle. */
function findSources({ text, around }: Needle, decoded: DecodedText): readonly TextSpan[] {
  return findSpans(text, decoded.text).map((span) => toSource(span, decoded, around));
}

/**
 * Returns the parts of the source of a decoded text that hold the core of a needle, with its ends, unless a known part covers it.
 */
function findCoreSources({ core, around }: Needle, decoded: DecodedText, covered: Uint8Array): readonly TextSpan[] {
  if (core === undefined) return [];
  return findSpans(core.text, decoded.text)
    .filter((span) => covered.subarray(...toSource(span, decoded)).includes(0))
    .map(([start, end]) => {
      const to = end === TO_THE_END ? end : Math.min(decoded.text.length, end + core.after);
      return toSource([Math.max(0, start - core.before), to], decoded, around);
    });
}

/** Returns the source of a part of a decoded text, with the adjacent Base64 characters that hold bits of the secret, too. */
function toSource([start, end]: TextSpan, { text, starts, ends }: DecodedText, around?: Needle["around"]): TextSpan {
  const isOfBase64 = (index: number) => /[\w/-]/.test(text.charAt(index));
  const from = around?.[0] && isOfBase64(start - 1) ? start - 1 : start;
  const to = around?.[1] && isOfBase64(end) ? end + 1 : end;
  return [starts[from] as number, ends[to - 1] ?? TO_THE_END];
}

const LONGEST_HALF_ESCAPE = 20;

/** Returns the parts of a text that hold a needle, or the beginning of one at the end of the text. */
function findSpans(needle: string, text: string): readonly TextSpan[] {
  const spans: TextSpan[] = [];
  const beginning = needle.slice(0, RECOGNISED_BY);
  for (let to = 0, at = text.indexOf(beginning); at >= 0; at = text.indexOf(beginning, to)) {
    to = at + beginning.length;
    while (to < at + needle.length && text[to] === needle[to - at]) to += 1;
    spans.push([at, to]);
  }
  const tail = text.slice(-(RECOGNISED_BY + LONGEST_HALF_ESCAPE));
  const first = needle.slice(0, SHORTEST_SECRET);
  if (!tail.includes(first)) return spans;
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
