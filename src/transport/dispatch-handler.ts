import type { DispatchedRequest } from "./dispatched-request.js";
import type { DispatchHandlerLike } from "./dispatcher-like.js";

/**
 * Returns the handler of a request, in both generations of undici's handler interface.
 *
 * Nothing that a dispatcher passes to it makes it throw: the dispatcher may belong to the user, and would not expect it. Its
 * methods need no `this`, so that a wrapper may copy them.
 */
export function dispatchHandler(request: DispatchedRequest): DispatchHandlerLike {
  const safely =
    <A extends unknown[]>(report: (...args: A) => void) =>
    (...args: A): void => {
      try {
        report(...args);
      } catch (error) {
        request.breakOff(error);
      }
    };
  const onResponseStart = safely<Parameters<DispatchHandlerLike["onResponseStart"]>>((_controller, status, headers) =>
    request.respond(status, headers),
  );
  const onHeaders = safely<Parameters<DispatchHandlerLike["onHeaders"]>>((status, headers) =>
    request.respond(status, headers),
  );
  const onChunk = safely((chunk: Buffer) => request.receive(chunk));
  const onEnd = safely(() => request.end());
  return {
    onRequestStart: (controller) => request.start((reason) => controller.abort(reason)),
    onConnect: (abort) => request.connect((reason) => abort(reason)),
    onBodySent: () => request.bodySent(),
    onResponseStart,
    onHeaders: (...args) => {
      onHeaders(...args);
      return true;
    },
    onResponseData: (_controller, chunk) => onChunk(chunk),
    onData: (chunk) => {
      onChunk(chunk);
      return true;
    },
    onResponseEnd: onEnd,
    onComplete: onEnd,
    onResponseError: (_controller, error) => request.fail(error),
    onError: (error) => request.fail(error),
  };
}
