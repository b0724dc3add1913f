import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { describeValue, mustBe } from "../arguments/found-value.js";
import { type OptionNames, readNestedOptions } from "../arguments/read-options.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import type { DispatcherLike } from "../transport/dispatcher-like.js";
import type { FetchLike } from "../transport/fetch-like.js";
import type { ClientCertificate } from "../transport/mtls-pool.js";
import { isRetryAgent } from "../transport/retrying-dispatcher.js";
import { isBun } from "../transport/runtime.js";
import { readFunction } from "./option-values.js";

/** Who makes the connections. */
export interface SendingOptions {
  readonly mtls?: ClientCertificate | undefined;
  readonly dispatcher?: DispatcherLike | undefined;
  readonly fetch?: FetchLike | undefined;
}

const CERTIFICATE_OPTION_NAMES: OptionNames<ClientCertificate> = { cert: true, key: true, ca: true, passphrase: true };

/** @throws {KioskArgumentError} for the first option that is not valid. */
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
    throw new KioskArgumentError(
      "dispatcher",
      "cannot be used under Bun, which replaces undici by a stub: use `fetch`",
    );
  }
  if (typeof dispatcher?.dispatch !== "function") {
    throw mustBe(
      "dispatcher",
      "an object with undici's `dispatch` method, such as an Agent",
      describeValue(dispatcher),
    );
  }
  if (isRetryAgent(dispatcher)) {
    throw new KioskArgumentError(
      "dispatcher",
      "is a RetryAgent, which would print a card twice: pass the agent inside it, this client retries what is safe",
    );
  }
  return dispatcher;
}

function readCertificate(mtls: ClientCertificate, { dispatcher, fetch }: SendingOptions): ClientCertificate {
  if (isBun()) {
    throw new KioskArgumentError(
      "mtls",
      "cannot be used under Bun, which replaces undici by a stub: use Node.js or Deno",
    );
  }
  if (dispatcher !== undefined || fetch !== undefined) {
    throw new KioskArgumentError(
      "mtls",
      "cannot be used with `dispatcher` or `fetch`: give the certificate to what makes your connections, and leave `mtls` out",
    );
  }
  const certificate = readNestedOptions("mtls", mtls, CERTIFICATE_OPTION_NAMES);
  const { cert, key, ca, passphrase } = certificate;
  const isPem = (value: unknown) => (typeof value === "string" || value instanceof Uint8Array) && value.length > 0;
  if (!isPem(cert) || !isPem(key) || !(ca === undefined || isPem(ca))) {
    throw new KioskArgumentError(
      "mtls",
      "must contain `cert` and `key`, and may contain `ca`, in PEM as a string or bytes",
    );
  }
  const pem = (value: string | Uint8Array) => (typeof value === "string" ? value : Buffer.from(value));
  try {
    // TLS would ignore an authority that it cannot read, and then trust none.
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
      "could not be read: `cert` and `ca` must be PEM certificates, and `key` the private key of `cert` in PEM, with its `passphrase` if it has one",
    );
  }
  return certificate;
}
