import { describe, expect, it } from "vitest";
import { classifyFailure, createTimeoutError } from "../../src/response/classify-failure.js";

const context = { operation: "produceCard", correlationId: "id", redact: (text: string) => text };
const history = {
  operation: "getProductionStatus",
  correlationId: "id",
  mayHaveTakenEffect: true,
  productionAfter: undefined,
};

const judged = (requestSent: boolean, failure: unknown) => {
  const verdict = classifyFailure(requestSent, failure, context);
  return { kind: verdict.kind, error: verdict.error(history) };
};

describe("judgeFailure", () => {
  it.each([
    [true, "ambiguous", "produceCard: no complete answer: other side closed"],
    [false, "not-taken", "produceCard: the request was not sent: other side closed"],
  ])("where a request was sent is %s: %s", (requestSent, kind, message) => {
    const { error, ...verdict } = judged(requestSent, new Error("other side closed"));
    expect(verdict.kind).toBe(kind);
    expect(error).toMatchObject({ name: "KioskConnectionError", message, requestSent, mayHaveTakenEffect: true });
  });

  it("says what was the matter in the end, in one line", () => {
    const refused = new TypeError("fetch failed", { cause: new Error("connect\r\nECONNREFUSED") });
    expect(judged(true, refused).error.message).toBe("produceCard: no complete answer: connect ECONNREFUSED");
  });

  it.each([undefined, null, {}, new Error("")])("says no more than it knows of %s", (failure) => {
    expect(judged(true, failure).error.message).toBe("produceCard: no complete answer");
  });

  it("has no cause where there is none", () => {
    expect("cause" in judged(true, undefined).error).toBe(false);
    expect(judged(true, "text").error.cause).toMatchObject({ message: "text" });
  });
});

it("timeoutErrorOf says which limit passed", () => {
  const error = createTimeoutError("produceCard", "deadlineMs", false)(history);
  expect(error).toMatchObject({
    name: "KioskTimeoutError",
    message: "produceCard: no complete answer within deadlineMs",
    requestSent: false,
    mayHaveTakenEffect: true,
  });
});
