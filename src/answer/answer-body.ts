import type { Redact } from "../transport/redact.js";

/** How much of a body an error carries, in characters. */
const SHOWN_LENGTH = 16 * 1024;

/** How deep a parsed body may be nested for an error to carry it parsed. */
const SHOWN_DEPTH = 16;

/** The body of an answer as text, and as the value it holds where it is JSON. */
export interface AnswerBody {
  readonly text: string;
  /** `undefined` where the text is not JSON. */
  readonly json: unknown;
}

/** Reads a body, whatever it calls itself: Wise declares empty bodies as JSON, and proxies answer in HTML. */
export function readBody(bytes: Uint8Array): AnswerBody {
  const text = new TextDecoder().decode(bytes);
  return { text, json: parseJson(text) };
}

/** The body as an error carries it: parsed where it is small and shallow, else the beginning of its text; no secrets. */
export function shownBody({ text, json }: AnswerBody, redact: Redact): unknown {
  const isSmall = text.length <= SHOWN_LENGTH && json !== undefined && isShallow(json, SHOWN_DEPTH);
  return isSmall ? redactDeep(json, redact) : redact(text).slice(0, SHOWN_LENGTH);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1));
}

function redactDeep(value: unknown, redact: Redact): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map((inner) => redactDeep(inner, redact));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [redact(key), redactDeep(inner, redact)]));
}
