/** What is sent through a dispatcher: the part of undici's dispatch options that this package uses. */
export interface DispatchOptionsLike {
  readonly origin: string;
  readonly path: string;
  readonly method: "GET" | "PUT" | "POST";
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly headersTimeout?: number;
  readonly bodyTimeout?: number;
}

/** The controller that newer dispatchers hand to a handler. */
export interface DispatchControllerLike {
  abort(reason: Error): void;
}

/**
 * A handler that speaks both generations of undici's handler interface. Its methods need no `this`.
 *
 * A dispatcher calls `onRequestStart` (as undici 7 and 8 do) or `onConnect` (as undici 6 does) right before the first byte of the
 * request leaves, once: see {@link DispatcherLike}.
 */
export interface DispatchHandlerLike {
  onRequestStart(controller: DispatchControllerLike, context: unknown): void;
  onResponseStart(
    controller: DispatchControllerLike,
    statusCode: number,
    headers: Record<string, string | string[] | undefined>,
    statusMessage?: string,
  ): void;
  onResponseData(controller: DispatchControllerLike, chunk: Buffer): void;
  onResponseEnd(controller: DispatchControllerLike, trailers: unknown): void;
  onResponseError(controller: DispatchControllerLike, error: Error): void;
  onConnect(abort: (error?: Error) => void): void;
  onBodySent(): void;
  onHeaders(statusCode: number, headers: Buffer[], resume: () => void, statusText: string): boolean;
  onData(chunk: Buffer): boolean;
  onComplete(trailers: string[] | null): void;
  onError(error: Error): void;
}

/**
 * Anything with undici's `dispatch`: an `Agent`, `Pool`, `ProxyAgent` or `MockAgent` of undici 6 to 8, or of Node.js itself.
 *
 * If you wrap a dispatcher and give it a handler of your own, pass every call on to the handler that you were given, at the
 * moment when it comes: above all `onRequestStart` and `onConnect`, with the means to abort, and `onBodySent`. A request whose
 * start was not reported counts as never sent (`requestSent: false`) and is sent again after a failure, so a wrapper that swallows
 * the start can print a card twice. A dispatcher must not retry.
 *
 * @see https://undici.nodejs.org/#/docs/api/Dispatcher
 */
export interface DispatcherLike {
  dispatch(options: DispatchOptionsLike, handler: DispatchHandlerLike): boolean;
}
