import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { KioskArgumentError } from "../errors/argument-error.js";
import type { DispatcherLike } from "../transport/dispatcher-like.js";
import type { FetchLike } from "../transport/fetch-like.js";
import type { ClientCertificate } from "../transport/mtls-pool.js";
import { isRetryAgent } from "../transport/retrying-dispatcher.js";
import { isBun } from "../transport/runtime.js";
import { readFunction, readObject } from "./option-values.js";

/** Who makes the connections. */
export interface SendingOptions {
  readonly mtls?: ClientCertificate | undefined;
  readonly dispatcher?: DispatcherLike | undefined;
  readonly fetch?: FetchLike | undefined;
}

/** @throws {KioskArgumentError} for the first option that is not as it has to be. */
export function readSendingOptions(options: SendingOptions): SendingOptions {
  return {
    mtls: options.mtls === undefined ? undefined : readCertificate(options.mtls, options),
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

function readCertificate(mtls: ClientCertificate, { dispatcher, fetch }: SendingOptions): ClientCertificate {
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
  const { cert, key, ca, passphrase } = readObject("mtls", mtls);
  const isPem = (value: unknown) => (typeof value === "string" || value instanceof Uint8Array) && value.length > 0;
  if (!isPem(cert) || !isPem(key) || !(ca === undefined || isPem(ca))) {
    throw new KioskArgumentError("mtls", "has to hold cert and key, and may hold ca, in PEM as a string or bytes");
  }
  const pem = (value: string | Uint8Array) => (typeof value === "string" ? value : Buffer.from(value));
  try {
    // TLS would pass over an authority that can not be read, and then trust nobody.
    if (ca !== undefined) new X509Certificate(pem(ca));
    createSecureContext({
      cert: pem(cert),
      key: pem(key),
      ...(ca === undefined ? {} : { ca: pem(ca) }),
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch {
    throw new KioskArgumentError(
      "mtls",
      "could not be read: cert and ca have to be PEM certificates, and key the private key of cert in PEM, with its passphrase if it has one",
    );
  }
  return mtls;
}
