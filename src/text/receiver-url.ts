import { isLoopbackHost } from "./loopback-host.js";

/**
 * Describes the rule that the URL of a webhook receiver breaks, as the end of a sentence that begins with the name of the
 * URL. Returns `undefined` for a URL that Wise accepts.
 *
 * @param allowsLoopback whether a receiver on this machine is accepted too, with any scheme and port.
 * @see https://docs.wise.com/guides/developer/webhooks
 */
export function receiverUrlFault(text: string, allowsLoopback: boolean): string | undefined {
  // `URL` drops or replaces these characters, so the rules below would hold for a text other than the one that is sent.
  if (/[\s\p{Cc}\p{Cs}\\]/u.test(text)) return "must not contain spaces, control characters or backslashes";
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) return "must be an absolute URL, such as https://bank.example/wise";
  const [, authority] = /^https?:\/\/([^/?#]+)/i.exec(text) ?? [];
  if (authority === undefined) return "must begin with https://: Wise delivers over TLS only";
  if (authority.includes("@")) return "must not contain a user name or password";
  if (text.includes("?")) return "must not have a query: Wise accepts none";
  if (text.includes("#")) return "must not have a fragment: it would never be sent";
  const { protocol, hostname } = url;
  if (isLoopbackHost(hostname.replace(/\.$/, ""))) {
    return allowsLoopback ? undefined : "must not be on this machine: Wise cannot reach it";
  }
  if (protocol !== "https:") return "must begin with https://: Wise delivers over TLS only";
  // `URL` writes IPv4 addresses in digits, and accepts no other host that ends with them.
  if (hostname.startsWith("[") || /\.\d+$/.test(hostname)) {
    return "must have a domain name as its host: Wise accepts no IP address";
  }
  // `URL` drops the default port of its scheme, but Wise accepts no port at all.
  if (authority.includes(":")) return "must not name a port: Wise delivers to port 443 only";
  return undefined;
}
