import { createServer } from "node:https";
import { Agent } from "undici";
import { expect, it, onTestFinished } from "vitest";
import {
  createRefreshingToken,
  type Exchange,
  isKioskError,
  KioskTokenError,
  type RefreshingTokenOptions,
} from "wise-card-kiosk";
import { makeAuthority } from "../support/certificates.js";
import { startFront } from "../support/front.js";
import { type Responder, reply, replyInTurn, startHttpServer } from "../support/http-server.js";
import { newTokens, optionsFor, REFRESH_TOKEN } from "../support/oauth-server.js";
import { startRawServer } from "../support/raw-server.js";
import {
  BASIC_CREDENTIALS,
  ENCODED_REFRESH_TOKEN,
  ENCODED_SECRETS,
  RESPONSE_TOKEN,
  secretsIn,
} from "../support/refresh-secrets.js";
import { catchRejection, createClient, PRODUCE } from "../support/transports.js";

/** Starts what makes a refresh fail. The refresh goes to its `url`, with its `options`. */
type Failing = () => Promise<
  AsyncDisposable & { readonly url: string; readonly options?: Partial<RefreshingTokenOptions> }
>;

const responding =
  (respond: Responder): Failing =>
  () =>
    startHttpServer(respond);
/** A server that quotes the whole request. */
const quoting = (status: number, body: (said: string) => unknown): Failing =>
  responding((response, request) => {
    const said = `${request.headers.authorization} ${request.body} ${REFRESH_TOKEN} ${RESPONSE_TOKEN}`;
    reply(status, body(said))(response, request);
  });
const failing =
  (cause: unknown): Failing =>
  async () => ({
    url: "http://127.0.0.1:1",
    options: { fetch: () => Promise.reject(cause) },
    async [Symbol.asyncDispose]() {},
  });

/** Nothing listens there, so the request is certainly not sent. */
const refusing: Failing = async () => {
  await using server = await startHttpServer(() => {});
  return { url: server.url, async [Symbol.asyncDispose]() {} };
};

type Failures = readonly (readonly [string, Failing, object])[];

/** After these, it is certain that Wise did not process the refresh. */
const NOT_PROCESSED: Failures = [
  [
    "400 as documented",
    quoting(400, (said) => ({ error: "invalid_request", error_description: `Missing grant type ${said}` })),
    { code: "ERR_API", httpStatus: 400, errorCode: "invalid_request", errorMessage: null, body: undefined },
  ],
  [
    "401 as documented",
    quoting(401, (said) => ({ error: "invalid_grant", error_description: `Invalid user credentials. ${said}` })),
    { code: "ERR_AUTHENTICATION", httpStatus: 401, errorCode: "invalid_grant", body: undefined },
  ],
  [
    "401 with a token as the error",
    quoting(401, () => ({ error: REFRESH_TOKEN, access_token: RESPONSE_TOKEN })),
    { code: "ERR_AUTHENTICATION", errorCode: null, body: undefined },
  ],
  ["403 in plain text", quoting(403, (said) => `no: ${said}`), { code: "ERR_PERMISSION", errorCode: null }],
  [
    "429",
    responding(reply(429, "", { "retry-after": "70" })),
    { code: "ERR_RATE_LIMIT", retryAfterMs: 70_000, body: undefined },
  ],
  ["a connection that is refused", refusing, { code: "ERR_CONNECTION", requestSent: false }],
  [
    "no connection in time",
    async () => ({
      url: "http://127.0.0.1:1",
      options: { dispatcher: { dispatch: () => true }, timeoutMs: 50 },
      async [Symbol.asyncDispose]() {},
    }),
    { code: "ERR_TIMEOUT", requestSent: false },
  ],
  [
    "429 with headers that quote the secrets in every encoding",
    responding(reply(429, "", { "x-trace-id": ENCODED_SECRETS.join().replace(/[\r\n]/g, ""), "retry-after": "70" })),
    { code: "ERR_RATE_LIMIT", retryAfterMs: 70_000 },
  ],
];

/** After these, Wise may have replaced the tokens. */
const PERHAPS_PROCESSED: Failures = [
  ["500 in HTML", quoting(500, (said) => `<html>${said}</html>`), { code: "ERR_SERVER", errorCode: null }],
  ["503 of 2 MiB", quoting(503, (said) => said.repeat(20_000)), { code: "ERR_SERVER", body: undefined }],
  ["200 without a token", quoting(200, (said) => ({ token: said })), { code: "ERR_DECODE", httpStatus: 200 }],
  ["200 with a token of another type", quoting(200, () => ({ access_token: 42 })), { code: "ERR_DECODE" }],
  [
    "200 with a token that cannot be sent",
    quoting(200, () => ({ access_token: `${RESPONSE_TOKEN}\r\nX-Forged: 1` })),
    { code: "ERR_DECODE", body: undefined, issues: [{ path: "access_token" }] },
  ],
  ["200 that is not JSON", quoting(200, (said) => `access_token=${said}`), { code: "ERR_DECODE", body: undefined }],
  ["200 that is empty", responding(reply(200)), { code: "ERR_DECODE" }],
  ["200 of 2 MiB", quoting(200, (said) => ({ access_token: said.repeat(20_000) })), { code: "ERR_DECODE" }],
  [
    "a connection that breaks during the response",
    () =>
      startRawServer((socket) => {
        socket.end(`HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"access_token":"${RESPONSE_TOKEN}"`);
      }),
    { code: "ERR_CONNECTION", requestSent: true },
  ],
  [
    "a response that is not HTTP",
    () => startRawServer((socket) => void socket.end(`${RESPONSE_TOKEN} ${REFRESH_TOKEN}\r\n\r\n`)),
    { code: "ERR_CONNECTION", requestSent: true },
  ],
  [
    "a connection that is reset",
    () => startRawServer((socket) => void socket.resetAndDestroy()),
    { code: "ERR_CONNECTION", requestSent: true },
  ],
  [
    "no response in time",
    async () => Object.assign(await startHttpServer(() => {}), { options: { timeoutMs: 50 } }),
    { code: "ERR_TIMEOUT", requestSent: true },
  ],
  [
    "a fetch error that quotes the request",
    failing(
      new Error(`POST grant_type=refresh_token&refresh_token=${ENCODED_REFRESH_TOKEN} Basic ${BASIC_CREDENTIALS}`),
    ),
    { code: "ERR_CONNECTION" },
  ],
  [
    "a fetch error that quotes the secrets in every encoding",
    failing(new Error(ENCODED_SECRETS.join(), { cause: new Error(ENCODED_SECRETS.join("\n")) })),
    { code: "ERR_CONNECTION" },
  ],
];

it.each([
  ...NOT_PROCESSED.map((failure) => [...failure, false] as const),
  ...PERHAPS_PROCESSED.map((failure) => [...failure, true] as const),
])("%s rejects the call and reveals no secret", async (_what, start, expected, mayHaveTakenEffect) => {
  await using failing = await start();
  const exchanges: Exchange[] = [];
  const options = optionsFor(failing, { onExchange: (exchange) => exchanges.push(exchange), ...failing.options });
  await using server = await startHttpServer(reply(200));
  const token = createRefreshingToken(options);
  const error = await catchRejection(createClient(server, { token, maxRetries: 2 }).produceCard(PRODUCE));
  expect(error).toBeInstanceOf(KioskTokenError);
  const { cause } = error as KioskTokenError;
  expect(isKioskError(cause)).toBe(true);
  expect(error).toMatchObject({ mayHaveTakenEffect: false });
  expect(cause).toMatchObject({ ...expected, mayHaveTakenEffect });
  for (const exchange of exchanges) {
    expect(exchange).toMatchObject({ purpose: "refresh", error: (cause as { code: string }).code });
    expect(Object.values(exchange).filter((value) => value === undefined || value === null)).toEqual([]);
  }
  expect(exchanges.map(({ attempt }) => attempt)).toEqual(start === refusing ? [1, 2, 3] : [1]);
  expect([secretsIn(error), secretsIn(exchanges), secretsIn(token)]).toEqual([[], [], []]);
  expect([options.stored, server.requests]).toEqual([[], []]);
});

/** Starts a token endpoint that hangs up on the first connection, during the handshake. */
const hangingUp = async (respond: Responder) => {
  const authority = makeAuthority();
  const server = await startHttpServer(respond, (listener) => createServer(authority.issue("localhost"), listener));
  const front = await startFront(server, (socket) => socket.end());
  const dispatcher = new Agent({ connect: { ca: authority.ca } });
  onTestFinished(async () => {
    await dispatcher.destroy();
    await front[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });
  return { url: `https://127.0.0.1:${front.port}`, dispatcher, server };
};

it("sends a refresh again after a connection that broke before the request was sent", async () => {
  const { url, dispatcher, server } = await hangingUp(newTokens());
  const attempts: Exchange[] = [];
  const onExchange = (exchange: Exchange) => attempts.push(exchange);
  const token = createRefreshingToken(optionsFor({ url }, { dispatcher, onExchange }));
  expect(await token({ profileId: "1", operation: "produceCard" })).toBe("access-1");
  expect(attempts).toMatchObject([{ error: "ERR_CONNECTION", retryInMs: expect.any(Number) }, { httpStatus: 200 }]);
  expect(server.requests).toHaveLength(1);
});

it("sends a refresh again after a 429, but not after an error that leaves open whether Wise has processed it", async () => {
  const tooMany = reply(429, "", { "retry-after": "0" });
  const unavailable = reply(503, "", { "retry-after": "0" });
  await using server = await startHttpServer(replyInTurn(tooMany, newTokens(), unavailable, newTokens()));
  const token = createRefreshingToken(optionsFor(server));
  expect(await token({ profileId: "1", operation: "produceCard" })).toBe("access-1");
  const next = token({ profileId: "1", operation: "produceCard", rejectedToken: "access-1" });
  expect(await catchRejection(Promise.resolve(next))).toMatchObject({ code: "ERR_SERVER", mayHaveTakenEffect: true });
  expect(server.requests).toHaveLength(3);
});
