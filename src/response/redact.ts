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
    if (plain.length === 0) return text;
    const decoded = decodeText(text);
    const unwrapped = WRAPPED.test(text) ? decodeText(text, true) : decoded;
    const spans = [
      ...plain.flatMap((secret) => findSpans(secret, text)),
      ...needles.flatMap((needle) => findSources(needle, needle.isBase64 ? unwrapped : decoded)),
    ];
    return spans.length === 0 ? text : replaceSpans(text, spans);
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
    ...[...new Set(plain)].map((text) => ({ text, isBase64: false })),
    ...[...new Set(base64)].map((text) => ({ text, isBase64: true })),
  ].filter(({ text }) => text.length >= SHORTEST_SECRET / 2);
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
function findSources(
  { text: needle, isBase64 }: Needle,
  { text, sourceStart, sourceEnd }: DecodedText,
): readonly TextSpan[] {
  return findSpans(needle, foldSpaces(text)).map((span) => {
    const [from, to] = isBase64 ? withNeighbours(span, text) : span;
    return [sourceStart(from), to === TO_THE_END ? to : sourceEnd(to - 1)];
  });
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
  /x[0-9a-f]?$/,
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
