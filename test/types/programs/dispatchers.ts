import * as undici7 from "undici";
import * as undici6 from "undici-6";
import * as undici8 from "undici-8";
import { type DispatcherLike, type FetchLike, WiseKioskClient } from "wise-card-kiosk";

export const dispatchers: DispatcherLike[] = [
  new undici6.Agent(),
  new undici6.Pool("http://127.0.0.1"),
  new undici6.Client("http://127.0.0.1"),
  new undici6.MockAgent(),
  new undici6.ProxyAgent("http://127.0.0.1"),
  new undici6.Agent().compose(undici6.interceptors.redirect()),
  undici6.getGlobalDispatcher(),
  new undici7.Agent(),
  new undici7.Pool("http://127.0.0.1"),
  new undici7.Client("http://127.0.0.1"),
  new undici7.MockAgent(),
  new undici7.ProxyAgent("http://127.0.0.1"),
  new undici7.Agent().compose(undici7.interceptors.dns()),
  undici7.getGlobalDispatcher(),
  new undici8.Agent(),
  new undici8.Pool("http://127.0.0.1"),
  new undici8.Client("http://127.0.0.1"),
  new undici8.MockAgent(),
  new undici8.ProxyAgent("http://127.0.0.1"),
  new undici8.Agent().compose(undici8.interceptors.dns()),
  undici8.getGlobalDispatcher(),
];

export const fetches: FetchLike[] = [
  fetch,
  globalThis.fetch,
  undici6.fetch,
  undici7.fetch,
  undici8.fetch,
  (url, init) => fetch(url, init),
  (url, init) => undici7.fetch(url, { ...init, dispatcher: new undici7.Agent() }),
  async () => new Response(),
  async (url, { method, headers, body, redirect, signal }) => ({
    status: signal.aborted || redirect !== "manual" ? 500 : 200,
    headers: new Map([[url, method + (body ?? "") + (headers["Authorization"] ?? "")]]) as never,
    text: async () => "",
  }),
];

const token = "token";
const timeoutMs: number | undefined = Math.random() > 0.5 ? 1000 : undefined;

export const optional = [
  new WiseKioskClient({ environment: "sandbox", token, timeoutMs, dispatcher: undefined, fetch: undefined }),
  new WiseKioskClient({ environment: "sandbox", baseUrl: undefined, token, mtls: undefined, onExchange: undefined }),
  new WiseKioskClient({ environment: undefined, baseUrl: "http://127.0.0.1", token }),
];

export const refused = [
  // @ts-expect-error Neither option names a destination.
  new WiseKioskClient({ environment: undefined, baseUrl: undefined, token }),
  // @ts-expect-error A fetch must return a response.
  new WiseKioskClient({ environment: "sandbox", token, fetch: async () => "response" }),
  // @ts-expect-error A fetch receives the URL as a string.
  new WiseKioskClient({ environment: "sandbox", token, fetch: (url: URL) => fetch(url) }),
  // @ts-expect-error A dispatcher is not a function.
  new WiseKioskClient({ environment: "sandbox", token, dispatcher: () => true }),
  // @ts-expect-error A certificate comes with its key.
  new WiseKioskClient({ environment: "sandbox", token, mtls: { cert: "" } }),
  // @ts-expect-error An exchange contains no token.
  new WiseKioskClient({ environment: "sandbox", token, onExchange: (exchange) => void exchange.token }),
];
