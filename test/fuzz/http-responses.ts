import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync } from "node:zlib";
import type { Dice } from "../support/dice.js";
import type { CorpusFile } from "./corpus.js";
import type { Quote } from "./failures.js";
import { anyText } from "./json-texts.js";
import { mutate } from "./mutations.js";

/** A response as a server may send it. */
export interface GeneratedResponse {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The bytes on the wire: with a content encoding, if a header names one, and maybe with another one. */
  readonly body: Buffer;
}

/** What a generated response is made of. */
export interface ResponseParts {
  readonly corpus: readonly CorpusFile[];
  /** Generates a suitable body. */
  readonly body: (dice: Dice) => string;
  /**
   * Quotes a secret. `undefined` if the response will be damaged: a damaged secret is none, and what is left of it may be shown.
   */
  readonly quote: Quote | undefined;
}

const STATUSES = [
  200, 201, 202, 204, 205, 206, 226, 301, 302, 304, 307, 400, 401, 403, 404, 405, 406, 408, 409, 410, 413, 418, 421,
  422, 422, 422, 424, 425, 428, 429, 429, 431, 451, 499, 500, 501, 502, 503, 503, 504, 511, 520, 599,
];
const CONTENT_TYPES = [
  "application/json",
  "application/json;charset=utf-16",
  "APPLICATION/PROBLEM+JSON",
  "text/html; charset=iso-8859-1",
  "text/plain",
  "multipart/mixed; boundary=x",
  "application/octet-stream",
  ";;;",
  "",
];
const RETRY_AFTER = [
  "0",
  "1",
  "120",
  "0.5",
  "-1",
  "1e9",
  "99999999999999999999999999",
  "Infinity",
  "NaN",
  "0x10",
  " 3 ",
  "1, 2",
  "",
  "soon",
  "Wed, 21 Oct 2015 07:28:00 GMT",
  "Wednesday, 21-Oct-15 07:28:00 GMT",
  "Wed Oct 21 07:28:00 2015",
  "Wed, 31 Feb 999999 99:99:99 GMT",
  "Wed, ",
];
const ODD_NAMES = [
  "__proto__",
  "constructor",
  "toString",
  "x-trace-id",
  "X-TRACE-ID",
  "set-cookie",
  "content-encoding",
];

const brotli = (body: Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 3 } });

const ZEROS = Buffer.alloc(24 * 1024 * 1024);
/** A few kilobytes that decompress to 24 MiB. */
const BOMBS = {
  gzip: gzipSync(ZEROS),
  deflate: deflateSync(ZEROS),
  br: brotli(ZEROS),
} as const;

const ENCODERS = {
  gzip: gzipSync,
  "x-gzip": gzipSync,
  deflate: deflateSync,
  br: brotli,
  "deflate, gzip": gzipSync,
  zstd: deflateRawSync,
  " GZip ": gzipSync,
  identity: (body: Buffer) => body,
  __proto__: (body: Buffer) => body,
} as const;

/** Generates a response: from the corpus or from fields, with a quoted secret, damaged, compressed, or all of it. */
export function generateResponse(dice: Dice, parts: ResponseParts): GeneratedResponse {
  const status = dice.chance(0.4) ? 200 : dice.pick(STATUSES);
  const headers = generateHeaders(dice, parts);
  const encoding = dice.chance(0.12) ? dice.pick(Object.keys(ENCODERS) as (keyof typeof ENCODERS)[]) : undefined;
  if (encoding === undefined) return { status, headers, body: generateBody(dice, parts) };
  headers.push(["content-encoding", encoding]);
  return { status, headers, body: generateEncoded(encoding, dice, parts) };
}

function generateEncoded(encoding: keyof typeof ENCODERS, dice: Dice, parts: ResponseParts): Buffer {
  if (dice.chance(0.1)) return generateBody(dice, parts);
  if (dice.chance(0.005) && Object.hasOwn(BOMBS, encoding)) return BOMBS[encoding as keyof typeof BOMBS];
  if (dice.chance(0.8)) return ENCODERS[encoding](generateBody(dice, parts, false));
  const encoded = ENCODERS[encoding](generateBody(dice, { ...parts, quote: undefined }));
  return mutate(encoded, dice, [encoded]);
}

function generateHeaders(dice: Dice, { quote = () => "nothing" }: ResponseParts): [string, string][] {
  const headers: [string, string][] = [
    ["content-type", dice.chance(0.7) ? "application/json" : dice.pick(CONTENT_TYPES)],
  ];
  if (dice.chance(0.3)) headers.push(["Retry-After", dice.pick(RETRY_AFTER)]);
  if (dice.chance(0.3)) headers.push(["date", dice.pick(["Thu, 26 Nov 2026 03:18:17 GMT", dice.pick(RETRY_AFTER)])]);
  if (dice.chance(0.3)) headers.push(["X-Trace-Id", dice.chance(0.3) ? `a ${quote()}` : "9f86d081884c7d65"]);
  if (dice.chance(0.1)) headers.push(["x-rate-limited-by", dice.chance(0.3) ? quote() : "user"]);
  if (dice.chance(0.1)) headers.push([dice.pick(ODD_NAMES), dice.pick([quote(), "\u00ff\u0080", "x".repeat(5000)])]);
  return headers;
}

/** @param mayBeCut `false` for a body to compress: if it is shown compressed, other bytes follow the cut. */
function generateBody(dice: Dice, { corpus, body, quote }: ResponseParts, mayBeCut = true): Buffer {
  const corpusBytes = corpus.map(({ bytes }) => bytes);
  const generated = dice.chance(0.3) ? dice.pick(corpusBytes) : Buffer.from(bodyText(dice, body));
  const damaged = dice.chance(0.25) ? mutate(generated, dice, corpusBytes) : generated;
  if (quote === undefined || dice.chance(0.75)) return damaged;
  const times = dice.chance(0.005) ? 1000 : dice.chance(0.1) ? 2 : 1;
  return withQuotation(damaged, quote().repeat(times), dice, mayBeCut);
}

function bodyText(dice: Dice, body: (dice: Dice) => string): string {
  if (dice.chance(0.9)) return body(dice);
  return dice.pick([anyText(dice), "", " ", "<html><h1>502 Bad Gateway</h1>", `${body(dice)}${body(dice)}`]);
}

/** Returns a body with a quotation in the place of one of its strings, or anywhere; some are cut off within the quotation. */
function withQuotation(body: Buffer, quotation: string, dice: Dice, mayBeCut: boolean): Buffer {
  const text = body.toString("latin1");
  const strings = [...text.matchAll(/"[^"\\]*"/g)];
  const inJson = dice.chance(0.5) ? JSON.stringify(quotation) : `"Bearer ${quotation}"`;
  const isAnywhere = strings.length === 0 || dice.chance(0.2);
  const { index, 0: replaced } = isAnywhere
    ? { index: dice.below(text.length + 1), 0: "" }
    : (dice.pick(strings) as RegExpExecArray);
  const quoted = isAnywhere ? quotation : inJson;
  if (mayBeCut && dice.chance(0.15))
    return Buffer.from(text.slice(0, index) + quoted.slice(0, dice.below(quoted.length)), "latin1");
  return Buffer.from(text.slice(0, index) + quoted + text.slice(index + replaced.length), "latin1");
}
