import { createServer as createHttpsServer } from "node:https";
import type { TLSSocket } from "node:tls";
import { inspect } from "node:util";
import { getGlobalDispatcher, ProxyAgent, setGlobalDispatcher } from "undici";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createRefreshingToken, WiseKioskClient } from "../../src/index.js";
import { makeAuthority } from "../support/certificates.js";
import { CLOSED_URL } from "../support/closed-ports.js";
import { type OnConnect, openTunnel, refuse, startConnectProxy } from "../support/connect-proxy.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { startMtlsServer } from "../support/mtls-server.js";
import { CARD, catchRejection, createClient, PRODUCE, TOKEN } from "../support/transports.js";

const authority = makeAuthority();
const stranger = makeAuthority();
const mtls = { ...authority.issue("your-bank"), ca: authority.ca };

/** Returns everything that a log could show of an error. */
const shown = (error: unknown): string => inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error);

/** Creates the server of a proxy that uses TLS and requests a client certificate. */
const secureServer = ({ issue, ca } = authority) =>
  createHttpsServer({ ...issue("proxy"), ca, requestCert: true, rejectUnauthorized: false });

describe("a client with a certificate and a proxy", () => {
  it("reaches the server through a tunnel, in which the proxy sees neither token nor certificate", async () => {
    await using server = await startMtlsServer(authority);
    await using proxy = await startConnectProxy();
    await using kiosk = createClient(server, { mtls: { ...mtls, proxy: proxy.url } });
    expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
    expect(proxy.requests).toEqual([
      {
        authority: `127.0.0.1:${server.port}`,
        headers: {
          host: `127.0.0.1:${server.port}`,
          connection: expect.any(String),
          "proxy-connection": "keep-alive",
        },
      },
    ]);
  });

  it("sends the proxy the host and port of the server", async () => {
    await using server = await startMtlsServer(authority);
    await using proxy = await startConnectProxy();
    await using kiosk = createClient(
      { url: `https://localhost:${server.port}` },
      { mtls: { ...mtls, proxy: proxy.url } },
    );
    expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
    expect(proxy.requests).toMatchObject([{ authority: `localhost:${server.port}` }]);
  });

  it("accepts the proxy as a URL object", async () => {
    await using server = await startMtlsServer(authority);
    await using proxy = await startConnectProxy();
    await using kiosk = createClient(server, { mtls: { ...mtls, proxy: new URL(proxy.url) } });
    expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
    expect(proxy.requests).toHaveLength(1);
  });

  it("reuses the tunnel for further requests, and closes it with the client", async () => {
    await using server = await startMtlsServer(authority);
    const closed = vi.fn();
    await using proxy = await startConnectProxy((client, open) => {
      client.on("close", closed);
      open();
    });
    const kiosk = createClient(server, { mtls: { ...mtls, proxy: proxy.url } });
    for (let count = 0; count < 5; count += 1) await kiosk.getProductionStatus(CARD);
    expect(server.requests).toHaveLength(5);
    // undici opens a second one if the first is not yet free again.
    expect(proxy.connections).toBeLessThanOrEqual(2);
    expect(closed).not.toHaveBeenCalled();
    await kiosk.close();
    await vi.waitFor(() => expect(closed).toHaveBeenCalled());
  });

  it("opens one tunnel for each concurrent request", async () => {
    await using server = await startMtlsServer(authority);
    await using proxy = await startConnectProxy();
    await using kiosk = createClient(server, { mtls: { ...mtls, proxy: proxy.url } });
    const read = Array.from({ length: 5 }, () => kiosk.getProductionStatus(CARD));
    expect(await Promise.all(read)).toHaveLength(5);
    expect(proxy.requests).toHaveLength(5);
  });

  it("does not show its certificate to a proxy with TLS", async () => {
    await using server = await startMtlsServer(authority);
    const proxyServer = secureServer();
    const seen: unknown[] = [];
    proxyServer.on("secureConnection", (socket: TLSSocket) => seen.push(socket.getPeerCertificate()));
    await using proxy = await startConnectProxy(undefined, proxyServer);
    await using kiosk = createClient(server, { mtls: { ...mtls, proxy: proxy.url } });
    expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
    expect(seen).toEqual([{}]);
  });

  it.each([
    ["https://localhost", "by its name", "localhost"],
    ["https://127.0.0.1", "by its address", false],
  ])("reaches the proxy %s through TLS %s, and offers it HTTP/1.1", async (url, _how, servername) => {
    await using server = await startMtlsServer(authority);
    const proxyServer = secureServer();
    const seen: unknown[] = [];
    proxyServer.on("secureConnection", (socket: TLSSocket & { servername?: unknown }) =>
      seen.push([socket.servername, socket.alpnProtocol]),
    );
    await using proxy = await startConnectProxy(undefined, proxyServer);
    await using kiosk = createClient(server, { mtls: { ...mtls, proxy: `${url}:${proxy.port}` } });
    expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
    expect(seen).toEqual([[servername, "http/1.1"]]);
  });

  it.each([
    ["user:password", "user:password"],
    ["user%40bank.example:p%3Ass%2Fw%C3%B6rd%25", "user@bank.example:p:ss/wörd%"],
    ["user", "user:"],
    [":password", ":password"],
  ])("sends the proxy the credentials %s", async (userinfo, credentials) => {
    await using server = await startMtlsServer(authority);
    const expected = `Basic ${Buffer.from(credentials).toString("base64")}`;
    await using proxy = await startConnectProxy((client, open, request) => {
      const respond = request.headers["proxy-authorization"] === expected ? openTunnel : refuse(407);
      respond(client, open, request);
    });
    const url = `http://${userinfo}@127.0.0.1:${proxy.port}`;
    await using kiosk = createClient(server, { mtls: { ...mtls, proxy: url } });
    expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
    expect(proxy.requests).toHaveLength(1);
    expect(server.requests[0]?.headers).not.toHaveProperty("proxy-authorization");
  });

  it("retries if the proxy opens the tunnel only the second time", async () => {
    await using server = await startMtlsServer(authority);
    await using proxy = await startConnectProxy((...tunnel) => {
      const respond = proxy.requests.length > 1 ? openTunnel : refuse(502);
      respond(...tunnel);
    });
    await using kiosk = createClient(server, { mtls: { ...mtls, proxy: proxy.url }, maxRetries: 1 });
    expect(await kiosk.produceCard(PRODUCE)).toMatchObject({ status: "READY" });
    expect(proxy.requests).toHaveLength(2);
    expect(server.requests).toHaveLength(1);
  });

  it("reaches a gateway without TLS through a tunnel", async () => {
    await using server = await startHttpServer(reply(200, { status: "READY" }));
    await using proxy = await startConnectProxy();
    await using kiosk = createClient(server, { mtls: { ...mtls, proxy: proxy.url } });
    expect((await kiosk.getProductionStatus(CARD)).status).toBe("READY");
    expect(proxy.requests).toHaveLength(1);
  });
});

describe("requests that cannot be sent through a proxy", () => {
  const SECRETS = /s3cret-user|s3cret%|s3cret pass|czNjcmV0|proxy-authorization/i;
  const USERINFO = "s3cret-user:s3cret%20pass";

  it.each<[string, OnConnect, RegExp]>([
    ["refuses with 407", refuse(407), /407.*`mtls\.proxy`/],
    ["refuses with 403", refuse(403), /403 Forbidden/],
    ["refuses with 502", refuse(502), /502 Bad Gateway/],
    ["responds with a redirect", refuse(302), /302/],
    ["hangs up", (client) => client.destroy(), /socket hang up/],
    ["resets the connection", (client) => client.resetAndDestroy(), /ECONNRESET/],
    ["does not speak HTTP", (client) => client.end("SSH-2.0-OpenSSH_9.9\r\n"), /Parse Error/],
    ["opens the tunnel and closes it", (client) => client.end("HTTP/1.1 200 OK\r\n\r\n"), /socket disconnected/],
  ])("sends nothing and shows no credentials if the proxy %s", async (_what, onConnect, message) => {
    await using server = await startMtlsServer(authority);
    await using proxy = await startConnectProxy(onConnect);
    const url = `http://${USERINFO}@127.0.0.1:${proxy.port}`;
    await using kiosk = createClient(server, { mtls: { ...mtls, proxy: url } });
    const error = await catchRejection(kiosk.produceCard(PRODUCE));
    expect(error).toMatchObject({ name: "KioskConnectionError", requestSent: false, mayHaveTakenEffect: false });
    expect(shown(error)).toMatch(message);
    expect(shown(error)).not.toMatch(SECRETS);
    expect(shown(kiosk)).not.toMatch(SECRETS);
    expect(proxy.connections).toBe(1);
    expect(server.requests).toEqual([]);
  });

  it("sends nothing and shows no credentials if the proxy cannot be reached", async () => {
    await using server = await startMtlsServer(authority);
    const proxy = CLOSED_URL.replace("//", `//${USERINFO}@`);
    await using kiosk = createClient(server, { mtls: { ...mtls, proxy } });
    const error = await catchRejection(kiosk.produceCard(PRODUCE));
    expect(error).toMatchObject({ name: "KioskConnectionError", requestSent: false, mayHaveTakenEffect: false });
    expect(shown(error)).toContain("ECONNREFUSED");
    expect(shown(error)).not.toMatch(SECRETS);
  });

  it.each([
    ["the server behind the proxy has a certificate from an unknown CA", stranger, authority, "127.0.0.1"],
    ["the proxy has a certificate from an unknown CA", authority, stranger, "127.0.0.1"],
    ["the proxy has a certificate for another name", authority, authority, "kiosk.localhost"],
  ])("sends nothing if %s", async (_what, ofServer, ofProxy, host) => {
    await using server = await startMtlsServer(ofServer);
    await using proxy = await startConnectProxy(undefined, secureServer(ofProxy));
    await using kiosk = createClient(server, { mtls: { ...mtls, proxy: `https://${host}:${proxy.port}` } });
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject({
      name: "KioskConnectionError",
      requestSent: false,
      mayHaveTakenEffect: false,
    });
    expect(server.requests).toEqual([]);
  });

  it("sends nothing if the server behind the proxy has a certificate for another name", async () => {
    await using server = await startMtlsServer(authority);
    await using proxy = await startConnectProxy();
    const url = `https://kiosk.localhost:${server.port}`;
    await using kiosk = createClient({ url }, { mtls: { ...mtls, proxy: proxy.url } });
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject({ requestSent: false });
    expect(server.requests).toEqual([]);
  });
});

describe("a client with a certificate and no proxy", () => {
  it.each(["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "ALL_PROXY"])("does not read %s", async (name) => {
    await using server = await startMtlsServer(authority);
    await using proxy = await startConnectProxy();
    vi.stubEnv(name, proxy.url);
    onTestFinished(() => void vi.unstubAllEnvs());
    await using kiosk = createClient(server, { mtls });
    expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
    expect(proxy.requests).toEqual([]);
  });

  it("does not use the global dispatcher", async () => {
    await using server = await startMtlsServer(authority);
    await using proxy = await startConnectProxy();
    const usual = getGlobalDispatcher();
    await using agent = disposable(new ProxyAgent(proxy.url));
    setGlobalDispatcher(agent);
    onTestFinished(() => setGlobalDispatcher(usual));
    await using kiosk = createClient(server, { mtls: { ...mtls, proxy: undefined } });
    expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
    expect(proxy.requests).toEqual([]);
  });
});

it("refreshes a token through the proxy of its client certificate", async () => {
  const granted = reply(200, { access_token: "new-access-token", token_type: "bearer", expires_in: 43199 });
  const options = { ...authority.issue("localhost"), ca: authority.ca, requestCert: true, rejectUnauthorized: true };
  await using server = await startHttpServer(granted, (listener) => createHttpsServer(options, listener));
  await using proxy = await startConnectProxy();
  const token = createRefreshingToken({
    baseUrl: server.url,
    clientId: "your-bank",
    clientSecret: "a-client-secret",
    refreshToken: "a-refresh-token",
    onRefresh: () => {},
    mtls: { ...mtls, proxy: proxy.url },
  });
  expect(await token({ profileId: "123456", operation: "produceCard" })).toBe("new-access-token");
  expect(proxy.requests).toHaveLength(1);
});

describe("invalid proxies", () => {
  const S3CRET = "s3cret-password";

  it.each<[string, unknown]>([
    ["null", null],
    ["a number", 3128],
    ["an empty string", ""],
    ["a host and a port without a scheme", "proxy.bank.example:3128"],
    ["a path", "/proxy"],
    ["the URL of a SOCKS proxy", `socks5://user:${S3CRET}@proxy.bank.example`],
    ["the options of undici's ProxyAgent", { uri: `http://user:${S3CRET}@proxy.bank.example` }],
    ["a URL with an invalid port", `http://user:${S3CRET}@proxy.bank.example:99999`],
    ["a URL with a path", `http://user:${S3CRET}@proxy.bank.example/pac`],
    ["a URL with a query", `http://user:${S3CRET}@proxy.bank.example?pac`],
    ["a URL with a fragment", `http://user:${S3CRET}@proxy.bank.example#pac`],
    ["a URL with a bare percent sign in its password", `http://user:${S3CRET}%zz@proxy.bank.example`],
  ])("refuses %s as the proxy", (_what, proxy) => {
    const error = thrownBy(
      () => new WiseKioskClient({ environment: "sandbox", token: TOKEN, mtls: { ...mtls, proxy: proxy as string } }),
    );
    expect(error).toMatchObject({ name: "KioskArgumentError", argument: "mtls.proxy" });
    expect((error as Error).message).toMatch(/^mtls\.proxy must /);
    expect(shown(error)).not.toContain(S3CRET);
  });
});

it("accepts undefined as no proxy", () => {
  new WiseKioskClient({ environment: "sandbox", token: TOKEN, mtls: { ...mtls, proxy: undefined } });
});

function disposable<T extends { destroy(): Promise<void> }>(agent: T): T & AsyncDisposable {
  return Object.assign(agent, { [Symbol.asyncDispose]: () => agent.destroy() });
}

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
