import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  createRefreshingToken,
  type Exchange,
  isKioskError,
  type RefreshedToken,
  WiseKioskClient,
  type WiseKioskClientOptions,
} from "../../src/index.js";
import { makeAuthority } from "../support/certificates.js";
import { type Responder, reply, replyInTurn, startHttpServer } from "../support/http-server.js";
import { startRawServer } from "../support/raw-server.js";
import { CARD, catchRejection, PRODUCE } from "../support/transports.js";

/** Tokens may contain any visible ASCII, including characters that are special in JSON and regular expressions. */
const TOKEN = 'access/token+"$&"\\with.odd*characters=';
const CLIENT_SECRET = "client-secret-0123456789abcdef";
const REFRESH_TOKEN = "refresh-token-0123456789abcdef";
const BASIC = Buffer.from(`client-id:${CLIENT_SECRET}`).toString("base64");
const PASSPHRASE = "open-sesame-0123456789";
const { cert, key } = makeAuthority().issue("your-bank");
const SECRETS = [TOKEN, CLIENT_SECRET, REFRESH_TOKEN, BASIC, PASSPHRASE, key.split("\n")[1] ?? ""];

/** Returns every text that may show something of a value. */
function shown(value: unknown): string {
  const { message, stack, cause } = (value ?? {}) as Partial<Error>;
  const inspected = inspect(value, { depth: null, showHidden: true, getters: true, maxStringLength: null });
  const own = [message, stack, String(value), JSON.stringify(value), inspected].join("\n");
  return cause === undefined ? own : `${own}\n${shown(cause)}`;
}

/** Returns the secrets that a value shows, including as JSON and `inspect` write them. */
function secretsIn(value: unknown): string[] {
  const text = shown(value);
  const forms = (secret: string) => [secret, JSON.stringify(secret).slice(1, -1), inspect(secret).slice(1, -1)];
  return SECRETS.filter((secret) => forms(secret).some((form) => text.includes(form)));
}

/** Responds with the credentials and the body of the request wherever possible. */
function echo(status: number, body: (authorization: string) => unknown): Responder {
  return (response, request) => {
    const authorization = request.headers.authorization ?? "";
    const said = `${authorization} ${authorization.split(" ")[1]} ${request.body}`;
    const headers = { "x-trace-id": said, "X-Rate-Limited-By": said, "WWW-Authenticate": said, "Set-Cookie": said };
    reply(status, body(said), headers)(response, request);
  };
}

const BODIES: readonly (readonly [string, (said: string) => unknown])[] = [
  ["JSON", (said) => ({ error: said, error_description: said, errors: [{ code: said, [said]: [{ deep: said }] }] })],
  ["JSON with needless escapes", (said) => JSON.stringify({ message: said }).replaceAll("/", "\\/")],
  ["JSON that is too large", (said) => ({ message: said, more: said.repeat(1000) })],
  ["JSON that is nested too deep", (said) => `${'{"a":'.repeat(50)}${JSON.stringify(said)}${"}".repeat(50)}`],
  ["plain text", (said) => `Rejected: ${said}`],
  ["an HTML page", (said) => `<h1>Rejected</h1><p>${said}</p>`],
  ["a production", (said) => ({ status: "REQUEST_ERROR", kioskId: said, errorCode: said, description: said })],
  ["a production of the wrong types", (said) => ({ status: [said], kioskId: { [said]: said } })],
];

/** An error that holds its request, as some HTTP libraries throw it. */
class HttpLibraryError extends Error {
  readonly config = { headers: { Authorization: `Bearer ${TOKEN}` } };
  readonly request = { _header: `PUT / HTTP/1.1\r\nAuthorization: Bearer ${TOKEN}` };
  readonly code = `E_${TOKEN}`;
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = `HttpLibraryError of ${TOKEN}`;
  }
}

const THROWN: readonly (readonly [string, unknown])[] = [
  ["an error with the request", new HttpLibraryError(`Request with Bearer ${TOKEN} failed`)],
  ["a nested error", new Error("a", { cause: new Error("b", { cause: new HttpLibraryError(TOKEN) }) })],
  ["an AggregateError", new AggregateError([new HttpLibraryError(TOKEN), new HttpLibraryError(TOKEN)], TOKEN)],
  ["an object that is not an error", { message: TOKEN, config: { token: TOKEN } }],
  ["a string", `failed: ${TOKEN}`],
];

const seen = new Set<string>();

function expectNoSecrets(outcome: unknown, exchanges: readonly Exchange[]): void {
  if (outcome instanceof Error) {
    expect(isKioskError(outcome)).toBe(true);
    seen.add(outcome.name);
  }
  expect(secretsIn(outcome)).toEqual([]);
  expect(secretsIn(exchanges)).toEqual([]);
}

/** Lets a client make a call, and checks that its outcome, its exchanges and the client itself show no secret. */
async function withClient(
  options: Partial<WiseKioskClientOptions>,
  use: (kiosk: WiseKioskClient) => Promise<unknown>,
): Promise<void> {
  const exchanges: Exchange[] = [];
  const onExchange = (exchange: Exchange) => void exchanges.push(exchange);
  const kiosk = new WiseKioskClient({ token: TOKEN, maxRetries: 0, onExchange, ...options } as WiseKioskClientOptions);
  expectNoSecrets(await use(kiosk).catch((error: unknown) => error), exchanges);
  expect(secretsIn(kiosk)).toEqual([]);
}

describe("secrets of a call", () => {
  describe.each([200, 307, 400, 401, 403, 404, 408, 418, 422, 429, 500, 503])("in an error for HTTP %d", (status) => {
    it.each(BODIES)("shows no secret that the response echoes as %s", async (_what, body) => {
      await using server = await startHttpServer(echo(status, body));
      const options = { baseUrl: server.url };
      await withClient(options, (kiosk) => kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }));
      await withClient(options, (kiosk) => kiosk.getProductionStatus(CARD));
      await withClient(options, (kiosk) => kiosk.produceCard(PRODUCE));
    });
  });

  it("shows no secret in the productions of an error", async () => {
    const echoing = (status: string) => echo(200, (said) => ({ status, kioskId: "WIS00001", description: said }));
    await using server = await startHttpServer((response, request) => {
      if (request.method === "PUT") response.destroy();
      else echoing("PRODUCED")(response, request);
    });
    const previous = {
      status: "PRODUCED",
      kioskId: "WIS00001",
      occurredAt: null,
      errorCode: null,
      description: null,
    } as const;
    await withClient({ baseUrl: server.url, maxRetries: 1, reconcileWindowMs: 0 }, async (kiosk) => {
      const error = await catchRejection(kiosk.produceCard({ ...PRODUCE, previous }));
      expect(error).toMatchObject({ productionAfter: { description: expect.stringContaining("[redacted]") } });
      throw error;
    });
    await using busy = await startHttpServer(echoing("IN_PROGRESS"));
    await withClient({ baseUrl: busy.url }, (kiosk) => kiosk.waitForProduction(CARD, { maxWaitMs: 20 }));
  });

  it.each(THROWN)("shows no secret in the error for a fetch that throws %s", async (_what, thrown) => {
    const fetch = () => Promise.reject(thrown);
    await withClient({ environment: "sandbox", fetch }, (kiosk) => kiosk.produceCard(PRODUCE));
  });

  it.each(THROWN)("shows no secret in the error for a dispatcher that fails with %s", async (_what, thrown) => {
    const failing: WiseKioskClientOptions["dispatcher"] = {
      dispatch(_options, handler) {
        handler.onError(thrown as Error);
        return true;
      },
    };
    const throwing: WiseKioskClientOptions["dispatcher"] = {
      dispatch() {
        throw thrown;
      },
    };
    for (const dispatcher of [failing, throwing]) {
      await withClient({ environment: "sandbox", dispatcher }, (kiosk) => kiosk.produceCard(PRODUCE));
    }
  });

  it("shows no secret in the error for a body that fails", async () => {
    const body = new ReadableStream({ pull: (controller) => controller.error(new HttpLibraryError(TOKEN)) });
    const fetch = async () => new Response(body);
    await withClient({ environment: "sandbox", fetch }, (kiosk) => kiosk.produceCard(PRODUCE));
  });

  it("shows no secret in timeout and connection errors", async () => {
    await using server = await startRawServer((socket, count) => count > 1 && socket.destroy());
    await withClient({ baseUrl: server.url }, (kiosk) => kiosk.produceCard(PRODUCE, { timeoutMs: 30 }));
    await withClient({ baseUrl: server.url }, (kiosk) => kiosk.produceCard(PRODUCE));
    await withClient({ baseUrl: server.url, token: () => new Promise(() => {}) }, (kiosk) =>
      kiosk.produceCard(PRODUCE, { timeoutMs: 30 }),
    );
  });

  it.each<[string, Partial<WiseKioskClientOptions>]>([
    ["the token", { token: `${TOKEN}\n` }],
    ["the base URL", { baseUrl: `https://${CLIENT_SECRET}:${PASSPHRASE}@gateway.example` }],
    ["the key", { mtls: { cert, key: key.slice(0, 150), passphrase: PASSPHRASE } }],
    ["the certificate (the key by mistake)", { mtls: { cert: key, key, passphrase: PASSPHRASE } }],
    ["the timeout (the token by mistake)", { timeoutMs: TOKEN as unknown as number }],
  ])("shows no secret in the error for an invalid option: %s", (_what, options) => {
    try {
      new WiseKioskClient({ environment: "sandbox", token: TOKEN, ...options } as WiseKioskClientOptions);
      expect.unreachable();
    } catch (error) {
      expectNoSecrets(error, []);
    }
  });

  it.each(["profileId", "cardToken", "kioskId", "previous"])(
    "shows no secret in the error for an invalid %s",
    async (argument) => {
      const wrong = argument === "cardToken" || argument === "kioskId" ? { secret: TOKEN } : TOKEN;
      await withClient({ environment: "sandbox" }, (kiosk) =>
        kiosk.produceCard({ ...PRODUCE, [argument]: wrong } as unknown as typeof PRODUCE),
      );
    },
  );

  it("shows no secret in the error for an invalid token from a provider", async () => {
    const token = () => `${TOKEN}\r\nX-Evil: 1`;
    await withClient({ environment: "sandbox", token }, (kiosk) => kiosk.produceCard(PRODUCE));
  });

  it("shows the secret of a failed token provider only in its own error, which is untouched", async () => {
    const cause = new HttpLibraryError(TOKEN);
    const token = () => Promise.reject(cause);
    const kiosk = new WiseKioskClient({ environment: "sandbox", token });
    const error = (await catchRejection(kiosk.produceCard(PRODUCE))) as Error;
    expect(error).toMatchObject({ name: "KioskTokenError" });
    expect(error.cause).toBe(cause);
    expect(cause.message).toBe(TOKEN);
    for (const text of [error.message, error.stack, String(error), JSON.stringify(error)]) {
      expect(text).not.toContain(TOKEN);
    }
  });

  it("shows no secret in a client with a certificate, nor in its errors", async () => {
    await using server = await startRawServer(
      () => {},
      (socket) => socket.end("no TLS here"),
    );
    const mtls = { cert, key, passphrase: PASSPHRASE };
    await withClient({ baseUrl: server.url.replace("http", "https"), mtls }, (kiosk) => kiosk.produceCard(PRODUCE));
  });

  it("covers every class of error that a client throws", () => {
    expect([...seen].sort()).toEqual([
      "KioskApiError",
      "KioskArgumentError",
      "KioskAuthenticationError",
      "KioskConnectionError",
      "KioskDecodeError",
      "KioskNotFoundError",
      "KioskPermissionError",
      "KioskRateLimitError",
      "KioskServerError",
      "KioskTimeoutError",
      "KioskTokenError",
      "KioskUnprocessableError",
      "KioskWaitTimeoutError",
    ]);
  });
});

describe("secrets of a token refresh", () => {
  const refreshing = (options: { readonly baseUrl: string; readonly onRefresh?: (tokens: RefreshedToken) => void }) => {
    const exchanges: Exchange[] = [];
    const token = createRefreshingToken({
      clientId: "client-id",
      clientSecret: CLIENT_SECRET,
      refreshToken: REFRESH_TOKEN,
      onRefresh: () => {},
      timeoutMs: 200,
      onExchange: (exchange) => exchanges.push(exchange),
      ...options,
    });
    return { token, exchanges };
  };

  it.each(BODIES)("shows no secret that the response to a refresh echoes as %s", async (_what, body) => {
    for (const status of [200, 400, 401, 429, 500]) {
      await using server = await startHttpServer(echo(status, body));
      const { token, exchanges } = refreshing({ baseUrl: server.url });
      await withClient({ baseUrl: server.url, token }, (kiosk) => kiosk.produceCard(PRODUCE));
      expect(exchanges).not.toEqual([]);
      expect(secretsIn(exchanges)).toEqual([]);
      expect(secretsIn(token)).toEqual([]);
    }
  });

  it("shows no secret in the error for tokens that cannot be used", async () => {
    const tokens = { access_token: `${TOKEN} with a space`, refresh_token: REFRESH_TOKEN };
    await using server = await startHttpServer(reply(200, tokens));
    const { token } = refreshing({ baseUrl: server.url });
    await withClient({ baseUrl: server.url, token }, (kiosk) => kiosk.produceCard(PRODUCE));
  });

  it("shows no secret in the connection and timeout errors of a refresh", async () => {
    await using server = await startRawServer((socket, count) => count === 1 && socket.destroy());
    const { token } = refreshing({ baseUrl: server.url });
    await withClient({ baseUrl: server.url, token }, (kiosk) => kiosk.produceCard(PRODUCE));
    await withClient({ baseUrl: server.url, token }, (kiosk) => kiosk.produceCard(PRODUCE));
  });

  it("shows no secret in the errors of a call with a refreshed token", async () => {
    const granted = reply(200, { access_token: TOKEN, refresh_token: "another-refresh-token", expires_in: 3600 });
    await using server = await startHttpServer(
      replyInTurn(
        granted,
        echo(400, (said) => ({ message: said })),
      ),
    );
    const { token } = refreshing({ baseUrl: server.url });
    await withClient({ baseUrl: server.url, token }, (kiosk) => kiosk.produceCard(PRODUCE));
  });
});
