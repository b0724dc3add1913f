// The clients that the benchmark compares. Each of them sends a PUT, POST or PATCH with a small body, and returns the parsed
// response.
import { Agent as HttpAgent, request as httpRequest } from "node:http";
import { pathToFileURL } from "node:url";

/** As many connections as any client may open. Without a limit, 512 calls in flight would open 512 connections. */
const CONNECTIONS = 64;

const PATH = "/v3/spend/profiles/123456/cards/ca0c8154-1e14-4464-a1ce-dcea7dc3de52/production";
const TOKEN = "a-token-of-visible-ascii-0123456789";
const CARD_TOKEN = "ca0c8154-1e14-4464-a1ce-dcea7dc3de52";
const CONTENT = { kioskId: "WIS00001" };

/** A literal, as users write it. */
const produceRequest = () => ({ profileId: 123456, cardToken: CARD_TOKEN, kioskId: "WIS00001" });

const headers = () => ({
  Authorization: `Bearer ${TOKEN}`,
  Accept: "application/json",
  "Content-Type": "application/json",
  "X-External-Correlation-Id": crypto.randomUUID(),
});

async function kioskClient(packageFolder, baseUrl, options) {
  await boundedUndici();
  const { WiseKioskClient } = await import(pathToFileURL(`${packageFolder}/dist/index.js`));
  return new WiseKioskClient({ baseUrl, token: () => TOKEN, ...options });
}

/** Returns undici with a bounded pool as its global dispatcher. */
async function boundedUndici() {
  const undici = await import("undici");
  undici.setGlobalDispatcher(new undici.Agent({ connections: CONNECTIONS }));
  return undici;
}

/** Creates each client: a function that makes one call. */
export const CLIENTS = {
  "wise-card-kiosk": async ({ baseUrl, packageFolder }) => {
    const kiosk = await kioskClient(packageFolder, baseUrl);
    return () => kiosk.produceCard(produceRequest());
  },

  "wise-card-kiosk, all options": async ({ baseUrl, packageFolder }) => {
    const kiosk = await kioskClient(packageFolder, baseUrl, { onExchange() {}, deadlineMs: 60_000 });
    const { signal } = new AbortController();
    return () => kiosk.produceCard(produceRequest(), { signal });
  },

  "undici, request": async ({ baseUrl }) => {
    const { request } = await boundedUndici();
    const url = baseUrl + PATH;
    return async () => {
      const { body } = await request(url, { method: "PUT", headers: headers(), body: JSON.stringify(CONTENT) });
      return body.json();
    };
  },

  "undici, dispatch": async ({ baseUrl }) => {
    const { getGlobalDispatcher } = await boundedUndici();
    return () =>
      new Promise((resolve, reject) => {
        const chunks = [];
        const request = {
          origin: baseUrl,
          path: PATH,
          method: "PUT",
          headers: headers(),
          body: JSON.stringify(CONTENT),
        };
        getGlobalDispatcher().dispatch(request, {
          onConnect() {},
          onHeaders: () => true,
          onData: (chunk) => chunks.push(chunk) > 0,
          onComplete: () => resolve(JSON.parse(Buffer.concat(chunks).toString())),
          onError: reject,
        });
      });
  },

  "node:http": async ({ baseUrl }) => {
    const agent = new HttpAgent({ keepAlive: true, maxSockets: CONNECTIONS });
    const { port } = new URL(baseUrl);
    return () =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify(CONTENT);
        const options = { agent, host: "127.0.0.1", port, path: PATH, method: "PUT" };
        const sent = { ...headers(), "Content-Length": body.length };
        const request = httpRequest({ ...options, headers: sent }, (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk) => {
            text += chunk;
          });
          response.on("end", () => resolve(JSON.parse(text)));
        });
        request.on("error", reject);
        request.end(body);
      });
  },

  fetch: async ({ baseUrl }) => {
    const url = baseUrl + PATH;
    return async () => {
      const response = await fetch(url, { method: "PUT", headers: headers(), body: JSON.stringify(CONTENT) });
      return response.json();
    };
  },

  axios: async ({ baseUrl }) => {
    const { default: axios } = await import("axios");
    const httpAgent = new HttpAgent({ keepAlive: true, maxSockets: CONNECTIONS });
    const client = axios.create({ baseURL: baseUrl, httpAgent, proxy: false });
    return async () => (await client.put(PATH, CONTENT, { headers: headers() })).data;
  },

  got: async ({ baseUrl }) => {
    const { default: got } = await import("got");
    const agent = { http: new HttpAgent({ keepAlive: true, maxSockets: CONNECTIONS }) };
    const url = baseUrl + PATH;
    return () => got.put(url, { json: CONTENT, headers: headers(), agent }).json();
  },

  ky: async ({ baseUrl }) => {
    const { default: ky } = await import("ky");
    const url = baseUrl + PATH;
    return () => ky.put(url, { json: CONTENT, headers: headers() }).json();
  },

  stripe: async ({ baseUrl }) => {
    const { default: Stripe } = await import("stripe");
    const { port } = new URL(baseUrl);
    const httpAgent = new HttpAgent({ keepAlive: true, maxSockets: CONNECTIONS });
    const stripe = new Stripe(TOKEN, { host: "127.0.0.1", port, protocol: "http", httpAgent, telemetry: false });
    return () => stripe.customers.update("cus_123456", { name: CONTENT.kioskId });
  },

  lithic: async ({ baseUrl }) => {
    const { default: Lithic } = await import("lithic");
    const lithic = new Lithic({ apiKey: TOKEN, baseURL: baseUrl });
    return () => lithic.cards.update(CARD_TOKEN, { memo: CONTENT.kioskId });
  },

  openai: async ({ baseUrl }) => {
    const { default: OpenAI } = await import("openai");
    const openai = new OpenAI({ apiKey: TOKEN, baseURL: baseUrl });
    return () => openai.put(PATH, { body: CONTENT });
  },
};
