import { isIP } from "node:net";
import { describeValue, mustBe } from "../../arguments/found-value.js";
import { type OptionNames, parseOptions } from "../../arguments/parse-options.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import type { PortAddress } from "./loopback-port.js";

/** Options for a simulator's `listen()`. */
export interface ListenOptions {
  /** The port: 0 to 65535. 0 means any free port. Default: 0. */
  readonly port?: number | undefined;
  /**
   * The address to listen on: an IP address without brackets, or a host name of this machine. Default: `127.0.0.1`, which only
   * programs on this machine can reach. Any address outside the loopback interface, including `0.0.0.0` and `::`, exposes the
   * simulator to the network: anyone with its token can change its cards, and tokens are sent unencrypted.
   */
  readonly host?: string | undefined;
}

const LISTEN_OPTION_NAMES: OptionNames<ListenOptions> = { port: true, host: true };

const LARGEST_PORT = 65_535;

/** The loopback address to use in the URL for each wildcard address. */
const LOOPBACK_OF_ANY: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/**
 * Returns the address to listen on, with defaults.
 *
 * @throws {KioskArgumentError} if an option is unknown or invalid; the message names the first one.
 */
export function parseListenOptions(options: ListenOptions): PortAddress {
  const { port = 0, host = "127.0.0.1" } = parseOptions("options", options, LISTEN_OPTION_NAMES);
  if (!(Number.isInteger(port) && port >= 0 && port <= LARGEST_PORT)) {
    throw mustBe("port", `an integer from 0 (a free port) to ${LARGEST_PORT}`, describeValue(port));
  }
  if (!(typeof host === "string" && (isIP(host) !== 0 || /^[\w-]+(\.[\w-]+)*$/.test(host)))) {
    throw mustBe(
      "host",
      "an IP address or host name of this machine, without brackets, port or path, such as '127.0.0.1' or '::1'",
      describeValue(host),
    );
  }
  return { host, port };
}

/** Returns the URL that reaches a port from this machine. */
export function formatUrl({ host, port }: PortAddress): string {
  const reachable = LOOPBACK_OF_ANY[host] ?? host;
  return `http://${isIP(reachable) === 6 ? `[${reachable}]` : reachable}:${port}`;
}

/** Returns an error that names the option to change if a port could not be opened. Returns unrelated errors unchanged. */
export function listenFailure(error: unknown, { host, port }: PortAddress): unknown {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case "EADDRINUSE":
      return new KioskArgumentError(
        "port",
        `must be free: ${port} on ${host} is in use (${code}). Choose another port, or 0 for a free one`,
        { cause: error },
      );
    case "EACCES":
      return new KioskArgumentError(
        "port",
        `must be one that this process may open: ${port} on ${host} needs more privileges (${code}). Choose one above 1023, or 0`,
        { cause: error },
      );
    case "EADDRNOTAVAIL":
    case "EAFNOSUPPORT":
    case "EINVAL":
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return new KioskArgumentError("host", `must be an address of this machine (${code})`, {
        cause: error,
      });
    default:
      return error;
  }
}
