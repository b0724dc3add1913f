import { KioskArgumentError } from "../errors/argument-error.js";
import { isLoopbackHost } from "../text/loopback-host.js";
import { withoutTrailing } from "../text/without-trailing.js";
import { parseUrl } from "./parse-url.js";

/** A base URL: an origin, and a path prefix before Wise's own path. */
export interface BaseUrl {
  /** The scheme, host and port. */
  readonly origin: string;
  /** The host, without the port. */
  readonly hostname: string;
  /** The path prefix, without a trailing slash; empty if there is none. */
  readonly prefix: string;
}

/**
 * Parses `baseUrl`. Error messages do not quote it: it might contain credentials.
 *
 * @throws {KioskArgumentError} if it is not a URL to which a token may be sent.
 */
export function parseBaseUrl(value: unknown, allowInsecureHttp: boolean): BaseUrl {
  const url = parseHttpsUrl(value);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new KioskArgumentError("baseUrl", "must begin with https://");
  }
  if (url.username !== "" || url.password !== "") {
    throw new KioskArgumentError(
      "baseUrl",
      "must not contain a user name or password: the `token` option authenticates requests",
    );
  }
  if (/[?#]/.test(String(value))) {
    throw new KioskArgumentError("baseUrl", "must not have a query or fragment: only a path prefix is kept");
  }
  if (url.protocol === "http:" && !allowInsecureHttp && !isLoopbackHost(url.hostname)) {
    throw new KioskArgumentError(
      "baseUrl",
      "must not use plain http, which exposes the token to the network: use https, or set `allowInsecureHttp: true`",
    );
  }
  return { origin: url.origin, hostname: url.hostname, prefix: withoutTrailing("/", url.pathname) };
}

function parseHttpsUrl(value: unknown): URL {
  const url = parseUrl(value);
  if (url !== undefined) return url;
  throw new KioskArgumentError(
    "baseUrl",
    "must be an absolute URL, as a string or URL, such as https://gateway.example/wise",
  );
}
