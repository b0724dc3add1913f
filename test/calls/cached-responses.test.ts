import { Agent, interceptors, fetch as undiciFetch } from "undici";
import { expect, it } from "vitest";
import { type Production, type ProductionIntent, WiseKioskClient, type WiseKioskClientOptions } from "wise-card-kiosk";
import { type Responder, reply, replyInTurn, startHttpServer } from "../support/http-server.js";
import { CARD, PRODUCE, TOKEN } from "../support/transports.js";

/** Reads that a cache asks Wise about: the cache then returns what it has stored, with the stored `Date`. */
const cachedFor = (ageMs: number, production: Partial<Production>): Responder => {
  const date = new Date(Date.now() - ageMs).toUTCString();
  const first = reply(200, production, { Date: date, ETag: '"1"', "Cache-Control": "public, no-cache" });
  return replyInTurn(first, reply(304, "", { ETag: '"1"', "Cache-Control": "public, no-cache" }));
};

const transports: [string, (cache: Agent) => Pick<WiseKioskClientOptions, "dispatcher" | "fetch">][] = [
  ["a dispatcher", (dispatcher) => ({ dispatcher })],
  ["a fetch", (dispatcher) => ({ fetch: (url, init) => undiciFetch(url, { ...init, dispatcher }) })],
];

/** A way to send requests through a cache of undici. */
function createCache() {
  const agent = new Agent();
  const cache = agent.compose(interceptors.cache()) as Agent;
  return { cache, [Symbol.asyncDispose]: () => agent.close() };
}

it.each(transports)(
  "an intent does not take the Date of a cached response for Wise's time through %s",
  async (_, by) => {
    const ready = { status: "READY", kioskId: null, occurredAt: "2026-01-01T00:00:00.000Z" } as const;
    const read = cachedFor(25_000, ready);
    const respond: Responder = (response, request) =>
      request.method === "GET"
        ? read(response, request)
        : reply(200, { ...ready, status: "IN_PROGRESS" })(response, request);
    await using server = await startHttpServer(respond);
    await using through = createCache();
    const createClient = () => new WiseKioskClient({ baseUrl: server.url, token: TOKEN, ...by(through.cache) });
    await createClient().getProductionStatus(CARD);
    const client = createClient();
    await client.getProductionStatus(CARD);
    const intents: ProductionIntent[] = [];
    await client.produceCard({ ...PRODUCE, onIntent: (intent) => intents.push(intent) });
    expect(server.requests[1]?.headers).toHaveProperty("if-none-match", '"1"');
    expect(intents).toMatchObject([{ wiseAt: null, wiseAtOurs: null }]);
  },
);

it.each(transports)("a call does not take an older failure for its own by a cached Date through %s", async (_, by) => {
  const occurredAt = new Date(Date.now() - 20_000).toISOString();
  const failure = { status: "PRODUCTION_ERROR", kioskId: "WIS00001", errorCode: "PRD_HOPPER_JAM", occurredAt } as const;
  const read = cachedFor(22_000, failure);
  await using server = await startHttpServer((response, request) =>
    request.method === "GET" ? read(response, request) : void response.destroy(),
  );
  await using through = createCache();
  const client = new WiseKioskClient({
    baseUrl: server.url,
    token: TOKEN,
    reconcileWindowMs: 0,
    maxRetries: 1,
    ...by(through.cache),
  });
  await client.getProductionStatus(CARD);
  const call = client.produceCard(PRODUCE);
  await expect(call).rejects.toMatchObject({ mayHaveTakenEffect: true, productionAfter: failure });
  expect(server.requests.map(({ method }) => method)).toEqual(["GET", "PUT", "GET"]);
});
