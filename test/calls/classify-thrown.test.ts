import { describe, expect, it } from "vitest";
import {
  KioskArgumentError,
  KioskConnectionError,
  type KioskError,
  KioskIntentError,
  KioskTokenError,
} from "wise-card-kiosk";
import { classifyThrown } from "../../src/calls/classify-thrown.js";
import { ClosedClientError } from "../../src/transport/closed-client-error.js";

const context = { operation: "produceCard", correlationId: "id", redact: (text: string) => text };
const history = { ...context, mayHaveTakenEffect: false, productionAfter: undefined };
const createError = (error: unknown, mayHaveTakenEffect = false): KioskError =>
  classifyThrown(error, false, context).error({ ...history, mayHaveTakenEffect });

describe("classifyThrown", () => {
  it.each([
    ["of the token", KioskTokenError],
    ["of the intent", KioskIntentError],
  ])("copies an error %s with the history of the call", (_what, ErrorClass) => {
    const original = new ErrorClass("no", { cause: "because" });
    expect(classifyThrown(original, true, context).kind).toBe("rejected");
    const copy = createError(original, true);
    expect(copy).not.toBe(original);
    expect(copy).toBeInstanceOf(ErrorClass);
    expect(copy).toMatchObject({ cause: "because", correlationId: "id", mayHaveTakenEffect: true });
    expect(copy.message.startsWith(original.message)).toBe(true);
    expect("cause" in createError(new ErrorClass("no"))).toBe(false);
  });

  it("keeps the argument and the advice of a refusal if nothing of the call was sent", () => {
    const original = new KioskArgumentError("dispatcher", "must be another one");
    expect(classifyThrown(original, true, context).kind).toBe("rejected");
    const error = createError(original);
    expect(error).toBeInstanceOf(KioskArgumentError);
    expect(error).toMatchObject({ argument: "dispatcher", message: original.message, correlationId: "id" });
  });

  it("reports a refusal as a connection that failed if an earlier request may have taken effect", () => {
    const original = new KioskArgumentError("dispatcher", "must be another one");
    const error = createError(original, true);
    expect(error).toBeInstanceOf(KioskConnectionError);
    expect(error).toMatchObject({ requestSent: false, cause: original, mayHaveTakenEffect: true });
    expect(error.message).toContain("produceCard: the request was not sent: dispatcher must be another one");
  });

  it("ends the call if the client is closed, even if the request was handed over", () => {
    const outcome = classifyThrown(new ClosedClientError(), true, context);
    expect(outcome).toMatchObject({ kind: "ended", requestSent: false });
    expect(outcome.error({ ...history, mayHaveTakenEffect: true })).toMatchObject({
      name: "KioskConnectionError",
      requestSent: false,
      mayHaveTakenEffect: true,
    });
  });

  it.each([
    ["ambiguous", true],
    ["not-taken", false],
  ])("calls any other exception %s if the request was handed over: %s", (kind, wasHandedOver) => {
    expect(classifyThrown(new Error("x"), wasHandedOver, context).kind).toBe(kind);
  });
});
