/** The part of undici's dispatch options that this package uses. */
export interface DispatchOptionsLike {
  /** Scheme, host and port, such as `https://api.wise.com`. */
  readonly origin: string;
  /** The path, percent-encoded, without query. */
  readonly path: string;
  /** The HTTP method. */
  readonly method: "GET" | "PUT" | "POST" | "DELETE";
  /** The header fields by name. */
  readonly headers: Record<string, string>;
  /** Not set for a request without a body. */
  readonly body?: string;
  /** The limit for the header of the response, in milliseconds. Always 0 (no limit): the client has its own limits. */
  readonly headersTimeout?: number;
  /** The limit between two chunks of the response body, in milliseconds. Always 0 (no limit). */
  readonly bodyTimeout?: number;
}

/** The controller that dispatchers of undici 7 and 8 pass to a handler. */
export interface DispatchControllerLike {
  /** Aborts the request. */
  abort(reason: Error): void;
}

/**
 * A handler for both generations of undici's handler interface. Its methods need no `this`.
 *
 * A dispatcher calls `onRequestStart` (undici 7 and 8) or `onConnect` (undici 6) once, right before the first byte of the request
 * leaves: see {@link DispatcherLike}.
 */
export interface DispatchHandlerLike {
  /** Undici 7 and 8: the first byte is about to leave. */
  onRequestStart(controller: DispatchControllerLike, context: unknown): void;
  /** Undici 7 and 8: the status and header of a response arrived. May be called for informational responses (1xx) first. */
  onResponseStart(
    controller: DispatchControllerLike,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
    statusMessage?: string,
  ): void;
  /** Undici 7 and 8: a chunk of the response body arrived. */
  onResponseData(controller: DispatchControllerLike, chunk: Buffer): void;
  /** Undici 7 and 8: the response is complete. */
  onResponseEnd(controller: DispatchControllerLike, trailers: unknown): void;
  /** Undici 7 and 8: the request failed. */
  onResponseError(controller: DispatchControllerLike, error: Error): void;
  /** Undici 6: the first byte is about to leave. `abort` aborts the request. */
  onConnect(abort: (error?: Error) => void): void;
  /** Undici 6, and some newer dispatchers: the request body was sent. */
  onBodySent(): void;
  /** Undici 6: the status and header of a response arrived. Returns `true`: reading goes on. */
  onHeaders(statusCode: number, headers: Buffer[], resume: () => void, statusText: string): boolean;
  /** Undici 6: a chunk of the response body arrived. Returns `true`: reading goes on. */
  onData(chunk: Buffer): boolean;
  /** Undici 6: the response is complete. */
  onComplete(trailers: string[] | null): void;
  /** Undici 6: the request failed. */
  onError(error: Error): void;
}

/**
 * Anything with undici's `dispatch`: an `Agent`, `Pool`, `ProxyAgent` or `MockAgent` of undici 6 to 8, or of Node.js itself.
 *
 * If you wrap a dispatcher with a handler of your own, pass every call on to the original handler immediately: above all
 * `onRequestStart` and `onConnect`, with the means to abort, and `onBodySent`. Until its start is reported, a request counts as
 * never sent (`requestSent: false`) and is sent again after a failure, so a wrapper that swallows the start can print a card
 * twice. A dispatcher must not retry.
 *
 * @see https://undici.nodejs.org/#/docs/api/Dispatcher
 */
export interface DispatcherLike {
  /** Sends a request and reports its progress to `handler`. The returned boolean is ignored. */
  dispatch(options: DispatchOptionsLike, handler: DispatchHandlerLike): boolean;
}
