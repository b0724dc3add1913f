import { inspect } from "node:util";
import { expect, it, onTestFinished, vi } from "vitest";
import { isKioskError } from "wise-card-kiosk";
import {
  type ClientCredentialsTokenOptions,
  createClientCredentialsToken,
  type Exchange,
  KioskSubscriptions,
} from "wise-card-kiosk/subscriptions";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { makeAuthority } from "../support/certificates.js";
import { type Responder, reply, replyInTurn, startHttpServer } from "../support/http-server.js";
import { startMtlsServer } from "../support/mtls-server.js";
import { catchRejection, TRANSPORTS } from "../support/transports.js";

const SECRET = "client/secret+0123456789=abcdef";
const BASIC = Buffer.from(`client-1:${SECRET}`).toString("base64");
const CONTEXT = { clientKey: "your-bank", operation: "listSubscriptions" } as const;

function optionsFor(
  { url }: { readonly url: string },
  more: Partial<ClientCredentialsTokenOptions> = {},
): ClientCredentialsTokenOptions {
  return { baseUrl: url, clientId: "client-1", clientSecret: SECRET, ...more } as ClientCredentialsTokenOptions;
}

/** Responds with numbered tokens. */
function issueTokens(fields: Record<string, unknown> = {}): Responder {
  let count = 0;
  return (response, request) => {
    count += 1;
    const body = {
      access_token: `token-${count}`,
      token_type: "bearer",
      expires_in: 43199,
      scope: "transfers",
      ...fields,
    };
    reply(200, body)(response, request);
  };
}

it.each([
  ["is down", (response) => void response.destroy(), "ERR_CONNECTION"],
  ["refuses the credentials", reply(401, { error: "invalid_grant", error_description: SECRET }), "ERR_AUTHENTICATION"],
  ["fails", reply(503, `nothing for ${SECRET} ${BASIC}`), "ERR_SERVER"],
  ["returns a page", reply(200, `<p>${SECRET}</p>`), "ERR_DECODE"],
  ["returns no token", reply(200, { access_token: "", hint: BASIC }), "ERR_DECODE"],
  ["is slow", () => {}, "ERR_TIMEOUT"],
] as readonly (readonly [string, Responder, string])[])(
  "a call rejects without a secret and sends nothing if the token endpoint %s",
  async (_what, respond, code) => {
    await using server = await startHttpServer(respond);
    const exchanges: Exchange[] = [];
    const onExchange = (exchange: Exchange) => exchanges.push(exchange);
    const token = createClientCredentialsToken(optionsFor(server, { timeoutMs: 1500, onExchange }));
    const subscriptions = new KioskSubscriptions({ baseUrl: server.url, clientKey: "your-bank", token });
    const error = await catchRejection(subscriptions.list());
    expect(error).toMatchObject({ code: "ERR_TOKEN", mayHaveTakenEffect: false, cause: { code } });
    expect(server.requests).toHaveLength(exchanges.length);
    for (const exchange of exchanges) {
      expect(exchange).toMatchObject({
        operation: "requestToken",
        purpose: "refresh",
        route: "/oauth/token",
        error: code,
      });
    }
    const shown = [error, exchanges, subscriptions, token].map((value) =>
      inspect(value, { depth: null, showHidden: true }),
    );
    for (const secret of [SECRET, BASIC]) expect(shown.join("\n") + JSON.stringify(error)).not.toContain(secret);
  },
);

it.each([
  ["a 503", reply(503, "", { "Retry-After": "0" })],
  ["a 429", reply(429, "", { "Retry-After": "0" })],
  ["a connection that breaks", (response) => void response.destroy()],
] as readonly (readonly [string, Responder])[])(
  "a request for a token is repeated twice after %s",
  async (_what, fail) => {
    await using server = await startHttpServer(replyInTurn(fail, fail, issueTokens()));
    const exchanges: Exchange[] = [];
    const onExchange = (exchange: Exchange) => exchanges.push(exchange);
    expect(await createClientCredentialsToken(optionsFor(server, { onExchange }))(CONTEXT)).toBe("token-1");
    expect(exchanges).toMatchObject([
      { attempt: 1, retryInMs: expect.any(Number) },
      { attempt: 2, retryInMs: expect.any(Number) },
      { attempt: 3, httpStatus: 200 },
    ]);
    expect(exchanges[2]).not.toHaveProperty("retryInMs");
    expect(new Set(exchanges.map(({ correlationId }) => correlationId)).size).toBe(1);
  },
);

it.each([
  ["after two repetitions", reply(503, "", { "Retry-After": "0" }), 3],
  ["if timeoutMs leaves no time for it", reply(503, "", { "Retry-After": "59" }), 1],
  ["if Wise asks for a wait of more than a minute", reply(503, "", { "Retry-After": "61" }), 1],
  ["after a refusal", reply(400, {}, { "Retry-After": "0" }), 1],
  ["after a response without a token", reply(200, {}, { "Retry-After": "0" }), 1],
] as const)("a request for a token is not repeated %s", async (_when, fail, count) => {
  await using server = await startHttpServer(fail);
  await catchRejection(Promise.resolve(createClientCredentialsToken(optionsFor(server))(CONTEXT)));
  expect(server.requests).toHaveLength(count);
});

it("a request for a token is repeated after a random part of 0.5 s, and then of 1 s", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0.1);
  onTestFinished(() => void vi.restoreAllMocks());
  await using server = await startHttpServer(replyInTurn(reply(503), reply(503), issueTokens()));
  const exchanges: Exchange[] = [];
  const onExchange = (exchange: Exchange) => exchanges.push(exchange);
  await createClientCredentialsToken(optionsFor(server, { onExchange }))(CONTEXT);
  expect(exchanges.map(({ retryInMs }) => retryInMs)).toEqual([50, 100, undefined]);
});

it("a request for a token is not repeated if the wait would take all the time that is left", async () => {
  const now = Math.floor(performance.now());
  vi.spyOn(performance, "now").mockReturnValue(now);
  onTestFinished(() => void vi.restoreAllMocks());
  await using server = await startHttpServer(reply(503, "", { "Retry-After": "1" }));
  const token = createClientCredentialsToken(optionsFor(server, { timeoutMs: 1000 }));
  await catchRejection(Promise.resolve(token(CONTEXT)));
  expect(server.requests).toHaveLength(1);
});

it.each([
  [2, "as digits in a string", { expires_in: "7200" }],
  [12, "nowhere", { expires_in: undefined }],
  [12, "in words", { expires_in: "soon" }],
])("a token is valid for %i hours if the response says %s when it expires", async (hours, _how, fields) => {
  vi.useFakeTimers({ toFake: ["Date"] });
  try {
    await using server = await startHttpServer(issueTokens(fields));
    const token = createClientCredentialsToken(optionsFor(server));
    await token(CONTEXT);
    vi.setSystemTime(Date.now() + (hours - 1) * 60 * 60_000);
    expect(await token(CONTEXT)).toBe("token-1");
    vi.setSystemTime(Date.now() + 60 * 60_000);
    expect(await token(CONTEXT)).toBe("token-2");
  } finally {
    vi.useRealTimers();
  }
});

it("the token endpoint gets the documented request", async () => {
  await using server = await startHttpServer(issueTokens());
  expect(await createClientCredentialsToken(optionsFor(server))(CONTEXT)).toBe("token-1");
  expect(server.requests).toMatchObject([
    {
      method: "POST",
      path: "/oauth/token",
      body: "grant_type=client_credentials",
      headers: { authorization: `Basic ${BASIC}`, "content-type": "application/x-www-form-urlencoded" },
    },
  ]);
});

it("calls at the same time share one request, and later ones the token", async () => {
  await using server = await startHttpServer(issueTokens());
  const token = createClientCredentialsToken(optionsFor(server));
  const tokens = await Promise.all([
    token(CONTEXT),
    token(CONTEXT),
    token({ ...CONTEXT, operation: "getSubscription" }),
  ]);
  expect([...tokens, await token(CONTEXT)]).toEqual(Array(4).fill("token-1"));
  expect(server.requests).toHaveLength(1);
});

it("a token is requested again 5 minutes before it expires, and the old one is used if that fails", async () => {
  // Without timers, no call stops waiting for a request ahead of expiry, however busy the machine is.
  vi.useFakeTimers({ toFake: ["Date", "setTimeout", "clearTimeout"] });
  try {
    let isDown = false;
    const issue = issueTokens();
    await using server = await startHttpServer((response, request) => (isDown ? reply(400) : issue)(response, request));
    const token = createClientCredentialsToken(optionsFor(server));
    await token(CONTEXT);
    vi.setSystemTime(Date.now() + (43199 - 301) * 1000);
    expect(await token(CONTEXT)).toBe("token-1");
    isDown = true;
    vi.setSystemTime(Date.now() + 2000);
    expect(await token(CONTEXT)).toBe("token-1");
    isDown = false;
    vi.setSystemTime(Date.now() + 31_000);
    expect(await token(CONTEXT)).toBe("token-2");
  } finally {
    vi.useRealTimers();
  }
});

it("a rejected token is exchanged once for all calls that used it", async () => {
  const issue = issueTokens();
  await using server = await startHttpServer((response, request) => {
    if (request.path === "/oauth/token") return issue(response, request);
    reply(request.headers.authorization === "Bearer token-1" ? 401 : 200, [])(response, request);
  });
  const token = createClientCredentialsToken(optionsFor(server));
  const subscriptions = new KioskSubscriptions({ baseUrl: server.url, clientKey: "your-bank", token });
  expect(await Promise.all([subscriptions.list(), subscriptions.list(), subscriptions.list()])).toEqual([[], [], []]);
  expect(server.requests.filter(({ path }) => path === "/oauth/token")).toHaveLength(2);
});

it("a token is opaque and may have any length", async () => {
  const long = `ey${"J".repeat(6000)}.x_y-z`;
  await using server = await startHttpServer(issueTokens({ access_token: long, expires_in: null }));
  expect(await createClientCredentialsToken(optionsFor(server))(CONTEXT)).toBe(long);
});

it.each(TRANSPORTS)("requests a token through %s", async (_name, transport) => {
  await using server = await createKioskSimulator().listen();
  expect(await createClientCredentialsToken(optionsFor(server, transport))(CONTEXT)).toMatch(/^client-credentials-/);
});

it("presents a client certificate for tokens and for subscriptions", async () => {
  const authority = makeAuthority();
  const mtls = { ...authority.issue("your-bank"), ca: authority.ca };
  await using server = await startMtlsServer(authority);
  const options = { baseUrl: server.url, mtls };
  // The server describes a card whatever is requested, so a decode error means that it accepted the certificate.
  const token = createClientCredentialsToken(optionsFor(server, { mtls }));
  expect(await catchRejection(Promise.resolve(token(CONTEXT)))).toMatchObject({ code: "ERR_DECODE" });
  await using subscriptions = new KioskSubscriptions({ ...options, clientKey: "your-bank", token: "token-1" });
  expect(await catchRejection(subscriptions.list())).toMatchObject({ code: "ERR_DECODE" });
  await using stranger = new KioskSubscriptions({
    ...options,
    mtls: { ...makeAuthority().issue("your-bank"), ca: authority.ca },
    clientKey: "your-bank",
    token: "token-1",
    maxRetries: 0,
  });
  expect(await catchRejection(stranger.list())).toMatchObject({ code: "ERR_CONNECTION" });
});

it.each([
  ["clientId", { clientId: "a:b" }],
  ["clientSecret", { clientSecret: "secret with spaces" }],
  ["clientSecrets", { clientSecrets: SECRET } as never],
  ["environment", { baseUrl: undefined }],
])("an invalid %s of createClientCredentialsToken is refused, and not shown", (argument, options) => {
  let error: unknown;
  try {
    createClientCredentialsToken(optionsFor({ url: "http://127.0.0.1" }, options as never));
  } catch (thrown) {
    error = thrown;
  }
  expect(isKioskError(error) && error.code === "ERR_ARGUMENT" && error.argument).toBe(argument);
  expect(String(error)).not.toContain("secret with");
});
