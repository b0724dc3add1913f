import { isIP } from "node:net";

/**
 * Returns whether a host name or an IP address, with or without brackets, certainly means the loopback interface. Unlike
 * `isLoopbackHost`, it refuses names below `localhost`: some resolvers ask the network for them.
 */
export function isCertainlyLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  if (isIP(name) === 4) return name.startsWith("127.");
  if (isIP(name) === 6) return new URL(`http://[${name}]`).hostname === "[::1]";
  return name === "localhost";
}
