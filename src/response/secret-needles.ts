import { SHORTEST_SECRET } from "../text/shortest-secret.js";
import { type Around, decodeText } from "./decode-text.js";

/** A decoded text to search for. */
export interface Needle {
  readonly text: string;
  readonly around: Around;
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

/** Matches what an incomplete escape leaves at the end of a text. Decoding has removed its backslash. */
export const HALF_ESCAPES = [
  /$/,
  /%u?[0-9a-f]{0,3}$/i,
  /u[0-9a-f]{0,3}$/i,
  /u\{[0-9a-f]{0,6}$/i,
  /x[0-9a-f]?$/i,
  /&#?\w{0,16}$/,
];

type EncodedSecret = readonly [text: Needle["text"], around: Needle["around"]];

const toHex = (character: string) => character.charCodeAt(0).toString(16).padStart(4, "0");
const ENTITIES: Readonly<Record<string, string>> = {
  "<": "&lt;",
  ">": "&gt;",
  "&": "&amp;",
  '"': "&quot;",
  "'": "&#39;",
};

const jsonEscape = (escaped: string) => (character: string) =>
  escaped.includes(character) ? `\\u${toHex(character)}` : character === '"' ? '\\"' : character;

/** The ways in which a secret may be escaped before it is encoded in Base64: by Gson, by Go, by .NET, and for HTML. */
const ESCAPES: readonly ((character: string) => string)[] = [
  jsonEscape("<>&='"),
  jsonEscape("<>&"),
  (character) => (character === "=" ? character : `\\u${toHex(character).toUpperCase()}`),
  (character) => ENTITIES[character] ?? character,
];

/** Returns the decoded texts that show a secret: as it is, and in Base64, alone or within a longer text. */
export function createNeedles(secret: string): readonly Needle[] {
  const asBytes = Buffer.from(secret).toString("latin1");
  const plain = [secret, asBytes].map((encoded): EncodedSecret => {
    const { text, starts, ends } = decodeText(encoded)();
    return [text, starts[0] || (ends[text.length - 1] as number) < encoded.length ? null : undefined];
  });
  const inJson = JSON.stringify(secret).slice(1, -1);
  const escaped = ESCAPES.map((toEscape) => secret.replace(/[<>&"'=+]/g, toEscape));
  const base64 = [...new Set([secret, inJson, percentEncode(secret), ...escaped])].flatMap(toBase64);
  return [...new Map([...plain, ...base64])]
    .map(([text, around]) => ({ text, around, core: findCore(text) }))
    .filter(({ text }) => text.length >= SHORTEST_SECRET / 2);
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
function toBase64(text: string): readonly EncodedSecret[] {
  return [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]);
    const [from, to] = [Math.ceil((before * 8) / 6), Math.floor((bytes.length * 8) / 6)];
    const around = [before > 0, bytes.length % 3 > 0] as const;
    return (["base64", "base64url"] as const).map(
      (encoding): EncodedSecret => [decodeText(bytes.toString(encoding).slice(from, to))(around).text, around],
    );
  });
}
