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
import { KioskIntentError } from "../../src/errors/intent-error.js";
import { KioskError } from "../../src/errors/kiosk-error.js";
import { KioskPrintJobConflictError, KioskPrintJobStoreError } from "../../src/errors/print-job-errors.js";
import { KioskTokenError } from "../../src/errors/token-error.js";
import { KioskWaitTimeoutError } from "../../src/errors/wait-timeout-error.js";
import {
  KioskWebhookForeignError,
  KioskWebhookPayloadError,
  KioskWebhookSignatureError,
} from "../../src/errors/webhook-errors.js";
import type { Production } from "../../src/production/production.js";
import { JOBS } from "../support/print-job-records.js";

const body = { message: "a body from Wise" };
const response: KioskApiErrorDetails = {
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
  ["KioskIntentError", "ERR_INTENT", new KioskIntentError("onIntent failed.")],
  ["KioskApiError", "ERR_API", new KioskApiError("Wise responded with 418.", response)],
  ["KioskAuthenticationError", "ERR_AUTHENTICATION", new KioskAuthenticationError("401", response)],
  ["KioskPermissionError", "ERR_PERMISSION", new KioskPermissionError("403", response)],
  ["KioskNotFoundError", "ERR_NOT_FOUND", new KioskNotFoundError("404", response)],
  ["KioskUnprocessableError", "ERR_UNPROCESSABLE", new KioskUnprocessableError("422", response)],
  ["KioskRateLimitError", "ERR_RATE_LIMIT", new KioskRateLimitError("429", { ...response, rateLimitedBy: "gateway" })],
  ["KioskServerError", "ERR_SERVER", new KioskServerError("500", response)],
  ["KioskConnectionError", "ERR_CONNECTION", new KioskConnectionError("No response.", { requestSent: true })],
  ["KioskTimeoutError", "ERR_TIMEOUT", new KioskTimeoutError("Too late.", { requestSent: false })],
  ["KioskWaitTimeoutError", "ERR_WAIT_TIMEOUT", new KioskWaitTimeoutError("Still printing.", production)],
  ["KioskDecodeError", "ERR_DECODE", new KioskDecodeError("Not JSON.", { issues: [], body, httpStatus: 200 })],
  ["KioskPrintJobConflictError", "ERR_PRINT_JOB_CONFLICT", new KioskPrintJobConflictError("Open.", JOBS.accepted)],
  [
    "KioskPrintJobStoreError",
    "ERR_PRINT_JOB_STORE",
    new KioskPrintJobStoreError("Down.", { job: JOBS.accepted, cause: undefined }),
  ],
  ["KioskWebhookSignatureError", "ERR_WEBHOOK_SIGNATURE", new KioskWebhookSignatureError("missing", "No signature.")],
  [
    "KioskWebhookForeignError",
    "ERR_WEBHOOK_FOREIGN",
    new KioskWebhookForeignError("Not yours.", { subscriptionId: "72195556", clientId: null }),
  ],
  ["KioskWebhookPayloadError", "ERR_WEBHOOK_PAYLOAD", new KioskWebhookPayloadError("No status.", [])],
] as const;

describe.each(ERRORS)("%s", (name, code, error) => {
  it(`${name} carries its name and code`, () => {
    expect([error.name, error.code]).toEqual([name, code]);
    expect(String(error)).toBe(`${name}: ${error.message}`);
    expect(error.stack).toContain(error.message);
  });

  it(`${name} is an Error and a KioskError`, () => {
    expect(error).toBeInstanceOf(Error);
    expect(error).toBeInstanceOf(KioskError);
  });

  it(`${name} serializes to plain data without the body`, () => {
    const logged = JSON.parse(JSON.stringify(error));
    expect(logged).toMatchObject({ name, code, message: error.message });
    expect(logged).toHaveProperty("mayHaveTakenEffect", false);
    expect(logged).not.toHaveProperty("body");
    expect(Object.keys(error)).not.toContain("body");
    expect(logged).not.toHaveProperty("cause");
  });

  it(`${name} shows its name when inspected`, () => {
    expect(inspect(error)).toContain(name);
  });
});

it.each([
  ["body", () => new KioskApiError("Wise responded with 418.", response)],
  ["body", () => new KioskDecodeError("Not JSON.", { issues: [], body, httpStatus: 200 })],
  ["job", () => new KioskPrintJobConflictError("Open.", JOBS.accepted)],
])("the field %s of an error differs from other fields only in that it is not enumerable", (field, create) => {
  const attributes = { enumerable: false, configurable: true, writable: true };
  expect(Object.getOwnPropertyDescriptor(create(), field)).toMatchObject(attributes);
});

describe("a KioskApiError of any kind", () => {
  it.each(ERRORS.filter(([, , error]) => error instanceof KioskApiError))(
    "%s carries the details of the response",
    (_name, _code, error) => {
      expect(error).toBeInstanceOf(KioskApiError);
      expect(error).toMatchObject(response);
    },
  );

  it("KioskRateLimitError has a rateLimitedBy of null if Wise names no limit", () => {
    expect(new KioskRateLimitError("429", { ...response, rateLimitedBy: null }).rateLimitedBy).toBeNull();
  });
});

describe("the details of a KioskError", () => {
  it("mayHaveTakenEffect is false unless the details say otherwise", () => {
    const silent = new KioskConnectionError("No response.", { requestSent: false });
    expect(silent.mayHaveTakenEffect).toBe(false);
    expect(silent.productionAfter).toBeUndefined();
    const doubtful = new KioskServerError("500", {
      ...response,
      mayHaveTakenEffect: true,
      productionAfter: production,
    });
    expect(doubtful.mayHaveTakenEffect).toBe(true);
    expect(doubtful.productionAfter).toBe(production);
  });

  it.each([
    ["produceCard", " (the outcome is unknown; the card may be printing: read the status before you produce it again)"],
    ["ensure", " (a subscription may have been created: call `ensure` again)"],
    ["getProductionStatus", ""],
  ])("the message after %s in doubt says what to do, if anything", (operation, advice) => {
    const inDoubt = { requestSent: true, mayHaveTakenEffect: true, operation };
    expect(new KioskConnectionError("No response.", inDoubt).message).toBe(`No response.${advice}`);
  });

  it("keeps the cause unchanged and not enumerable", () => {
    const cause = new Error("theirs");
    const error = new KioskTokenError("The token provider failed.", { cause });
    expect(error.cause).toBe(cause);
    expect(Object.keys(error)).not.toContain("cause");
    expect("cause" in new KioskTokenError("It returned nothing.")).toBe(false);
  });

  it("keeps a cause of undefined, because a provider may reject with nothing", () => {
    expect("cause" in new KioskTokenError("The token provider failed.", { cause: undefined })).toBe(true);
  });
});

describe("the fields of single classes", () => {
  it("KioskArgumentError names the argument at the start of its message", () => {
    const error = new KioskArgumentError("profileId", "must be a positive integer.");
    expect(error.argument).toBe("profileId");
    expect(error.message).toBe("profileId must be a positive integer.");
  });

  it("connection errors say whether the request was sent", () => {
    expect(new KioskConnectionError("Reset.", { requestSent: true }).requestSent).toBe(true);
    expect(new KioskTimeoutError("Too late.", { requestSent: false }).requestSent).toBe(false);
    expect(new KioskTimeoutError("Too late.", { requestSent: false })).toBeInstanceOf(KioskConnectionError);
  });

  it("KioskWaitTimeoutError keeps the last production", () => {
    const error = new KioskWaitTimeoutError("Still printing.", production);
    expect([error.lastProduction, error.productionAfter]).toEqual([production, production]);
    expect(new KioskWaitTimeoutError("Nothing was read.", undefined).lastProduction).toBeUndefined();
  });

  it("decode errors keep the issues and the body", () => {
    const issues = [{ path: "status", message: "Required" }];
    const error = new KioskDecodeError("Not a valid production.", { issues, body: "{}", httpStatus: 200 });
    expect(error).toMatchObject({ issues, body: "{}", httpStatus: 200 });
    expect(new KioskWebhookPayloadError("No status.", issues).issues).toBe(issues);
  });

  it("webhook errors say what is wrong", () => {
    expect(new KioskWebhookSignatureError("mismatch", "Not signed by these keys.").reason).toBe("mismatch");
    expect(new KioskWebhookForeignError("Not yours.", { subscriptionId: null, clientId: "bank" })).toMatchObject({
      subscriptionId: null,
      clientId: "bank",
    });
  });
});
