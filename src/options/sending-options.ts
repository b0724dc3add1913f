import { describeValue, mustBe } from "../arguments/found-value.js";
import { parseFunction } from "../arguments/parse-function.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import type { DispatcherLike } from "../transport/dispatcher-like.js";
import type { FetchLike } from "../transport/fetch-like.js";
import type { ClientCertificate, ClientIdentity } from "../transport/mtls-pool.js";
import { isRetryAgent } from "../transport/retrying-dispatcher.js";
import { isBun } from "../transport/runtime.js";
import { parseClientCertificate } from "./client-certificate.js";

/** How requests are sent. */
export interface SendingOptions {
  /**
   * The client certificate for mutual TLS. Requests then go to the environment's mTLS host unless `baseUrl` is set. Default:
   * none.
   *
   * Connections are made directly or through `mtls.proxy`. Neither undici's global dispatcher nor `HTTPS_PROXY` and `NO_PROXY`
   * are used. Cannot be combined with `dispatcher` or `fetch`: configure the certificate there. Not available under Bun.
   */
  readonly mtls?: ClientCertificate | undefined;
  /**
   * The dispatcher that makes the connections: a pool, proxy or mock of undici 6 to 8, or of Node.js. It must not retry: a
   * `RetryAgent` is refused, because it could send a write twice. Ignored if `fetch` is set. Not available under Bun. Default:
   * undici's global dispatcher at the time of the request.
   */
  readonly dispatcher?: DispatcherLike | undefined;
  /** The `fetch` that sends every request instead of undici. It must not retry. Default: none; under Bun, the global `fetch`. */
  readonly fetch?: FetchLike | undefined;
}

/** The validated {@link SendingOptions}. */
export interface SendingSettings {
  readonly mtls: ClientIdentity | undefined;
  readonly dispatcher: DispatcherLike | undefined;
  readonly fetch: FetchLike | undefined;
}

/**
 * Validates the options that decide how requests are sent.
 *
 * @throws {KioskArgumentError} for the first invalid option.
 */
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
      "cannot be used under Bun, which replaces undici with a stub: use `fetch`",
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
      "is a RetryAgent, which could print a card twice: pass the agent that it wraps",
    );
  }
  return dispatcher;
}

function parseMtls(mtls: ClientCertificate, { dispatcher, fetch }: SendingOptions): ClientIdentity {
  if (isBun()) {
    throw new KioskArgumentError(
      "mtls",
      "cannot be used under Bun, which replaces undici with a stub: use Node.js or Deno",
    );
  }
  if (dispatcher !== undefined || fetch !== undefined) {
    throw new KioskArgumentError(
      "mtls",
      "cannot be combined with `dispatcher` or `fetch`: configure the certificate there, and omit `mtls`",
    );
  }
  return parseClientCertificate(mtls);
}
