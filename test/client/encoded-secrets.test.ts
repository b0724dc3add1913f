import { inspect } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FetchLike, KioskError } from "../../src/index.js";
import { BASE64_ENCODINGS, TEXT_ENCODINGS } from "../support/encodings.js";
import { type Responder, reply, startHttpServer } from "../support/http-server.js";
import { catchRejection, createClient, PRODUCE } from "../support/transports.js";

const ENCODINGS = [...TEXT_ENCODINGS, ...BASE64_ENCODINGS];

/** Tokens that a provider may return, without the characters that begin an escape sequence. */
const tokens = fc
  .array(fc.integer({ min: 0x21, max: 0x7e }), { minLength: 8, maxLength: 60 })
  .map((codes) => String.fromCharCode(...codes))
  .filter((token) => !/[%&\\]/.test(token));

const FIELD = "authorization: Bearer ";

/** Every form in which a server or library may quote a token. */
const listEncodings = (token: string) => ENCODINGS.map(([name, encode]) => `${name}: ${FIELD}${encode(token)} `);

/** Returns every text that may show something of an error, including its causes. */
function shown(error: unknown): string {
  const { message, stack, cause } = error as Partial<Error>;
  const inspected = inspect(error, { depth: null, showHidden: true, getters: true, maxStringLength: null });
  const own = [message, stack, String(error), JSON.stringify(error), inspected].join("\n");
  return cause === undefined ? own : `${own}\n${shown(cause)}`;
}

/** Returns the names of the encodings in which an error shows a token. */
function encodingsIn(error: unknown, token: string): string[] {
  expect(error).toBeInstanceOf(KioskError);
  const text = shown(error);
  return ENCODINGS.filter(([, encode]) => {
    const encoded = encode(token);
    const forms = [encoded, JSON.stringify(encoded).slice(1, -1), inspect(encoded).slice(1, -1)];
    return forms.some((form) => text.includes(form));
  }).map(([name]) => name);
}

const RESPONSES: readonly (readonly [string, (token: string) => Responder])[] = [
  [
    "the message of a JSON body",
    (token) => reply(422, { message: listEncodings(token).join(), errors: listEncodings(token) }),
  ],
  [
    "the keys of a JSON body",
    (token) => reply(400, Object.fromEntries(listEncodings(token).map((said) => [said, said]))),
  ],
  ["a truncated JSON body", (token) => reply(500, JSON.stringify({ said: listEncodings(token) }).slice(0, -3))],
  ["a plain text body", (token) => reply(403, listEncodings(token).join("\n"))],
  ["an HTML page", (token) => reply(404, `<p>${listEncodings(token).join("<br>")}</p>`)],
  [
    "a header",
    (token) =>
      reply(429, "", {
        "x-trace-id": listEncodings(token)
          .join()
          .replace(/[\r\n]/g, ""),
        "x-rate-limited-by": `Bearer ${token}`,
      }),
  ],
  ["an invalid production", (token) => reply(200, { status: listEncodings(token) })],
];

describe("redaction of encoded tokens", () => {
  it.each(RESPONSES)("redacts every encoding of a token that the response quotes in %s", async (_where, respond) => {
    let token = "";
    await using server = await startHttpServer((response, request) => respond(token)(response, request));
    const quoted = async (some: string) => {
      token = some;
      const error = await catchRejection(createClient(server, { token }).produceCard(PRODUCE));
      expect(encodingsIn(error, token)).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(tokens, quoted), { numRuns: 25 });
  });

  it("redacts every encoding of a token that the failure of a request quotes", async () => {
    const failed = async (token: string) => {
      const fetch: FetchLike = () =>
        Promise.reject(new Error(listEncodings(token).join(), { cause: listEncodings(token).join() }));
      const error = await catchRejection(
        createClient({ url: "http://127.0.0.1" }, { token, fetch }).produceCard(PRODUCE),
      );
      expect(encodingsIn(error, token)).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(tokens, failed), { numRuns: 25 });
  });

  it("redacts a token that is cut off at the end of a shortened body", async () => {
    let body = "";
    await using server = await startHttpServer((response, request) => reply(500, body)(response, request));
    const cut = async (token: string, [name, encode]: (typeof ENCODINGS)[number], missing: number) => {
      const encoded = encode(token);
      body = "x".repeat(16 * 1024 - 1 - (missing % encoded.length)) + encoded.repeat(10);
      const error = await catchRejection(createClient(server, { token }).produceCard(PRODUCE));
      const shownBody = String((error as { body?: unknown }).body);
      expect(shownBody.replace(/^x+/, "").replaceAll("[redacted]", "").length, name).toBeLessThan(12);
    };
    const arbitraries = [tokens, fc.constantFrom(...TEXT_ENCODINGS), fc.nat()] as const;
    await fc.assert(fc.asyncProperty(...arbitraries, cut), { numRuns: 100 });
  });

  it("redacts the first token in the response to the second one", async () => {
    const said = "revoked: first-token-0123456789, revoked: first%2Dtoken%2D0123456789";
    await using server = await startHttpServer((response, request) =>
      reply(request.headers.authorization === "Bearer first-token-0123456789" ? 401 : 403, said)(response, request),
    );
    const token = ({ rejectedToken }: { readonly rejectedToken?: string | undefined }) =>
      rejectedToken === undefined ? "first-token-0123456789" : "second-token-0123456789";
    const error = await catchRejection(createClient(server, { token, maxRetries: 1 }).produceCard(PRODUCE));
    expect(error).toMatchObject({ httpStatus: 403, body: "revoked: [redacted], revoked: [redacted]" });
    expect(shown(error)).not.toContain("first");
  });

  it("redacts the second token in the response to it", async () => {
    await using server = await startHttpServer((response, request) =>
      reply(
        request.headers.authorization === "Bearer first-token-0123456789" ? 401 : 403,
        "expired: second-token-0123456789, expired: second%2Dtoken%2D0123456789",
      )(response, request),
    );
    const token = ({ rejectedToken }: { readonly rejectedToken?: string | undefined }) =>
      rejectedToken === undefined ? "first-token-0123456789" : "second-token-0123456789";
    const error = await catchRejection(createClient(server, { token, maxRetries: 1 }).produceCard(PRODUCE));
    expect(error).toMatchObject({ httpStatus: 403, body: "expired: [redacted], expired: [redacted]" });
    expect(shown(error)).not.toContain("second");
  });
});
