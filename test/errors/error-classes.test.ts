import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import {
  KioskApiError,
  type KioskApiErrorDetails,
  KioskAuthenticationError,
  KioskNotFoundError,
  KioskPermissionError,
  KioskRateLimitError,
  KioskServerError,
  KioskUnprocessableError,
} from "../../src/errors/api-error.js";
import { KioskArgumentError } from "../../src/errors/argument-error.js";
import { KioskConnectionError, KioskTimeoutError } from "../../src/errors/connection-error.js";
import { KioskDecodeError } from "../../src/errors/decode-error.js";
import { KioskError } from "../../src/errors/kiosk-error.js";
import { KioskTokenError } from "../../src/errors/token-error.js";
import { KioskWaitTimeoutError } from "../../src/errors/wait-timeout-error.js";
import {
  KioskWebhookForeignError,
  KioskWebhookPayloadError,
  KioskWebhookSignatureError,
} from "../../src/errors/webhook-errors.js";
import type { Production } from "../../src/production/production.js";

const body = { message: "a body of Wise's" };
const answer: KioskApiErrorDetails = {
  httpStatus: 418,
  body,
  errorCode: "teapot",
  errorMessage: "I am a teapot",
  correlationId: "11111111-2222-4333-8444-555555555555",
  traceId: "0123456789abcdef0123456789abcdef",
  retryAfterMs: 5000,
};
const production: Production = {
  status: "IN_PROGRESS",
  kioskId: "WIS00001",
  occurredAt: null,
  errorCode: null,
  description: null,
};

const ERRORS = [
  ["KioskArgumentError", "ERR_ARGUMENT", new KioskArgumentError("kioskId", "must not be empty.")],
  ["KioskTokenError", "ERR_TOKEN", new KioskTokenError("The token provider failed.")],
  ["KioskApiError", "ERR_API", new KioskApiError("Wise answered 418.", answer)],
  ["KioskAuthenticationError", "ERR_AUTHENTICATION", new KioskAuthenticationError("401", answer)],
  ["KioskPermissionError", "ERR_PERMISSION", new KioskPermissionError("403", answer)],
  ["KioskNotFoundError", "ERR_NOT_FOUND", new KioskNotFoundError("404", answer)],
  ["KioskUnprocessableError", "ERR_UNPROCESSABLE", new KioskUnprocessableError("422", answer)],
  ["KioskRateLimitError", "ERR_RATE_LIMIT", new KioskRateLimitError("429", { ...answer, rateLimitedBy: "gateway" })],
  ["KioskServerError", "ERR_SERVER", new KioskServerError("500", answer)],
  ["KioskConnectionError", "ERR_CONNECTION", new KioskConnectionError("No answer.", { requestSent: true })],
  ["KioskTimeoutError", "ERR_TIMEOUT", new KioskTimeoutError("Too late.", { requestSent: false })],
  ["KioskWaitTimeoutError", "ERR_WAIT_TIMEOUT", new KioskWaitTimeoutError("Still printing.", production)],
  ["KioskDecodeError", "ERR_DECODE", new KioskDecodeError("Not JSON.", { issues: [], body, httpStatus: 200 })],
  ["KioskWebhookSignatureError", "ERR_WEBHOOK_SIGNATURE", new KioskWebhookSignatureError("missing", "No signature.")],
  [
    "KioskWebhookForeignError",
    "ERR_WEBHOOK_FOREIGN",
    new KioskWebhookForeignError("Not yours.", { subscriptionId: "72195556", clientId: null }),
  ],
  ["KioskWebhookPayloadError", "ERR_WEBHOOK_PAYLOAD", new KioskWebhookPayloadError("No status.", [])],
] as const;

describe.each(ERRORS)("%s", (name, code, error) => {
  it("carries its name and code", () => {
    expect([error.name, error.code]).toEqual([name, code]);
    expect(String(error)).toBe(`${name}: ${error.message}`);
    expect(error.stack).toContain(error.message);
  });

  it("is an Error and a KioskError", () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(KioskError);
  });

  it("has plain data for a log, without the body", () => {
    const logged = JSON.parse(JSON.stringify(error));
    expect(logged).toMatchObject({ name, code, message: error.message });
    expect(logged).toHaveProperty("mayHaveTakenEffect", false);
    expect(logged).not.toHaveProperty("body");
    expect(Object.keys(error)).not.toContain("body");
    expect(logged).not.toHaveProperty("cause");
  });

  it("shows its name when inspected", () => {
    expect(inspect(error)).toContain(name);
  });
});

describe("a KioskApiError of any kind", () => {
  it.each(ERRORS.filter(([, , error]) => error instanceof KioskApiError))(
    "%s carries the answer",
    (_name, _code, error) => {
      expect(error).toBeInstanceOf(KioskApiError);
      expect(error).toMatchObject(answer);
    },
  );

  it("tells which limit was reached, if it was one", () => {
    expect(new KioskRateLimitError("429", { ...answer, rateLimitedBy: null }).rateLimitedBy).toBeNull();
  });
});

describe("what every KioskError carries", () => {
  it("nothing may have happened, unless it is said", () => {
    const silent = new KioskConnectionError("No answer.", { requestSent: false });
    expect(silent.mayHaveTakenEffect).toBe(false);
    expect(silent.productionAfter).toBeUndefined();
    const doubtful = new KioskServerError("500", { ...answer, mayHaveTakenEffect: true, productionAfter: production });
    expect(doubtful.mayHaveTakenEffect).toBe(true);
    expect(doubtful.productionAfter).toBe(production);
  });

  it("a cause, kept as it is and out of sight of loops over its fields", () => {
    const cause = new Error("theirs");
    const error = new KioskTokenError("The token provider failed.", { cause });
    expect(error.cause).toBe(cause);
    expect(Object.keys(error)).not.toContain("cause");
    expect("cause" in new KioskTokenError("It gave nothing.")).toBe(false);
  });

  it("a cause that is undefined is a cause: a provider may reject with nothing", () => {
    expect("cause" in new KioskTokenError("The token provider failed.", { cause: undefined })).toBe(true);
  });
});

describe("the fields of single classes", () => {
  it("name the argument at the start of the message", () => {
    const error = new KioskArgumentError("profileId", "must be a positive integer.");
    expect(error.argument).toBe("profileId");
    expect(error.message).toBe("profileId must be a positive integer.");
  });

  it("say whether the request was sent", () => {
    expect(new KioskConnectionError("Reset.", { requestSent: true }).requestSent).toBe(true);
    expect(new KioskTimeoutError("Too late.", { requestSent: false }).requestSent).toBe(false);
    expect(new KioskTimeoutError("Too late.", { requestSent: false })).toBeInstanceOf(KioskConnectionError);
  });

  it("keep the last production of a wait", () => {
    const error = new KioskWaitTimeoutError("Still printing.", production);
    expect([error.lastProduction, error.productionAfter]).toEqual([production, production]);
    expect(new KioskWaitTimeoutError("Nothing was seen.", undefined).lastProduction).toBeUndefined();
  });

  it("keep what was not understood", () => {
    const issues = [{ path: "status", message: "Required" }];
    const error = new KioskDecodeError("Not the state of a production.", { issues, body: "{}", httpStatus: 200 });
    expect(error).toMatchObject({ issues, body: "{}", httpStatus: 200 });
    expect(new KioskWebhookPayloadError("No status.", issues).issues).toBe(issues);
  });

  it("say what is wrong with a webhook", () => {
    expect(new KioskWebhookSignatureError("mismatch", "Not signed by these keys.").reason).toBe("mismatch");
    expect(new KioskWebhookForeignError("Not yours.", { subscriptionId: null, clientId: "bank" })).toMatchObject({
      subscriptionId: null,
      clientId: "bank",
    });
  });
});
