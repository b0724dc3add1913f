import { KioskArgumentError } from "../../errors/argument-error.js";
import type { KioskWebhookHandler } from "./handler.js";
import type { WebHeaders, WebRequest } from "./web-types.js";

/** A request as a server describes it that knows nothing of the Fetch API. All of it may be odd, whatever the types promise. */
export interface ForeignRequest {
  readonly method: unknown;
  /** A path or a whole URL. */
  readonly url: unknown;
  /** A record of texts, or of lists of texts. */
  readonly headers: unknown;
}

/** A response, read to its end. */
export interface ReadResponse {
  readonly status: number;
  /** With names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** Names that can be in a `Headers`: the tokens of HTTP. The pseudo-headers of HTTP/2 are none. */
const HEADER_NAME = /^[\w!#$%&'*+\-.^`|~]+$/;

/** Characters that cannot be in the value of a header. */
const NOT_IN_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/g;

const NOT_HANDLED: ReadResponse = {
  status: 500,
  headers: [["content-type", "application/json"]],
  body: new TextEncoder().encode('{"status":"error","message":"the request could not be handled"}'),
};

const ANY_ORIGIN = "http://localhost";

/**
 * The same request for a handler. Methods other than POST make no difference to it, and not all of them can be in a `Request`.
 *
 * @param body is called for a POST only.
 */
export async function toWebRequest(
  { method, url, headers }: ForeignRequest,
  body: () => Promise<Uint8Array<ArrayBuffer>>,
): Promise<WebRequest> {
  const init = { headers: toHeaders(headers) };
  if (method !== "POST") return new Request(toUrl(url), init);
  return new Request(toUrl(url), { ...init, method: "POST", body: await body().catch(failingBody), duplex: "half" });
}

/** @throws {KioskArgumentError} if it is not a function. */
export function checkHandler(handler: unknown): void {
  if (typeof handler === "function") return;
  throw new KioskArgumentError("handler", "must be a function: what the method `handler` of KioskWebhooks returns");
}

/**
 * Gives a request to a handler. If the request cannot be made or its body cannot be read, the handler gets one whose body fails
 * with the reason, so that its `onError` is called.
 *
 * @returns the response; a 500 if a handler of the user's own rejects, or returns something else.
 */
export async function respond(handler: KioskWebhookHandler, request: Promise<WebRequest>): Promise<ReadResponse> {
  try {
    const response = await handler(await request.catch(failingRequest));
    const body = new Uint8Array(await response.arrayBuffer());
    // Some implementations keep the letter case of names.
    const headers = [...response.headers].map(([name, value]) => [name.toLowerCase(), value] as const);
    return { status: response.status, headers, body };
  } catch {
    return NOT_HANDLED;
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
  // A `Request` refuses them.
  url.username = "";
  url.password = "";
  return url;
}

/**
 * The headers, all that can be: what cannot be in a value becomes a question mark, so that a header is never missing without a
 * trace. A name that is none is left out, for no header that counts has it.
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
