import { isDeeperThan } from "../text/nesting.js";
import { parseJson } from "../text/parse-json.js";
import type { Redact } from "./redact.js";

/** The maximum number of characters of a body that an error carries. */
export const SHOWN_LENGTH = 16 * 1024;

/** The number of characters of the text of a body that are redacted. The rest of the text is not shown. */
const REDACTED_LENGTH = 4 * SHOWN_LENGTH;

/** The number of nested levels up to which an error carries the parsed body. */
const SHOWN_DEPTH = 16;

/** The body of a response without secrets. The body is not passed on in any other form. */
export interface ResponseText {
  /** The beginning of the text. */
  readonly text: string;
  /** The parsed body, with `null` for objects and arrays below the 16th level; `undefined` if the body is not JSON. */
  readonly json: unknown;
  /** The body as an error carries it: parsed if it is small and shallow, else the beginning of its text. */
  readonly shown: unknown;
}

const utf8 = /* @__PURE__ */ new TextDecoder();

/** Returns the parsed body if no value of it holds a secret, which is certain for almost every body; otherwise `undefined`. */
export function parseHarmlessBody(bytes: Uint8Array, redact: Redact): unknown {
  const whole = utf8.decode(bytes);
  return redact.mayChange?.(whole) === false ? parseJson(whole) : undefined;
}

/** Decodes a body, whatever its content type: Wise declares empty bodies as JSON, and proxies respond in HTML. */
export function decodeBody(bytes: Uint8Array, redact: Redact): ResponseText {
  const whole = utf8.decode(bytes);
  const parsed = parseJson(whole);
  // Redact first, then cut: a secret that is cut in two may not be recognised.
  const text = redact(whole.slice(0, REDACTED_LENGTH)).slice(0, SHOWN_LENGTH);
  const json = redactDeep(parsed, redact, SHOWN_DEPTH);
  const isSmall = parsed !== undefined && whole.length <= SHOWN_LENGTH && !isDeeperThan(SHOWN_DEPTH, parsed);
  return { text, json, shown: isSmall ? json : text };
}

function redactDeep(value: unknown, redact: Redact, depth: number): unknown {
  if (typeof value === "string") return redact(value);
  if (typeof value === "number") return redactNumber(value, redact);
  if (typeof value !== "object" || value === null) return value;
  if (depth === 0) return null;
  const inner = (each: unknown) => redactDeep(each, redact, depth - 1);
  if (Array.isArray(value)) return value.map(inner);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [redact(key), inner(each)]));
}

/** Redacts a number, because a token may consist of digits. */
function redactNumber(value: number, redact: Redact): unknown {
  // An unsafe integer has lost its last digits. Its first 15 digits are recognised as the beginning of a secret.
  const isExact = !Number.isInteger(value) || Number.isSafeInteger(value);
  const text = isExact ? String(value) : String(BigInt(value)).slice(0, 15);
  const redacted = redact(text);
  return redacted === text ? value : redacted;
}
