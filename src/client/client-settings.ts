import { createSecureContext } from "node:tls";
import type { OnExchange } from "../delivery/exchange.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import type { TokenProvider } from "../tokens/token-provider.js";
import type { DispatcherLike } from "../transport/dispatcher-like.js";
import type { FetchLike } from "../transport/fetch-like.js";
import { isRetryAgent } from "../transport/retrying-dispatcher.js";
import { isBun } from "../transport/runtime.js";
import { type BaseUrl, readBaseUrl } from "./base-url.js";
import type { ClientCertificate, WiseKioskClientOptions } from "./client-options.js";
import { type Environment, originOf } from "./environment.js";
import { readMaxRetries, readMs, readObject, readToken } from "./option-values.js";
import { type Routes, routesOf } from "./routes.js";

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_MAX_RETRIES = 2;

/** The options of a client, checked and with their defaults. */
export interface ClientSettings {
  readonly environment: Environment | undefined;
  readonly baseUrl: BaseUrl;
  readonly routes: Routes;
  readonly token: string | TokenProvider;
  readonly mtls: ClientCertificate | undefined;
  readonly dispatcher: DispatcherLike | undefined;
  readonly fetch: FetchLike | undefined;
  readonly timeoutMs: number;
  readonly deadlineMs: number | undefined;
  readonly maxRetries: number;
  readonly onExchange: OnExchange | undefined;
}

/** @throws {KioskArgumentError} for the first option that is not as it has to be. */
export function readClientOptions(options: WiseKioskClientOptions): ClientSettings {
  const { environment, baseUrl, token, mtls, timeoutMs, deadlineMs, maxRetries } = readObject("options", options);
  const allowInsecureHttp = options.allowInsecureHttp === true;
  const origin = readEnvironment(environment, baseUrl, mtls !== undefined);
  return {
    environment,
    baseUrl: readBaseUrl(baseUrl ?? origin, allowInsecureHttp),
    routes: routesOf(options.apiVersion ?? "legacy"),
    token: readToken(token),
    mtls: mtls === undefined ? undefined : readCertificate(mtls, options),
    dispatcher: readDispatcher(options.dispatcher),
    fetch: readFunction("fetch", options.fetch),
    timeoutMs: timeoutMs === undefined ? DEFAULT_TIMEOUT_MS : readMs("timeoutMs", timeoutMs),
    deadlineMs: deadlineMs === undefined ? undefined : readMs("deadlineMs", deadlineMs),
    maxRetries: maxRetries === undefined ? DEFAULT_MAX_RETRIES : readMaxRetries(maxRetries),
    onExchange: readFunction("onExchange", options.onExchange),
  };
}

/** The environment's origin; `undefined` where there is only a `baseUrl`. */
function readEnvironment(environment: unknown, baseUrl: unknown, withCertificate: boolean): string | undefined {
  if (environment === "production" || environment === "sandbox") return originOf(environment, withCertificate);
  if (environment === undefined && baseUrl !== undefined) return undefined;
  throw new KioskArgumentError(
    "environment",
    "has to be 'production' or 'sandbox' (there is no default), or baseUrl has to be given instead",
  );
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

function readFunction<T>(argument: string, value: T): T {
  if (value === undefined || typeof value === "function") return value;
  throw new KioskArgumentError(argument, "has to be a function");
}

function readCertificate(mtls: ClientCertificate, { dispatcher, fetch }: WiseKioskClientOptions): ClientCertificate {
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
  const isPem = (value: unknown) => typeof value === "string" || value instanceof Uint8Array;
  if (!isPem(cert) || !isPem(key) || !(ca === undefined || isPem(ca))) {
    throw new KioskArgumentError("mtls", "has to hold cert and key, and may hold ca, in PEM as a string or bytes");
  }
  const pem = (value: string | Uint8Array) => (typeof value === "string" ? value : Buffer.from(value));
  try {
    createSecureContext({
      cert: pem(cert),
      key: pem(key),
      ...(ca === undefined ? {} : { ca: pem(ca) }),
      ...(passphrase === undefined ? {} : { passphrase }),
    });
  } catch {
    throw new KioskArgumentError(
      "mtls",
      "could not be read: cert has to be a PEM certificate, and key its private key in PEM, with its passphrase if it has one",
    );
  }
  return mtls;
}
