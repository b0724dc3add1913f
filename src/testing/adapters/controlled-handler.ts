/** The controller with which a handler of undici's newer interface pauses or aborts a request. */
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

/** undici's newer handler interface (undici 7 and 8). */
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

/** undici's older handler interface (up to undici 7). */
export interface LegacyHandler {
  onConnect?(abort: (reason?: Error | null) => void, context: object): void;
  onHeaders?(statusCode: number, headers: readonly Buffer[], resume: () => void, statusText: string): boolean;
  onData?(chunk: Buffer): boolean;
  onComplete?(trailers: readonly Buffer[]): void;
  onError?(error: Error): void;
}

/** Adapts a handler of either interface to the newer one. */
export function controlledHandler(handler: ControlledHandler | LegacyHandler): ControlledHandler {
  if (isControlled(handler)) return handler;
  const legacy = handler;
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
    onResponseEnd() {
      legacy.onComplete?.([]);
    },
    onResponseError(_controller, error) {
      legacy.onError?.(error);
    },
  };
}

function isControlled(handler: ControlledHandler | LegacyHandler): handler is ControlledHandler {
  return typeof (handler as Partial<ControlledHandler>).onRequestStart === "function";
}
