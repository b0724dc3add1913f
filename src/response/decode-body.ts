import { parseJson } from "../text/parse-json.js";
import type { Redact } from "./redact.js";

/** How much of a body an error carries, in characters. */
export const SHOWN_LENGTH = 16 * 1024;

/** How much of the text of a body is redacted. What comes later is not shown. */
const REDACTED_LENGTH = 4 * SHOWN_LENGTH;

/** How deep a parsed body may be nested for an error to carry it parsed. */
const SHOWN_DEPTH = 16;

/** The body of an answer, without secrets: nothing of an answer goes further with one in it. */
export interface ResponseText {
  /** The beginning of the text. */
  readonly text: string;
  /** What the text holds where it is JSON, without what is nested very deep; else `undefined`. */
  readonly json: unknown;
  /** The body as an error carries it: parsed where it is small and shallow, else the beginning of its text. */
  readonly shown: unknown;
}

/** Reads a body, whatever it calls itself: Wise declares empty bodies as JSON, and proxies answer in HTML. */
export function decodeBody(bytes: Uint8Array, redact: Redact): ResponseText {
  const whole = new TextDecoder().decode(bytes);
  const parsed = parseJson(whole);
  // Redacted first, then cut: a secret across the cut would not be recognised.
  const text = redact(whole.slice(0, REDACTED_LENGTH)).slice(0, SHOWN_LENGTH);
  const json = redactDeep(parsed, redact, SHOWN_DEPTH);
  const isSmall = parsed !== undefined && whole.length <= SHOWN_LENGTH && isShallow(parsed, SHOWN_DEPTH);
  return { text, json, shown: isSmall ? json : text };
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
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

/** A token may be made of digits. */
function redactNumber(value: number, redact: Redact): unknown {
  // The last digits of a long number are lost: the first 15 are recognised as the beginning of a secret.
  const isExact = !Number.isInteger(value) || Number.isSafeInteger(value);
  const text = isExact ? String(value) : String(BigInt(value)).slice(0, 15);
  const redacted = redact(text);
  return redacted === text ? value : redacted;
}
