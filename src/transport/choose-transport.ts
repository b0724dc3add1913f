import { KioskArgumentError } from "../errors/argument-error.js";
import { ClosedClientError } from "./closed-client-error.js";
import type { DispatcherLike } from "./dispatcher-like.js";
import { sendThroughDispatcher } from "./dispatcher-transport.js";
import type { FetchLike } from "./fetch-like.js";
import { sendThroughFetch } from "./fetch-transport.js";
import { type GetGlobalDispatcher, loadGlobalDispatcher } from "./global-dispatcher.js";
import { globalFetchIsOn } from "./global-fetch-switch.js";
import type { Transport, TransportResult } from "./http-message.js";
import type { MtlsPool } from "./mtls-pool.js";
import { isBun } from "./runtime.js";

/** The options that select a transport. */
export interface TransportOptions {
  /** Sends every request. Default: a dispatcher does. */
  readonly fetch?: FetchLike | undefined;
  /** Sends every request if there is no `fetch`. Default: the dispatcher of `mtlsPool`, or else undici's global one. */
  readonly dispatcher?: DispatcherLike | undefined;
  /** The connections with a client certificate, if there is one. */
  readonly mtlsPool?: MtlsPool | undefined;
}

/**
 * Returns a transport that sends through the user's `fetch`; else, under Bun or if a test turned it on, through the global `fetch`;
 * else through a dispatcher.
 *
 * The transport rejects with a `KioskArgumentError` if no dispatcher can be used, and with a `ClosedClientError` after `close()`.
 */
export function chooseTransport({ fetch, dispatcher, mtlsPool }: TransportOptions): Transport {
  if (fetch !== undefined) return (request, ...rest) => sendThroughFetch(fetch, request, ...rest);
  const findDispatcher = dispatcherSource(dispatcher, mtlsPool);
  return (request, signal, onStart, mayStart) => {
    if (globalFetchIsOn() || isBun()) return sendThroughFetch(globalThis.fetch, request, signal, onStart, mayStart);
    const send = (chosen: DispatcherLike) => sendThroughDispatcher(chosen, request, signal, onStart, mayStart);
    try {
      const found = findDispatcher();
      if (!(found instanceof Promise)) return send(found);
      const whenFound = (chosen: DispatcherLike) => {
        signal.throwIfAborted();
        return chosen;
      };
      const result = found.then(whenFound).then(send, refuse);
      mtlsPool?.track(result);
      return result;
    } catch (error) {
      return refuse(error);
    }
  };
}

/** Returns a function that returns the dispatcher of the next request. It returns a promise only while undici is being loaded. */
function dispatcherSource(
  dispatcher: DispatcherLike | undefined,
  mtlsPool: MtlsPool | undefined,
): () => DispatcherLike | Promise<DispatcherLike> {
  if (dispatcher !== undefined) return () => dispatcher;
  if (mtlsPool !== undefined) return () => mtlsPool.dispatcher();
  let getGlobalDispatcher: GetGlobalDispatcher | undefined;
  return () => {
    if (getGlobalDispatcher !== undefined) return getGlobalDispatcher();
    return loadGlobalDispatcher().then((loaded) => {
      getGlobalDispatcher = loaded;
      return loaded();
    });
  };
}

/** Returns the result of a request for which there is no dispatcher. */
async function refuse(cause: unknown): Promise<TransportResult> {
  if (cause instanceof KioskArgumentError || cause instanceof ClosedClientError) throw cause;
  return { kind: "failed", requestSent: false, cause };
}
