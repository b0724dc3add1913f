/**
 * Returns whether a host name, as `URL` normalises it, is this machine: `localhost` and names below it, 127.0.0.0/8, and `[::1]`.
 */
export function isLoopbackHost(hostname: string): boolean {
  const isLocalhost = hostname === "localhost" || (hostname.endsWith(".localhost") && hostname !== ".localhost");
  return isLocalhost || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
