import { withoutContentEncoding } from "./content-encoding.js";
import type { DispatcherLike } from "./dispatcher-like.js";
import { ExchangeHandler } from "./exchange-handler.js";
import type { HttpRequest, TransportResult } from "./http-message.js";
import { WITHOUT_RETRIES } from "./retrying-dispatcher.js";

/**
 * Sends a request through a dispatcher, whoever made it.
 *
 * It stands on `dispatch` and a handler, because that is all that the dispatchers of undici 6 to 8 and of every Node.js have
 * in common, and because it costs a fraction of `fetch`.
 */
export async function sendThroughDispatcher(
  dispatcher: DispatcherLike,
  { origin, path, method, headers, body }: HttpRequest,
  signal: AbortSignal,
): Promise<TransportResult> {
  const result = await new Promise<TransportResult>((settle) => {
    const own = { ...headers };
    const spoil = () => {
      own["Authorization"] = "\n";
    };
    const handler = new ExchangeHandler(signal, settle, spoil);
    // The limits of time are the caller's own, so undici's are off; redirects and retries are not wanted.
    const options = { headersTimeout: 0, bodyTimeout: 0, maxRedirections: 0, retryOptions: WITHOUT_RETRIES };
    try {
      const content = body === undefined ? {} : { body };
      const dispatched: unknown = dispatcher.dispatch(
        { ...options, origin, path, method, headers: own, ...content },
        handler,
      );
      // A dispatcher of a user's own may be async, against its type.
      if (dispatched instanceof Promise) dispatched.catch((error: unknown) => handler.onError(error));
    } catch (error) {
      handler.onError(error);
    }
  });
  return result.kind === "answered" ? { ...result, response: withoutContentEncoding(result.response) } : result;
}
