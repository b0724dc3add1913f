import { Agent, fetch as undiciFetch } from "undici";
import { WiseKioskClient, type WiseKioskClientOptions } from "../../src/index.js";

/** The ways to send a request. The behaviour of a client must not depend on which one it uses. */
export const TRANSPORTS: readonly (readonly [string, Pick<WiseKioskClientOptions, "dispatcher" | "fetch">])[] = [
  ["the default dispatcher", {}],
  ["a dispatcher", { dispatcher: new Agent() }],
  ["the global fetch", { fetch: (url, init) => fetch(url, init) }],
  ["undici's fetch", { fetch: undiciFetch }],
];

export const TOKEN = "a-token-of-visible-ascii-0123456789";

/** The card of most tests. */
export const CARD = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dd93a7a1f6f3" } as const;

/** A request to produce {@link CARD}. */
export const PRODUCE = { ...CARD, kioskId: "WIS00001" } as const;

/** Returns a client of a loopback server that sends one request per call, without retries. */
export function createClient(
  { url }: { readonly url: string },
  options: Partial<WiseKioskClientOptions> = {},
): WiseKioskClient {
  return new WiseKioskClient({ baseUrl: url, token: TOKEN, maxRetries: 0, ...options } as WiseKioskClientOptions);
}

/** Returns the reason with which a call rejects. */
export async function catchRejection(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error("The call must reject, but it resolved.");
}
