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

/** What a user may give to send through. */
export interface TransportOptions {
  readonly fetch?: FetchLike | undefined;
  readonly dispatcher?: DispatcherLike | undefined;
  readonly mtlsPool?: MtlsPool | undefined;
}

/** The user's own `fetch`, else the global one where a test asked for it or there is nothing else, else a dispatcher. */
export function chooseTransport({ fetch, dispatcher, mtlsPool }: TransportOptions): Transport {
  if (fetch !== undefined) return (request, signal, onStart) => sendThroughFetch(fetch, request, signal, onStart);
  return async (request, signal, onStart) => {
    if (globalFetchIsOn() || isBun()) return sendThroughFetch(globalThis.fetch, request, signal, onStart);
    let chosen: DispatcherLike;
    try {
      chosen = dispatcher ?? (await mtlsPool?.dispatcher()) ?? (await globalDispatcher());
      signal.throwIfAborted();
    } catch (cause) {
      if (cause instanceof KioskArgumentError) throw cause;
      return { kind: "failed", requestSent: false, cause };
    }
    return sendThroughDispatcher(chosen, request, signal, onStart);
  };
}
