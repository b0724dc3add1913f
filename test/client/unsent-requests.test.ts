import { createServer } from "node:https";
import type { Socket } from "node:net";
import { Agent, ProxyAgent, fetch as undiciFetch } from "undici";
import { Agent as OlderAgent, ProxyAgent as OlderProxyAgent } from "undici-6";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { DispatcherLike, FetchLike, WiseKioskClientOptions } from "../../src/index.js";
import { makeAuthority } from "../support/certificates.js";
import { openTunnel, refuse, startConnectProxy } from "../support/connect-proxy.js";
import { startFront } from "../support/front.js";
import { type HttpServer, type Responder, reply, startHttpServer } from "../support/http-server.js";
import { catchRejection, createClient, PRODUCE } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const authority = makeAuthority();
const trusted = authority.issue("localhost");

const notSent = {
  name: "KioskConnectionError",
  message: expect.stringMatching(/^produceCard: the request was not sent: ./),
  requestSent: false,
  mayHaveTakenEffect: false,
};
const inDoubt = { name: "KioskConnectionError", requestSent: true, mayHaveTakenEffect: true };

afterEach(() => vi.restoreAllMocks());

/** Destroys a dispatcher at the end of the test. */
function own<T extends { destroy(): Promise<void> }>(dispatcher: T): T & DispatcherLike {
  onTestFinished(() => dispatcher.destroy());
  return dispatcher as T & DispatcherLike;
}

const tls = { ca: authority.ca };

const AGENTS: readonly (readonly [string, () => DispatcherLike])[] = [
  ["undici 6", () => own(new OlderAgent({ connect: tls }))],
  ["undici 7", () => own(new Agent({ connect: tls }))],
];

const PROXY_AGENTS: readonly (readonly [string, (uri: string) => DispatcherLike])[] = [
  ["undici 6", (uri) => own(new OlderProxyAgent({ uri, requestTls: tls }))],
  ["undici 7", (uri) => own(new ProxyAgent({ uri, requestTls: tls }))],
];

function startTlsServer(
  respond: Responder = reply(200, WISE_EXAMPLES.inProgress),
  identity = trusted,
): Promise<HttpServer> {
  return startHttpServer(respond, (listener) => createServer(identity, listener));
}

/** A fatal alert of TLS 1.2: handshake_failure. */
const HANDSHAKE_FAILURE = Buffer.from([21, 3, 3, 0, 2, 2, 40]);

/** What a peer may do with a connection when a TLS handshake begins. */
const PEERS: readonly (readonly [string, (socket: Socket) => void])[] = [
  ["hangs up immediately", (socket) => socket.end()],
  ["hangs up during the handshake", (socket) => socket.once("data", () => socket.end())],
  ["resets the connection during the handshake", (socket) => socket.once("data", () => socket.resetAndDestroy())],
  ["responds in plain HTTP", (socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"))],
  ["responds with an alert", (socket) => socket.once("data", () => socket.end(HANDSHAKE_FAILURE))],
];

describe.each(AGENTS)("an agent of %s", (_version, agent) => {
  it.each(PEERS)("sends nothing to a TLS peer that %s", async (_what, meet) => {
    await using server = await startTlsServer();
    await using front = await startFront(server, meet);
    const kiosk = createClient({ url: `https://127.0.0.1:${front.port}` }, { dispatcher: agent() });
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject(notSent);
    expect(server.requests).toEqual([]);
  });

  it.each(PEERS)("resends without a read after a TLS peer that %s", async (_what, meet) => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    await using server = await startTlsServer();
    await using front = await startFront(server, meet);
    const kiosk = createClient({ url: `https://127.0.0.1:${front.port}` }, { dispatcher: agent(), maxRetries: 1 });
    expect(await kiosk.produceCard(PRODUCE)).toMatchObject({ status: "IN_PROGRESS" });
    expect(server.requests.map(({ method }) => method)).toEqual(["PUT"]);
  });

  it.each(["timeoutMs", "deadlineMs"])("sends nothing if %s passes during the handshake", async (limit) => {
    await using server = await startTlsServer();
    await using front = await startFront(server, () => {});
    const kiosk = createClient({ url: `https://127.0.0.1:${front.port}` }, { dispatcher: agent(), [limit]: 100 });
    const error = await catchRejection(kiosk.produceCard(PRODUCE));
    expect(error).toMatchObject({ name: "KioskTimeoutError", requestSent: false, mayHaveTakenEffect: false });
    expect(server.requests).toEqual([]);
  });

  it("resends after a time limit that passed during the handshake", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    await using server = await startTlsServer();
    await using front = await startFront(server, () => {});
    const options = { dispatcher: agent(), maxRetries: 1, timeoutMs: 1000 };
    const kiosk = createClient({ url: `https://127.0.0.1:${front.port}` }, options);
    expect(await kiosk.produceCard(PRODUCE)).toMatchObject({ status: "IN_PROGRESS" });
    expect(server.requests.map(({ method }) => method)).toEqual(["PUT"]);
  });

  it.each([
    ["from an unknown CA", () => startTlsServer(undefined, makeAuthority().issue("localhost")), "127.0.0.1"],
    ["for another name", startTlsServer, "kiosk.localhost"],
  ] as const)("sends nothing to a server with a certificate %s", async (_what, start, host) => {
    await using server = await start();
    const kiosk = createClient({ url: `https://${host}:${server.port}` }, { dispatcher: agent() });
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject(notSent);
    expect(server.requests).toEqual([]);
  });

  it("leaves the request in doubt if the connection breaks after the handshake", async () => {
    await using server = await startTlsServer((response) => response.socket?.destroy());
    const kiosk = createClient({ url: `https://127.0.0.1:${server.port}` }, { dispatcher: agent() });
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject(inDoubt);
    expect(server.requests).toHaveLength(1);
  });
});

const REFUSALS = [407, 403, 502, 504].flatMap((status) => ["http", "https"].map((scheme) => [status, scheme] as const));

function startServer(scheme: string, respond: Responder = reply(200, WISE_EXAMPLES.inProgress)): Promise<HttpServer> {
  return scheme === "https" ? startTlsServer(respond) : startHttpServer(respond);
}

describe.each(PROXY_AGENTS)("a ProxyAgent of %s", (_version, agent) => {
  it.each(REFUSALS)("sends nothing if the proxy refuses with %d a tunnel to an %s server", async (status, scheme) => {
    await using server = await startServer(scheme);
    await using proxy = await startConnectProxy(refuse(status));
    const kiosk = createClient(server, { dispatcher: agent(proxy.url) });
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject(notSent);
    expect([proxy.requests.length, server.requests]).toEqual([1, []]);
  });

  it.each(REFUSALS)(
    "resends without a read after the proxy refused with %d a tunnel to an %s server",
    async (status, scheme) => {
      vi.spyOn(Math, "random").mockReturnValue(0);
      await using server = await startServer(scheme);
      await using proxy = await startConnectProxy((...tunnel) => {
        const respond = proxy.requests.length > 1 ? openTunnel : refuse(status);
        respond(...tunnel);
      });
      const kiosk = createClient(server, { dispatcher: agent(proxy.url), maxRetries: 1 });
      expect(await kiosk.produceCard(PRODUCE)).toMatchObject({ status: "IN_PROGRESS" });
      expect(server.requests.map(({ method }) => method)).toEqual(["PUT"]);
    },
  );

  // These versions redial such a proxy again and again, so only the time limit ends the call.
  it("sends nothing through a proxy that hangs up", async () => {
    await using server = await startTlsServer();
    await using proxy = await startConnectProxy((client) => client.destroy());
    const kiosk = createClient(server, { dispatcher: agent(proxy.url), timeoutMs: 200 });
    const error = await catchRejection(kiosk.produceCard(PRODUCE));
    expect(error).toMatchObject({ name: "KioskTimeoutError", requestSent: false, mayHaveTakenEffect: false });
    expect(server.requests).toEqual([]);
  });

  it.each(["http", "https"])(
    "leaves the request in doubt if the connection breaks inside a tunnel to an %s server",
    async (scheme) => {
      await using server = await startServer(scheme, (response) => response.socket?.destroy());
      await using proxy = await startConnectProxy();
      const kiosk = createClient(server, { dispatcher: agent(proxy.url) });
      expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject(inDoubt);
      expect(server.requests).toHaveLength(1);
    },
  );
});

describe.each<[string, Pick<WiseKioskClientOptions, "fetch">]>([
  ["the default dispatcher", {}],
  ["a fetch", { fetch: (url, init) => fetch(url, init) }],
])("a deadline that passes between two refused connections through %s", (_way, options) => {
  it.each(["produceCard", "getProductionStatus"] as const)("ends %s without sending anything", async (method) => {
    vi.spyOn(Math, "random").mockReturnValue(0.9);
    const server = await startHttpServer(() => {});
    await server[Symbol.asyncDispose]();
    const kiosk = createClient(server, { ...options, maxRetries: 2 });
    expect(await catchRejection(kiosk[method](PRODUCE, { deadlineMs: 200 }))).toMatchObject({
      name: "KioskTimeoutError",
      requestSent: false,
      mayHaveTakenEffect: false,
    });
  });
});

describe("a fetch that reports only the cause of its failure", () => {
  const through =
    (dispatcher: Agent | ProxyAgent): FetchLike =>
    (url, init) =>
      undiciFetch(url, { ...init, dispatcher });

  it.each(REFUSALS)("sends nothing if the proxy refuses with %d a tunnel to an %s server", async (status, scheme) => {
    await using server = await startServer(scheme);
    await using proxy = await startConnectProxy(refuse(status));
    const fetch = through(own(new ProxyAgent({ uri: proxy.url, requestTls: tls })));
    expect(await catchRejection(createClient(server, { fetch }).produceCard(PRODUCE))).toMatchObject(notSent);
    expect(server.requests).toEqual([]);
  });

  it.each(PEERS)(
    "treats a request as unsent only if the cause proves it, for a TLS peer that %s",
    async (what, meet) => {
      await using server = await startTlsServer();
      await using front = await startFront(server, meet);
      const fetch = through(own(new Agent({ connect: tls })));
      const kiosk = createClient({ url: `https://127.0.0.1:${front.port}` }, { fetch });
      const proves = what.startsWith("hangs up");
      expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject(proves ? notSent : inDoubt);
      expect(server.requests).toEqual([]);
    },
  );
});
