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

/** A handler that speaks both generations of undici's handler interface. */
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
 * @see https://undici.nodejs.org/#/docs/api/Dispatcher
 */
export interface DispatcherLike {
  dispatch(options: DispatchOptionsLike, handler: DispatchHandlerLike): boolean;
}
