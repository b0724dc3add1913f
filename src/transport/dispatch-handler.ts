import type { DispatchedRequest } from "./dispatched-request.js";
import type { DispatchHandlerLike } from "./dispatcher-like.js";
import type { HeaderFields } from "./header-map.js";

/**
 * Returns the handler of a request, for both generations of undici's handler interface.
 *
 * Its methods never throw, whatever a dispatcher passes to them: the dispatcher may be the user's, and would not expect that. They
 * need no `this`, so a wrapper can copy them.
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
  const respond = safely((status: number, headers: HeaderFields) => request.respond(status, headers));
  const receive = safely((chunk: Buffer) => request.receive(chunk));
  const end = safely(() => request.end());
  return {
    onRequestStart: (controller) => request.start((reason) => controller.abort(reason)),
    onConnect: (abort) => request.connect((reason) => abort(reason)),
    onBodySent: () => request.bodySent(),
    onResponseStart: (_controller, status, headers) => respond(status, headers),
    onHeaders: (status, headers) => {
      respond(status, headers);
      return true;
    },
    onResponseData: (_controller, chunk) => receive(chunk),
    onData: (chunk) => {
      receive(chunk);
      return true;
    },
    onResponseEnd: end,
    onComplete: end,
    onResponseError: (_controller, error) => request.fail(error),
    onError: (error) => request.fail(error),
  };
}
