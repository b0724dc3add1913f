import { describe, expect, it } from "vitest";
import { KioskApiError, type WiseKioskClient } from "../../src/index.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection, createClient, PRODUCE, TOKEN, TRANSPORTS } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const CALLS = [
  ["produceCard", (kiosk: WiseKioskClient) => kiosk.produceCard(PRODUCE)],
  ["getProductionStatus", (kiosk: WiseKioskClient) => kiosk.getProductionStatus(CARD)],
  [
    "simulateProductionStatus",
    (kiosk: WiseKioskClient) => kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }),
  ],
] as const;

const CLASSES: readonly (readonly [number, string, string])[] = [
  ...[400, 402, 405, 406, 408, 409, 410, 411, 413, 415, 418, 423, 425, 426, 428, 431, 451, 499].map(
    (status) => [status, "KioskApiError", "ERR_API"] as const,
  ),
  [401, "KioskAuthenticationError", "ERR_AUTHENTICATION"],
  [403, "KioskPermissionError", "ERR_PERMISSION"],
  [404, "KioskNotFoundError", "ERR_NOT_FOUND"],
  [422, "KioskUnprocessableError", "ERR_UNPROCESSABLE"],
  [429, "KioskRateLimitError", "ERR_RATE_LIMIT"],
  ...[500, 501, 502, 503, 504, 505, 507, 511, 520, 522, 529, 599].map(
    (status) => [status, "KioskServerError", "ERR_SERVER"] as const,
  ),
];

/**
 * Statuses after which it is unknown whether a write took effect. HTTP does not define 499: a gateway may send it after the
 * effect.
 */
const AMBIGUOUS = (status: number) => status === 408 || status === 499 || status >= 500;

/** Error bodies, in shapes that Wise documents and in others, each with the code and message to read from it. */
const SHAPES: readonly (readonly [string, unknown, string | null, string | null])[] = [
  [
    "an OAuth error",
    { error: "invalid_token", error_description: "Invalid token, or it expired" },
    "invalid_token",
    "Invalid token, or it expired",
  ],
  [
    "a list of errors",
    {
      timestamp: "2024-01-01T12:24:56Z",
      errors: [
        { code: "NOT_VALID", message: "Please enter a kiosk.", path: "kioskId", arguments: [] },
        { code: "SECOND", message: "Another.", arguments: null },
      ],
    },
    "NOT_VALID",
    "Please enter a kiosk.",
  ],
  [
    "a framework error",
    { timestamp: "2024-01-01T12:24:56Z", status: 403, error: "unauthorized", message: "Unauthorized" },
    "unauthorized",
    "Unauthorized",
  ],
  [
    "a framework error with an exception",
    {
      timestamp: "2024-01-01T12:24:56Z",
      status: 500,
      error: "Internal Server Error",
      exception: "java.lang.IllegalStateException",
      message: "No message available",
      path: "/v3/spend",
    },
    "Internal Server Error",
    "No message available",
  ],
  [
    "a simulation error",
    { code: "kyc_review.not_found", category: "CLIENT", description: "No such review", details: null },
    "kyc_review.not_found",
    "No such review",
  ],
  [
    "a card access error",
    { type: "/errors/types/access", status: 403, code: "unauthorized", detail: "You cannot access this card" },
    "unauthorized",
    "You cannot access this card",
  ],
  [
    "a card validation error",
    {
      type: "/errors/types/validation",
      title: "The request is not valid",
      status: 400,
      instance: "/v4/spend/profiles/123456",
      errors: [{ code: "invalid", ref: "kioskId", detail: "must not be blank" }],
    },
    "invalid",
    "must not be blank",
  ],
  [
    "a card server error",
    { type: "/errors/types/server", status: 500, detail: "Something went wrong" },
    null,
    "Something went wrong",
  ],
  [
    "a problem document",
    {
      type: "about:blank",
      title: "Not Found",
      status: 404,
      code: "card.not.found",
      detail: "The card was not found",
      instance: "/public/v4/spend",
    },
    "card.not.found",
    "The card was not found",
  ],
  ["a problem document with only a title", { type: "about:blank", title: "Forbidden", status: 403 }, null, "Forbidden"],
  [
    "a body with only a message",
    { message: "Permission 'POS_CONTACTLESS' is not supported for this card" },
    null,
    "Permission 'POS_CONTACTLESS' is not supported for this card",
  ],
  [
    "the state of a production",
    JSON.parse(WISE_EXAMPLES.requestError),
    "PIN_VERIFICATION_FAILED",
    "The PIN cannot be verified because the server is unreachable",
  ],
  [
    "a list of invalid fields",
    { error: "BAD_REQUEST", message: "Validation failed", errors: [{ field: "kioskId", message: "is missing" }] },
    "BAD_REQUEST",
    "Validation failed",
  ],
  ["a message with a request id", { message: "Internal error", request_id: "0123" }, null, "Internal error"],
  ["an object without any known field", { errors: [], code: 7, message: null }, null, null],
  ["an array", [{ code: "NOT_READ" }], null, null],
  ["a number", 7, null, null],
];

describe.each(TRANSPORTS)("API errors through %s", (_name, transport) => {
  it.each(CLASSES)("maps HTTP %d to a %s with the code %s", async (status, name, code) => {
    await using server = await startHttpServer(reply(status, { message: "No." }));
    for (const [method, call] of CALLS) {
      const error = await catchRejection(call(createClient(server, transport)));
      expect(error).toBeInstanceOf(KioskApiError);
      expect(error).toMatchObject({ name, code, httpStatus: status, errorMessage: "No." });
      const mayHaveTakenEffect = method !== "getProductionStatus" && AMBIGUOUS(status);
      const said = `${method}: Wise responded with HTTP ${status}: No.`;
      const { message } = error as Error;
      expect(mayHaveTakenEffect ? message.slice(0, said.length) : message).toBe(said);
      expect(error).toMatchObject({ mayHaveTakenEffect });
    }
    expect(server.requests).toHaveLength(CALLS.length);
  });

  it.each(SHAPES)("reads the code and message of %s", async (_what, body, errorCode, errorMessage) => {
    await using server = await startHttpServer(reply(400, JSON.stringify(body)));
    const error = await catchRejection(createClient(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({ name: "KioskApiError", errorCode, errorMessage, body });
  });

  it.each<[string, string | Uint8Array, string, string | null, unknown]>([
    ["an empty body labelled as JSON", "", "application/json", null, ""],
    [
      "an HTML page",
      "<!doctype html>\n<h1>Bad gateway</h1>",
      "text/html",
      null,
      "<!doctype html>\n<h1>Bad gateway</h1>",
    ],
    ["plain text", "upstream connect error\n", "text/plain", "upstream connect error", "upstream connect error\n"],
    ["text labelled as JSON", "oops", "application/json", "oops", "oops"],
    ["JSON labelled as text", '{"message":"No."}', "text/plain", "No.", { message: "No." }],
    ["a JSON string", '"No."', "application/json", "No.", "No."],
    [
      "bytes that are not UTF-8",
      new Uint8Array([0x4e, 0xff, 0x6f, 0xc3]),
      "application/json",
      "N\ufffdo\ufffd",
      "N\ufffdo\ufffd",
    ],
  ])("reads the message and body of %s", async (_what, body, type, errorMessage, shown) => {
    await using server = await startHttpServer(reply(500, body, { "Content-Type": type }));
    const error = await catchRejection(createClient(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({ name: "KioskServerError", errorCode: null, errorMessage, body: shown });
  });

  it("carries the correlation id, the trace id, the rate limiter and Retry-After", async () => {
    await using server = await startHttpServer(
      reply(429, "", {
        "x-trace-id": "0123456789abcdef0123456789abcdef",
        "X-Rate-Limited-By": "wise-public-api",
        "Retry-After": "5",
      }),
    );
    const error = await catchRejection(
      createClient(server, transport).produceCard(PRODUCE, { correlationId: "desk-7" }),
    );
    expect(error).toMatchObject({
      correlationId: "desk-7",
      traceId: "0123456789abcdef0123456789abcdef",
      rateLimitedBy: "wise-public-api",
      retryAfterMs: 5000,
      productionAfter: undefined,
    });
  });

  it("carries the longest wait if several Retry-After headers arrive", async () => {
    await using server = await startHttpServer((response) =>
      response.writeHead(429, { "Retry-After": ["90", "5"] }).end(),
    );
    const error = await catchRejection(createClient(server, { ...transport, maxRetries: 1 }).produceCard(PRODUCE));
    expect(error).toMatchObject({ name: "KioskRateLimitError", retryAfterMs: 90_000 });
    expect(server.requests).toHaveLength(1);
  });

  it("has null for every detail that the response lacks", async () => {
    await using server = await startHttpServer(reply(429, ""));
    const error = await catchRejection(createClient(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({ traceId: null, rateLimitedBy: null, retryAfterMs: null, errorCode: null });
  });

  it("carries at most 16 KiB of the body, as text", async () => {
    const long = { message: "No.", padding: "x".repeat(16 * 1024) };
    await using server = await startHttpServer(reply(400, long));
    const error = await catchRejection(createClient(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({ body: JSON.stringify(long).slice(0, 16 * 1024) });
  });

  it("carries at most 16 KiB of a JSON string as its message", async () => {
    await using server = await startHttpServer(reply(400, JSON.stringify("No.".repeat(100_000))));
    const error = await catchRejection(createClient(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({ errorMessage: "No.".repeat(6000).slice(0, 16 * 1024) });
  });

  it("has a message that begins with a token, which is redacted", async () => {
    await using server = await startHttpServer(reply(400, `${TOKEN} is not valid`));
    const error = await catchRejection(createClient(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({ errorMessage: "[redacted] is not valid" });
  });

  it("carries a body as text if it is nested too deep", async () => {
    const deep = `${'{"a":'.repeat(1000)}1${"}".repeat(1000)}`;
    await using server = await startHttpServer(reply(400, deep));
    expect(await catchRejection(createClient(server, transport).produceCard(PRODUCE))).toMatchObject({ body: deep });
  });

  it("has a one-line message without control characters", async () => {
    const forged = "first\r\n\u001b[31mERROR\u202e forged\u0000\u2028line";
    await using server = await startHttpServer(reply(400, { code: "a\nb", message: forged }));
    const { message } = (await catchRejection(createClient(server, transport).produceCard(PRODUCE))) as Error;
    expect(message).toBe("produceCard: Wise responded with HTTP 400: a b: first [31mERROR  forged line");
  });

  it("leaves the body out of JSON", async () => {
    await using server = await startHttpServer(reply(400, { message: "No.", customer: "Ada" }));
    const error = await catchRejection(createClient(server, transport).produceCard(PRODUCE));
    expect(JSON.stringify(error)).not.toContain("Ada");
    expect(error).toMatchObject({ body: { customer: "Ada" } });
  });
});
