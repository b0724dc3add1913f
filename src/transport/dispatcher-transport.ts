import { withoutContentEncoding } from "./content-encoding.js";
import { dispatchHandler } from "./dispatch-handler.js";
import { DispatchedRequest } from "./dispatched-request.js";
import type { DispatcherLike } from "./dispatcher-like.js";
import type { HttpRequest, TransportResult } from "./http-message.js";
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
export async function sendThroughDispatcher(
  dispatcher: DispatcherLike,
  { origin, path, method, headers, body }: HttpRequest,
  signal: AbortSignal,
  onStart: () => void = () => {},
  mayStart: () => boolean = () => true,
): Promise<TransportResult> {
  const hidesStarts = hidingStarts.has(dispatcher);
  if (hidesStarts) {
    if (!mayStart()) return createRefusedStart();
    onStart();
  }
  const result = await new Promise<TransportResult>((resolve) => {
    const own = { ...headers };
    const request: DispatchedRequest = new DispatchedRequest({
      signal,
      settle: (settled) => {
        if (request.hidStart) hidingStarts.add(dispatcher);
        resolve(settled);
      },
      onStart,
      mayStart,
      // A dispatcher may have frozen the headers: `Reflect.set` does not throw then.
      invalidate: () => void Reflect.set(own, "Authorization", "\n"),
      hidesStarts,
    });
    // The caller has its own time limits, so undici's are off. Redirects and retries are not wanted.
    const options = { headersTimeout: 0, bodyTimeout: 0, maxRedirections: 0, retryOptions: WITHOUT_RETRIES };
    const content = body === undefined ? {} : { body };
    onRejection(
      () =>
        dispatcher.dispatch({ ...options, origin, path, method, headers: own, ...content }, dispatchHandler(request)),
      (error) => request.fail(error),
    );
  });
  return result.kind === "responded" ? { ...result, response: withoutContentEncoding(result.response) } : result;
}
