import { dispatchHandler } from "./dispatch-handler.js";
import { DispatchedRequest, hidingStarts } from "./dispatched-request.js";
import type { DispatcherLike, DispatchHandlerLike } from "./dispatcher-like.js";
import type { HttpRequest, StopSignal, TransportResult } from "./http-message.js";
import { takesOlderHandlers } from "./older-handlers.js";
import { onRejection } from "./on-rejection.js";
import { createRefusedStart } from "./refused-start.js";
import { WITHOUT_RETRIES } from "./retrying-dispatcher.js";

const ignoreStart = () => {};
const alwaysStart = () => true;

/**
 * Sends a request through any dispatcher.
 *
 * It uses only `dispatch` and a handler, because that is all that the dispatchers of undici 6 to 8 and of every Node.js have in
 * common, and because it costs a fraction of `fetch`.
 */
export function sendThroughDispatcher(
  dispatcher: DispatcherLike,
  { origin, path, method, headers, body }: HttpRequest,
  signal: StopSignal,
  onStart: () => void = ignoreStart,
  mayStart: () => boolean = alwaysStart,
): Promise<TransportResult> {
  const hidesStarts = hidingStarts.has(dispatcher);
  if (hidesStarts) {
    if (!mayStart()) return Promise.resolve(createRefusedStart());
    onStart();
  }
  return new Promise((settle) => {
    const takesOlder = takesOlderHandlers(dispatcher);
    // A dispatcher of the user may change or freeze them.
    const own = takesOlder ? headers : { ...headers };
    const request = new DispatchedRequest({
      signal,
      settle,
      dispatcher,
      headers: own,
      onStart,
      mayStart,
      hidesStarts,
    });
    const options = {
      origin,
      path,
      method,
      headers: own,
      // The caller has its own time limits, so undici's are off. Redirects and retries are not wanted.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxRedirections: 0,
      retryOptions: WITHOUT_RETRIES,
    };
    // A spread takes longer.
    if (body !== undefined) Object.assign(options, { body });
    const handler = takesOlder ? (request as unknown as DispatchHandlerLike) : dispatchHandler(request);
    onRejection(
      () => dispatcher.dispatch(options, handler),
      (error) => request.fail(error),
    );
  });
}
