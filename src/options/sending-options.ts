import { describeValue, mustBe } from "../arguments/found-value.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import type { DispatcherLike } from "../transport/dispatcher-like.js";
import type { FetchLike } from "../transport/fetch-like.js";
import type { ClientCertificate, ClientIdentity } from "../transport/mtls-pool.js";
import { isRetryAgent } from "../transport/retrying-dispatcher.js";
import { isBun } from "../transport/runtime.js";
import { parseClientCertificate } from "./client-certificate.js";
import { parseFunction } from "./option-values.js";

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

/** @throws {KioskArgumentError} for the first option that is not valid. */
export function parseSendingOptions(options: SendingOptions): SendingSettings {
  return {
    mtls: options.mtls === undefined ? undefined : parseMtls(options.mtls, options),
    dispatcher: parseDispatcher(options.dispatcher),
    fetch: parseFunction("fetch", options.fetch),
  };
}

function parseDispatcher(dispatcher: DispatcherLike | undefined): DispatcherLike | undefined {
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

function parseMtls(mtls: ClientCertificate, { dispatcher, fetch }: SendingOptions): ClientIdentity {
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
  return parseClientCertificate(mtls);
}
