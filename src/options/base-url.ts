import { KioskArgumentError } from "../errors/argument-error.js";
import { parseUrl } from "./parse-url.js";

/** Where requests go: an origin, and the path before Wise's own. */
export interface BaseUrl {
  readonly origin: string;
  readonly hostname: string;
  /** Without a slash at its end; empty for none. */
  readonly prefix: string;
}

/** Reads and checks `baseUrl`. No message quotes it: it might hold credentials. */
export function readBaseUrl(value: unknown, allowInsecureHttp: boolean): BaseUrl {
  const url = parse(value);
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw new KioskArgumentError("baseUrl", "has to begin with https://");
  }
  if (url.username !== "" || url.password !== "") {
    throw new KioskArgumentError("baseUrl", "must not hold a user name or password; the token option authenticates");
  }
  if (/[?#]/.test(String(value))) {
    throw new KioskArgumentError("baseUrl", "must not have a query or fragment; only a path prefix is kept");
  }
  if (url.protocol === "http:" && !allowInsecureHttp && !isLoopback(url.hostname)) {
    throw new KioskArgumentError(
      "baseUrl",
      "is plain http, which would show the token to the network; use https, or set allowInsecureHttp: true",
    );
  }
  return { origin: url.origin, hostname: url.hostname, prefix: url.pathname.replace(/\/+$/, "") };
}

function parse(value: unknown): URL {
  const url = parseUrl(value);
  if (url !== undefined) return url;
  throw new KioskArgumentError(
    "baseUrl",
    "has to be an absolute URL, as a string or URL, such as https://gateway.example/wise",
  );
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
