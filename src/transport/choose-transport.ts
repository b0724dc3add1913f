import { KioskArgumentError } from "../errors/argument-error.js";
import type { DispatcherLike } from "./dispatcher-like.js";
import { sendThroughDispatcher } from "./dispatcher-transport.js";
import type { FetchLike } from "./fetch-like.js";
import { sendThroughFetch } from "./fetch-transport.js";
import { globalDispatcher } from "./global-dispatcher.js";
import { globalFetchIsOn } from "./global-fetch-switch.js";
import type { Transport } from "./http-message.js";
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
 * The transport rejects with a `KioskArgumentError` if no dispatcher can be used.
 */
export function chooseTransport({ fetch, dispatcher, mtlsPool }: TransportOptions): Transport {
  if (fetch !== undefined) return (request, ...rest) => sendThroughFetch(fetch, request, ...rest);
  return async (request, signal, ...starting) => {
    if (globalFetchIsOn() || isBun()) return sendThroughFetch(globalThis.fetch, request, signal, ...starting);
    let chosen: DispatcherLike;
    try {
      chosen = dispatcher ?? (await mtlsPool?.dispatcher()) ?? (await globalDispatcher());
      signal.throwIfAborted();
    } catch (cause) {
      if (cause instanceof KioskArgumentError) throw cause;
      return { kind: "failed", requestSent: false, cause };
    }
    return sendThroughDispatcher(chosen, request, signal, ...starting);
  };
}
