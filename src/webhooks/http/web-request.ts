import process from "node:process";
import { inspect } from "node:util";
import { describeValue, mustBe } from "../../arguments/found-value.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import type { KioskWebhookHandler } from "./handler.js";
import type { WebHeaders, WebRequest } from "./web-types.js";

/** A request from a server that does not use the Fetch API. Any part may be malformed, whatever the server's types promise. */
export interface ForeignRequest {
  /** Normally a string. */
  readonly method: unknown;
  /** Normally a path or a whole URL. */
  readonly url: unknown;
  /** Normally a record of strings, or of arrays of strings. */
  readonly headers: unknown;
}

/** A response that was read to its end. */
export interface ReadResponse {
  /** The status. */
  readonly status: number;
  /** The headers, with names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The body, not decoded. */
  readonly body: Uint8Array;
}

/** Matches names that a `Headers` accepts: HTTP tokens, and so not the pseudo-headers of HTTP/2. */
const HEADER_NAME = /^[\w!#$%&'*+\-.^`|~]+$/;

/** Matches characters that a header value must not contain. */
const NOT_IN_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/g;

const NOT_HANDLED: ReadResponse = {
  status: 500,
  headers: [["content-type", "application/json"]],
  body: new TextEncoder().encode('{"status":"error","message":"the request could not be handled"}'),
};

const ANY_ORIGIN = "http://localhost";

/**
 * Converts a request for a handler. A method other than POST becomes GET: the handler treats all others alike, and a `Request`
 * does not accept all of them.
 *
 * @param body reads the body; called for a POST only.
 */
export async function toWebRequest(
  { method, url, headers }: ForeignRequest,
  body: () => Promise<Uint8Array<ArrayBuffer>>,
): Promise<WebRequest> {
  const init = { headers: toHeaders(headers) };
  if (method !== "POST") return new Request(toUrl(url), init);
  return new Request(toUrl(url), { ...init, method: "POST", body: await body().catch(failingBody), duplex: "half" });
}

/**
 * Checks that a handler is a function.
 *
 * @throws {KioskArgumentError} if it is not.
 */
export function checkHandler(handler: unknown): void {
  if (typeof handler === "function") return;
  throw mustBe("handler", "a function, as returned by `KioskWebhooks.handler()`", describeValue(handler));
}

/**
 * Passes a request to a handler. If the request cannot be created, the handler receives one with a body that fails with the
 * reason, so that its `onError` is called.
 *
 * @returns the response, read to its end; a 500, with a warning, if a function around the handler throws or returns no readable
 * response.
 */
export async function runHandler(handler: KioskWebhookHandler, request: Promise<WebRequest>): Promise<ReadResponse> {
  try {
    const response = await handler(await request.catch(failingRequest));
    if (typeof response?.arrayBuffer !== "function") {
      throw new KioskArgumentError("handler", "must return a Response");
    }
    const body = new Uint8Array(await response.arrayBuffer());
    // Some implementations keep the letter case of header names.
    const headers = [...response.headers].map(([name, value]) => [name.toLowerCase(), value] as const);
    return { status: response.status, headers, body };
  } catch (error) {
    warn(error);
    return NOT_HANDLED;
  }
}

/**
 * Emits a warning of the process, because an adapter does not know the `onError` of the handler. It shows the stack of an error and
 * none of its properties, because those may hold secrets, such as the request of an HTTP client.
 */
export function warn(error: unknown): void {
  try {
    const { stack = inspect(error, { depth: -1 }) } = Object(error);
    process.emitWarning("A webhook request could not be handled", { type: "KioskWebhookWarning", detail: stack });
  } catch {
    // The error cannot be read.
  }
}

function failingRequest(error: unknown): WebRequest {
  return new Request(ANY_ORIGIN, { method: "POST", body: failingBody(error), duplex: "half" });
}

function failingBody(error: unknown): ReadableStream {
  return new ReadableStream({ pull: (controller) => controller.error(error) });
}

function toUrl(text: unknown): URL {
  const path = typeof text === "string" && URL.canParse(text, ANY_ORIGIN) ? text : "/";
  const url = new URL(path, ANY_ORIGIN);
  // A `Request` rejects a URL with credentials.
  url.username = "";
  url.password = "";
  return url;
}

/**
 * Converts a record to a `Headers`. A character that a value must not contain becomes a question mark, so that no header
 * disappears silently. A header with an invalid name is left out, because no header that matters has one.
 */
function toHeaders(record: unknown): WebHeaders {
  const headers = new Headers();
  for (const [name, values] of Object.entries(record ?? {})) {
    if (!HEADER_NAME.test(name)) continue;
    for (const value of [values].flat()) {
      if (typeof value === "string") headers.append(name, value.replace(NOT_IN_A_VALUE, "?"));
    }
  }
  return headers;
}
