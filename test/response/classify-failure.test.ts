import { describe, expect, it } from "vitest";
import { classifyFailure, createTimeoutError } from "../../src/response/classify-failure.js";

const context = { operation: "produceCard", correlationId: "id", redact: (text: string) => text };
const history = {
  operation: "getProductionStatus",
  correlationId: "id",
  mayHaveTakenEffect: true,
  productionAfter: undefined,
};

const classified = (requestSent: boolean, failure: unknown) => {
  const outcome = classifyFailure(requestSent, failure, context);
  return { kind: outcome.kind, error: outcome.error(history) };
};

describe("classifyFailure", () => {
  it.each([
    [true, "ambiguous", "produceCard: no complete response: other side closed"],
    [false, "not-taken", "produceCard: the request was not sent: other side closed"],
  ])("classifies a failure with requestSent %s as %s", (requestSent, kind, message) => {
    const { error, ...outcome } = classified(requestSent, new Error("other side closed"));
    expect(outcome.kind).toBe(kind);
    expect(error).toMatchObject({ name: "KioskConnectionError", message, requestSent, mayHaveTakenEffect: true });
  });

  it("reports the innermost cause in one line", () => {
    const refused = new TypeError("fetch failed", { cause: new Error("connect\r\nECONNREFUSED") });
    expect(classified(true, refused).error.message).toBe("produceCard: no complete response: connect ECONNREFUSED");
  });

  it.each([undefined, null, {}, new Error("")])("reports no reason for %s", (failure) => {
    expect(classified(true, failure).error.message).toBe("produceCard: no complete response");
  });

  it("creates an error without a cause if there is none", () => {
    expect("cause" in classified(true, undefined).error).toBe(false);
    expect(classified(true, "text").error.cause).toMatchObject({ message: "text" });
  });
});

it("createTimeoutError names what of the caller did not finish", () => {
  const { message } = createTimeoutError(
    "produceCard",
    "timeoutMs",
    false,
    "onIntent",
  )({ ...history, mayHaveTakenEffect: false });
  expect(message).toBe("produceCard: onIntent did not finish within timeoutMs");
});

it("createTimeoutError names the limit that passed", () => {
  const error = createTimeoutError("produceCard", "deadlineMs", false)(history);
  expect(error).toMatchObject({
    name: "KioskTimeoutError",
    message: "produceCard: no complete response within deadlineMs",
    requestSent: false,
    mayHaveTakenEffect: true,
  });
});
