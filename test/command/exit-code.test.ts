import { expect, it } from "vitest";
import {
  describeProduction,
  KioskArgumentError,
  KioskAuthenticationError,
  KioskConnectionError,
  KioskDecodeError,
  KioskPermissionError,
  KioskServerError,
  KioskTimeoutError,
  KioskTokenError,
  KioskWaitTimeoutError,
  KioskWebhookSignatureError,
  type Production,
  parseProduction,
} from "wise-card-kiosk";
import { exitCodeForError, exitCodeForProduction } from "../../src/command/definition/exit-code.js";
import { mayStillPrint } from "../../src/command/definition/may-still-print.js";
import { UnknownOutcome } from "../../src/command/definition/unknown-outcome.js";
import { toFailure } from "../../src/command/failure.js";

const api = {
  httpStatus: 400,
  body: "",
  errorCode: null,
  errorMessage: null,
  correlationId: "id",
  traceId: null,
  retryAfterMs: null,
};

it.each<readonly [unknown, number]>([
  [new KioskArgumentError("port", "must be free"), 2],
  [new KioskTokenError("no token"), 4],
  [new KioskAuthenticationError("401", api), 4],
  [new KioskPermissionError("403", api), 4],
  [new KioskAuthenticationError("401 in doubt", { ...api, mayHaveTakenEffect: true }), 3],
  [new KioskServerError("500", api), 1],
  [new KioskServerError("500 in doubt", { ...api, mayHaveTakenEffect: true }), 3],
  [new KioskConnectionError("reset", { requestSent: false }), 3],
  [new KioskTimeoutError("timeout", { requestSent: true }), 3],
  [new KioskWaitTimeoutError("wait", undefined), 3],
  [new KioskDecodeError("decode", { issues: [] }), 3],
  [new KioskWebhookSignatureError("mismatch", "mismatch"), 1],
  [new Error("a fault of the program"), 3],
  ["not even an error", 3],
])("%s exits with %d", (error, exitCode) => {
  expect(exitCodeForError(error)).toBe(exitCode);
  expect(toFailure(error)).toMatchObject({
    exitCode,
    report: { code: expect.any(String), message: expect.any(String) },
  });
});

it("an unknown outcome exits with 3, whatever the error is", () => {
  const failure = toFailure(new UnknownOutcome(new KioskPermissionError("403", api), "Read the status."));
  expect(failure).toMatchObject({ exitCode: 3, report: { code: "ERR_PERMISSION", mayHaveTakenEffect: true } });
  expect(failure.text).toBe("403\nRead the status.");
});

it("an unknown outcome whose error says so already needs no further sentence", () => {
  const error = new KioskServerError("The card may be printing.", { ...api, mayHaveTakenEffect: true });
  expect(toFailure(new UnknownOutcome(error, "Read the status.")).text).toBe("The card may be printing.");
});

it("an unexpected error may have taken effect", () => {
  expect(toFailure(new Error("a fault"))).toEqual({
    exitCode: 3,
    report: { name: "Error", message: "a fault", code: "ERR_UNEXPECTED", mayHaveTakenEffect: true },
    text: "Unexpected error: a fault",
  });
});

it("an error after which the status was read says what it was", () => {
  const productionAfter = parseProduction({ status: "READY" });
  const { text } = toFailure(new KioskServerError("500", { ...api, productionAfter }));
  expect(text).toBe(`500\nThe last state that was read: ${describeProduction(productionAfter)}`);
});

it.each([
  [undefined, "ERR_CONNECTION"],
  [new Error("without a code"), "ERR_CONNECTION"],
  [Object.assign(new Error("refused"), { code: "ECONNREFUSED" }), "ERR_CONNECTION, ECONNREFUSED"],
])("a wait that passes says which state was read, and that the last read failed because of %s", (cause, codes) => {
  const last = parseProduction({ status: "IN_PROGRESS" });
  const failure = new KioskConnectionError("the request was not sent", { requestSent: false, cause });
  expect(toFailure(new KioskWaitTimeoutError("wait", last, { cause: failure })).text).toBe(
    "--max-wait passed before the production ended.\n" +
      `The last state that was read: ${describeProduction(last)}\n` +
      `The last read failed: the request was not sent (${codes}).`,
  );
});

it("a wait that never reached Wise says that nothing was read", () => {
  expect(toFailure(new KioskWaitTimeoutError("wait", undefined)).text).toBe(
    "--max-wait passed before the production ended.\nNothing was read.",
  );
});

it.each<readonly [Pick<Production, "status" | "errorCode">, number, boolean]>([
  [{ status: "READY", errorCode: null }, 3, true],
  [{ status: "IN_PROGRESS", errorCode: null }, 0, true],
  [{ status: "PRODUCED", errorCode: null }, 0, false],
  [{ status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_JAM" }, 1, false],
  [{ status: "PRODUCTION_ERROR", errorCode: "REQUEST_CREATED_BUT_NOT_STARTED" }, 1, false],
  [{ status: "REQUEST_ERROR", errorCode: "REQUEST_ALREADY_EXISTS" }, 1, false],
  [{ status: "REQUEST_ERROR", errorCode: "REQUEST_CREATED_BUT_NOT_STARTED" }, 3, true],
  [{ status: "PAUSED" as "UNRECOGNIZED", errorCode: null }, 3, true],
])("a production of %o exits with %d, and a print may follow: %s", (state, exitCode, isOpen) => {
  const production = parseProduction(state);
  expect([exitCodeForProduction(production), mayStillPrint(production)]).toEqual([exitCode, isOpen]);
});
