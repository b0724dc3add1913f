import { type DecodedText, decodeText } from "./decode-text.js";
import { mayHoldSecret } from "./secret-beginnings.js";

/** Replaces the secrets in a text. */
export interface Redact {
  (text: string): string;
  /** Returns `false` only if it is certain that no value of a JSON text would change. Without it, any may. */
  readonly mayChange?: (json: string) => boolean;
}

const REDACTED = "[redacted]";

/** A shorter secret could be an ordinary word, and a message without that word would be hard to read. */
const SHORTEST_SECRET = 8;

/**
 * A long secret is recognised by this many of its first characters, so that a search takes linear time for any secret and any
 * text.
 */
const RECOGNISED_BY = 128;

/** Matches line breaks, which wrap Base64. */
const LINE_BREAK = /[\r\n]/;

/** Matches escaped line breaks, which wrap Base64 in JSON. */
const WRAPPED = /\\[nr]/;

/** A decoded text to search for. */
interface Needle {
  readonly text: string;
  /**
   * Whether it is the part of a Base64 text that the secret alone determines. The adjacent characters hold bits of the secret,
   * too.
   */
  readonly isBase64: boolean;
  /** The needle without its ends: see {@link findCore}. */
  readonly core: Core | undefined;
}

/** A needle without the characters at its ends that may form an escape together with the adjacent text. */
interface Core {
  readonly text: string;
  /** How many characters of the needle come before `text`, and after it. */
  readonly before: number;
  readonly after: number;
}

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
    const isNew = createNewsCheck(whole, text.length);
    const cores = needles.flatMap((needle) => findCoreSources(needle, needle.isBase64 ? unwrapped : decoded, isNew));
    return replaceSpans(text, [...whole, ...cores]);
  };
  redact.mayChange = (json: string) => mayHoldSecret(json, secrets);
  return redact;
}

const toHex = (character: string) => character.charCodeAt(0).toString(16).padStart(4, "0");
const ENTITIES: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
  "'": "&#39;",
};

/** The ways in which a secret may be escaped before it is encoded in Base64: by Gson, by Go, by .NET, and for HTML. */
const ESCAPES: readonly ((character: string) => string)[] = [
  (character) => ("<>&='".includes(character) ? `\\u${toHex(character)}` : character === '"' ? '\\"' : character),
  (character) => ("<>&".includes(character) ? `\\u${toHex(character)}` : character === '"' ? '\\"' : character),
  (character) => (character === "=" ? character : `\\u${toHex(character).toUpperCase()}`),
  (character) => ENTITIES[character] ?? character,
];

function createNeedles(secret: string): readonly Needle[] {
  const asBytes = Buffer.from(secret).toString("latin1");
  const plain = [secret, asBytes].map(normalizeText);
  const inJson = JSON.stringify(secret).slice(1, -1);
  const escaped = ESCAPES.map((toEscape) => secret.replace(/[<>&"'=+]/g, toEscape));
  const base64 = [...new Set([secret, inJson, percentEncode(secret), ...escaped])].flatMap(toBase64).map(normalizeText);
  return [
    ...[...new Set(plain)].map((text) => ({ text, isBase64: false, core: findCore(text) })),
    ...[...new Set(base64)].map((text) => ({ text, isBase64: true, core: findCore(text) })),
  ].filter(({ text }) => text.length >= SHORTEST_SECRET / 2);
}

/** Match characters that complete an escape if the text before them begins one, as `41` does after a percent sign. */
const ESCAPE_ENDS = [/^[ux]?\{?[0-9a-f]{0,6}\}?/i, /^#?\w{0,16};/];

/**
 * Returns a needle without the ends that may form an escape together with the adjacent text. Of `to-ken%` before `20`, or of
 * `41-token` after a percent sign, only the rest survives decoding. `undefined` if nothing can be left out, or too little remains.
 */
function findCore(needle: string): Core | undefined {
  const before = Math.max(...ESCAPE_ENDS.map((end) => end.exec(needle)?.[0].length ?? 0));
  let text = needle.slice(before);
  let after = 0;
  // Before `41`, the last character of `%0%` forms an A, which in turn completes `%0A`.
  for (
    let half = halfEscapeLength(text);
    half > 0 && text.length - half >= SHORTEST_SECRET;
    half = halfEscapeLength(text)
  ) {
    text = text.slice(0, -half);
    after += half;
  }
  return before + after === 0 || text.length < SHORTEST_SECRET ? undefined : { text, before, after };
}

/** Returns the length of the longest incomplete escape at the end of a text. */
function halfEscapeLength(text: string): number {
  return Math.max(...HALF_ESCAPES.map((half) => half.exec(text)?.[0].length ?? 0));
}

function percentEncode(text: string): string {
  return new URLSearchParams({ text }).toString().slice("text=".length);
}

/** Returns the Base64 and Base64url characters that `text` alone determines, after 0, 1 or 2 bytes in a group of three. */
function toBase64(text: string): readonly string[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const [from, to] = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)];
    return [bytes.toString("base64").slice(from, to), bytes.toString("base64url").slice(from, to)];
  });
}

function normalizeText(text: string): string {
  return foldSpaces(decodeText(text).text);
}

/** Replaces plus signs with spaces, because forms encode a space as a plus sign. */
function foldSpaces(text: string): string {
  return text.replaceAll("+", " ");
}

/** Returns the parts of the source of a decoded text that hold a needle. */
function findSources({ text: needle, isBase64 }: Needle, decoded: DecodedText): readonly TextSpan[] {
  return findSpans(needle, foldSpaces(decoded.text)).map((span) => toSource(span, isBase64, decoded));
}

/** Returns a function that returns whether a part of a text has a character that none of the known parts covers. */
function createNewsCheck(known: readonly TextSpan[], length: number): (span: TextSpan) => boolean {
  let covered: Uint8Array | undefined;
  return ([from, to]) => {
    if (covered === undefined) {
      covered = new Uint8Array(length);
      for (const span of known) covered.fill(1, ...span);
    }
    return covered.subarray(from, to).includes(0);
  };
}

/** Returns the parts of the source of a decoded text that hold the core of a needle and are new, with the ends of the needle. */
function findCoreSources(
  { core, isBase64 }: Needle,
  decoded: DecodedText,
  isNew: (span: TextSpan) => boolean,
): readonly TextSpan[] {
  if (core === undefined) return [];
  return findSpans(core.text, foldSpaces(decoded.text))
    .filter((span) => isNew(toSource(span, isBase64, decoded)))
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

/** Matches what an incomplete escape leaves at the end of a text. Decoding has removed its backslash. */
const HALF_ESCAPES = [
  /$/,
  /%u?[0-9a-f]{0,3}$/i,
  /u[0-9a-f]{0,3}$/i,
  /u\{[0-9a-f]{0,6}$/i,
  /x[0-9a-f]?$/i,
  /&#?\w{0,16}$/,
];

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
