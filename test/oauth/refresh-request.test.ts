import { createServer } from "node:https";
import type { TLSSocket } from "node:tls";
import { Agent } from "undici";
import { describe, expect, it } from "vitest";
import { createRefreshingToken, type Exchange, KioskArgumentError, type RefreshingTokenOptions } from "wise-card-kiosk";
import { makeAuthority } from "../support/certificates.js";
import { type HttpServer, reply, startHttpServer } from "../support/http-server.js";
import { newTokens, optionsFor, REFRESH_TOKEN, startOauthServer } from "../support/oauth-server.js";
import { BASIC_CREDENTIALS, ENCODED_REFRESH_TOKEN, RESPONSE_TOKEN, secretsIn } from "../support/refresh-secrets.js";
import { CARD, catchRejection, createClient } from "../support/transports.js";

const WAYS: readonly (readonly [string, Partial<RefreshingTokenOptions>])[] = [
  ["the default dispatcher", {}],
  ["a dispatcher", { dispatcher: new Agent() }],
  ["a fetch", { fetch: (url, init) => fetch(url, init) }],
];

describe.each(WAYS)("a refresh through %s", (_name, way) => {
  it("sends exactly the refresh request that Wise documents", async () => {
    await using server = await startOauthServer(newTokens());
    await createRefreshingToken(optionsFor(server, way))({ profileId: "1", operation: "produceCard" });
    expect(server.requests).toHaveLength(1);
    expect(server.refreshes).toMatchObject([
      {
        method: "POST",
        path: "/oauth/token",
        headers: {
          authorization: `Basic ${BASIC_CREDENTIALS}`,
          "content-type": "application/x-www-form-urlencoded",
          accept: "application/json",
          "x-external-correlation-id": expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
        body: `grant_type=refresh_token&refresh_token=${ENCODED_REFRESH_TOKEN}`,
      },
    ]);
  });

  it.each([
    ["", "/oauth/token"],
    ["/", "/oauth/token"],
    ["/wise/gateway/", "/wise/gateway/oauth/token"],
  ])("sends a refresh for the base path '%s' to %s", async (prefix, path) => {
    await using server = await startOauthServer(newTokens());
    const { url } = { url: server.url + prefix };
    await createRefreshingToken(optionsFor({ url }, way))({ profileId: "1", operation: "produceCard" });
    expect(server.refreshes.map((request) => request.path)).toEqual([path]);
  });

  it("does not follow a redirect of a refresh", async () => {
    await using elsewhere = await startHttpServer(reply(200, { access_token: "stolen" }));
    await using server = await startOauthServer(reply(307, "", { location: `${elsewhere.url}/oauth/token` }));
    const error = await catchRejection(
      createClient(server, { token: createRefreshingToken(optionsFor(server, way)) }).getProductionStatus(CARD),
    );
    expect(error).toMatchObject({ code: "ERR_TOKEN", cause: { code: "ERR_API", httpStatus: 307 } });
    expect(elsewhere.requests).toEqual([]);
  });
});

it.each([
  ["sandbox", "https://api.wise-sandbox.com/oauth/token"],
  ["production", "https://api.wise.com/oauth/token"],
] as const)("sends a %s refresh to %s", async (environment, expected) => {
  const urls: string[] = [];
  const token = createRefreshingToken({
    ...optionsFor({ url: "" }),
    environment,
    baseUrl: undefined,
    fetch: async (url) => {
      urls.push(url);
      return Response.json({ access_token: "access" });
    },
  });
  expect(await token({ profileId: "1", operation: "produceCard" })).toBe("access");
  expect(urls).toEqual([expected]);
});

it("reports a successful refresh without secrets", async () => {
  await using server = await startOauthServer((response, request) => {
    reply(200, { access_token: RESPONSE_TOKEN }, { "x-trace-id": `trace of ${REFRESH_TOKEN}` })(response, request);
  });
  const exchanges: Exchange[] = [];
  const onExchange = (exchange: Exchange) => exchanges.push(exchange);
  const token = createRefreshingToken(optionsFor(server, { onExchange }));
  await createClient(server, { token, onExchange }).getProductionStatus(CARD);
  expect(exchanges).toEqual([
    {
      operation: "refreshToken",
      purpose: "refresh",
      method: "POST",
      route: "/oauth/token",
      attempt: 1,
      httpStatus: 200,
      durationMs: expect.any(Number),
      correlationId: server.refreshes[0]?.headers["x-external-correlation-id"],
      traceId: "trace of [redacted]",
    },
    expect.objectContaining({ operation: "getProductionStatus", purpose: "call", httpStatus: 200 }),
  ]);
  expect([secretsIn(exchanges), secretsIn(token)]).toEqual([[], []]);
});

it.each([
  [
    "throws",
    () => {
      throw new Error("disk full");
    },
  ],
  ["rejects", () => Promise.reject(new Error("disk full"))],
])("ignores an onExchange that %s", async (_how, onExchange) => {
  await using server = await startOauthServer(newTokens());
  const token = createRefreshingToken(optionsFor(server, { onExchange }));
  await createClient(server, { token }).getProductionStatus(CARD);
  expect(server.used).toEqual(["access-1"]);
});

describe("a refresh with a client certificate", () => {
  const authority = makeAuthority();
  const startTlsServer = (names: unknown[]): Promise<HttpServer> =>
    startHttpServer(
      (response, request) => {
        names.push((response.socket as TLSSocket).getPeerCertificate().subject.CN);
        newTokens()(response, request);
      },
      (listener) => {
        const identity = { ...authority.issue("localhost"), ca: authority.ca };
        return createServer({ ...identity, requestCert: true, rejectUnauthorized: true }, listener);
      },
    );

  it("presents the client certificate to the server", async () => {
    const names: unknown[] = [];
    await using server = await startTlsServer(names);
    const mtls = { ...authority.issue("your-bank"), ca: authority.ca };
    const token = createRefreshingToken(optionsFor(server, { mtls }));
    expect(await token({ profileId: "1", operation: "produceCard" })).toBe("access-1");
    expect(names).toEqual(["your-bank"]);
  });

  it("sends no refresh to a server that cannot be trusted", async () => {
    const names: unknown[] = [];
    await using server = await startTlsServer(names);
    const token = createRefreshingToken(optionsFor(server, { mtls: authority.issue("your-bank") }));
    expect(await catchRejection(Promise.resolve(token({ profileId: "1", operation: "produceCard" })))).toMatchObject({
      code: "ERR_CONNECTION",
      requestSent: false,
    });
    expect(server.requests).toEqual([]);
  });

  it("refuses mtls together with a fetch or dispatcher", () => {
    const mtls = authority.issue("your-bank");
    const url = "https://127.0.0.1:1";
    expect(() => createRefreshingToken(optionsFor({ url }, { mtls, fetch }))).toThrow(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument: "mtls" }),
    );
    expect(() => createRefreshingToken(optionsFor({ url }, { mtls, dispatcher: new Agent() }))).toThrow(
      KioskArgumentError,
    );
  });
});
