import { KioskArgumentError } from "../errors/argument-error.js";
import type { DispatcherLike } from "../transport/dispatcher-like.js";
import type { FetchLike } from "../transport/fetch-like.js";
import type { ClientCertificate, ClientIdentity } from "../transport/mtls-pool.js";
import { isRetryAgent } from "../transport/retrying-dispatcher.js";
import { isBun } from "../transport/runtime.js";
import { readClientCertificate } from "./client-certificate.js";
import { readFunction } from "./option-values.js";

/** Who makes the connections. */
export interface SendingOptions {
  readonly mtls?: ClientCertificate | undefined;
  readonly dispatcher?: DispatcherLike | undefined;
  readonly fetch?: FetchLike | undefined;
}

/** The options that say who makes the connections, checked. */
export interface SendingSettings {
  readonly mtls: ClientIdentity | undefined;
  readonly dispatcher: DispatcherLike | undefined;
  readonly fetch: FetchLike | undefined;
}

/** @throws {KioskArgumentError} for the first option that is not as it has to be. */
export function readSendingOptions(options: SendingOptions): SendingSettings {
  return {
    mtls: options.mtls === undefined ? undefined : readMtls(options.mtls, options),
    dispatcher: readDispatcher(options.dispatcher),
    fetch: readFunction("fetch", options.fetch),
  };
}

function readDispatcher(dispatcher: DispatcherLike | undefined): DispatcherLike | undefined {
  if (dispatcher === undefined) return undefined;
  if (isBun()) {
    throw new KioskArgumentError("dispatcher", "can not be used under Bun, which replaces undici by a stub; use fetch");
  }
  if (typeof dispatcher?.dispatch !== "function") {
    throw new KioskArgumentError("dispatcher", "has to have undici's dispatch(options, handler), as an Agent has");
  }
  if (isRetryAgent(dispatcher)) {
    throw new KioskArgumentError(
      "dispatcher",
      "is a RetryAgent, which would print a card twice; give the agent inside it, this client retries where that is safe",
    );
  }
  return dispatcher;
}

function readMtls(mtls: ClientCertificate, { dispatcher, fetch }: SendingOptions): ClientIdentity {
  if (isBun()) {
    throw new KioskArgumentError(
      "mtls",
      "can not be used under Bun, which replaces undici by a stub; use Node.js or Deno",
    );
  }
  if (dispatcher !== undefined || fetch !== undefined) {
    throw new KioskArgumentError(
      "mtls",
      "needs connections of the client's own; give the certificate to what makes yours, and leave mtls out",
    );
  }
  return readClientCertificate(mtls);
}
