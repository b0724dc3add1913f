/** What the newer generation of undici's handlers steers a request with. */
export interface DispatchController {
  readonly aborted: boolean;
  readonly paused: boolean;
  readonly reason: Error | null;
  readonly rawHeaders: readonly Buffer[] | null;
  readonly rawTrailers: readonly Buffer[] | null;
  abort(reason?: Error | null): void;
  pause(): void;
  resume(): void;
}

/** undici's handler interface in its newer generation (undici 7 and 8). */
export interface ControlledHandler {
  onRequestStart(controller: DispatchController, context: object): void;
  onResponseStart?(
    controller: DispatchController,
    statusCode: number,
    headers: Readonly<Record<string, string>>,
    statusMessage: string,
  ): void;
  onResponseData?(controller: DispatchController, chunk: Buffer): void;
  onResponseEnd?(controller: DispatchController, trailers: object): void;
  onResponseError?(controller: DispatchController, error: Error): void;
}

/** undici's handler interface in its older generation (up to undici 7). */
export interface LegacyHandler {
  onConnect?(abort: (reason?: Error | null) => void, context: object): void;
  onHeaders?(statusCode: number, headers: readonly Buffer[], resume: () => void, statusText: string): boolean;
  onData?(chunk: Buffer): boolean;
  onComplete?(trailers: readonly Buffer[]): void;
  onError?(error: Error): void;
}

/** A handler of either generation, as one of the newer. */
export function controlledHandler(handler: ControlledHandler | LegacyHandler): ControlledHandler {
  if ("onRequestStart" in handler && typeof handler.onRequestStart === "function") return handler;
  const legacy = handler as LegacyHandler;
  return {
    onRequestStart(controller, context) {
      legacy.onConnect?.((reason) => controller.abort(reason), context);
    },
    onResponseStart(controller, statusCode, _headers, statusMessage) {
      const resume = () => controller.resume();
      if (legacy.onHeaders?.(statusCode, controller.rawHeaders ?? [], resume, statusMessage) === false)
        controller.pause();
    },
    onResponseData(controller, chunk) {
      if (legacy.onData?.(chunk) === false) controller.pause();
    },
    onResponseEnd(controller) {
      legacy.onComplete?.(controller.rawTrailers ?? []);
    },
    onResponseError(_controller, error) {
      legacy.onError?.(error);
    },
  };
}
