import { withoutContentEncoding } from "./content-encoding.js";
import { dispatchHandler } from "./dispatch-handler.js";
import { DispatchedRequest } from "./dispatched-request.js";
import type { DispatcherLike, DispatchHandlerLike } from "./dispatcher-like.js";
import type { HttpRequest, StopSignal, TransportResult } from "./http-message.js";
import { takesOlderHandlers } from "./older-handlers.js";
import { onRejection } from "./on-rejection.js";
import { createRefusedStart } from "./refused-start.js";
import { WITHOUT_RETRIES } from "./retrying-dispatcher.js";

/** Dispatchers that sent a request without reporting its start: with these, a request without a start may have been sent. */
const hidingStarts = new WeakSet<DispatcherLike>();

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
  onStart: () => void = () => {},
  mayStart: () => boolean = () => true,
): Promise<TransportResult> {
  const hidesStarts = hidingStarts.has(dispatcher);
  if (hidesStarts) {
    if (!mayStart()) return Promise.resolve(createRefusedStart());
    onStart();
  }
  return new Promise((resolve) => {
    const isUndicis = takesOlderHandlers(dispatcher);
    // A dispatcher of the user may change or freeze them.
    const own = isUndicis ? headers : { ...headers };
    const request: DispatchedRequest = new DispatchedRequest({
      signal,
      settle: (result) => {
        if (request.hidStart) hidingStarts.add(dispatcher);
        if (result.kind === "failed") resolve(result);
        else resolve({ kind: "responded", response: withoutContentEncoding(result.response) });
      },
      onStart,
      mayStart,
      // `Reflect.set` does not throw if they are frozen.
      invalidate: () => void Reflect.set(own, "Authorization", "\n"),
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
    const handler = isUndicis ? (request as unknown as DispatchHandlerLike) : dispatchHandler(request);
    onRejection(
      () => dispatcher.dispatch(options, handler),
      (error) => request.fail(error),
    );
  });
}
