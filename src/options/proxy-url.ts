import { KioskArgumentError } from "../errors/argument-error.js";
import type { HttpProxy } from "../transport/proxy-tunnel.js";
import { parseUrl } from "./parse-url.js";

/**
 * Parses the URL of an HTTP proxy. Error messages do not quote it: it may contain a password.
 *
 * @throws {KioskArgumentError} if the value is not the URL of an HTTP proxy.
 */
export function parseProxyUrl(argument: string, value: unknown): HttpProxy {
  const url = parseUrl(value);
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new KioskArgumentError(
      argument,
      "must be the URL of an HTTP proxy, as a string or URL, such as http://proxy.bank.example:3128",
    );
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    throw new KioskArgumentError(argument, "must not have a path, query or fragment: a proxy is a host and a port");
  }
  const isSecure = url.protocol === "https:";
  const defaultPort = isSecure ? 443 : 80;
  return {
    isSecure,
    // In a URL an IPv6 address is in brackets.
    hostname: url.hostname.replace(/[[\]]/g, ""),
    port: url.port === "" ? defaultPort : Number(url.port),
    authorization: createAuthorization(argument, url),
  };
}

function createAuthorization(argument: string, { username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  try {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(credentials).toString("base64")}`;
  } catch {
    throw new KioskArgumentError(argument, "must have a percent-encoded user name and password (% is written as %25)");
  }
}
