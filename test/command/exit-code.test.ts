import { expect, it } from "vitest";
import {
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

it("a wait that never reached Wise says that nothing was read, and why the last read failed", () => {
  const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
  const cause = new KioskConnectionError("the request was not sent", { requestSent: false, cause: refused });
  expect(toFailure(new KioskWaitTimeoutError("wait", undefined, { cause })).text).toBe(
    "--max-wait passed before the production ended.\nNothing was read.\n" +
      "The last read failed: the request was not sent (ERR_CONNECTION, ECONNREFUSED).",
  );
});

it.each<readonly [Pick<Production, "status" | "errorCode">, number, boolean]>([
  [{ status: "READY", errorCode: null }, 3, true],
  [{ status: "IN_PROGRESS", errorCode: null }, 0, true],
  [{ status: "PRODUCED", errorCode: null }, 0, false],
  [{ status: "PRODUCTION_ERROR", errorCode: "PRD_HOPPER_JAM" }, 1, false],
  [{ status: "REQUEST_ERROR", errorCode: "REQUEST_ALREADY_EXISTS" }, 1, false],
  [{ status: "REQUEST_ERROR", errorCode: "REQUEST_CREATED_BUT_NOT_STARTED" }, 3, true],
  [{ status: "PAUSED" as "UNRECOGNIZED", errorCode: null }, 3, true],
])("a production of %o exits with %d, and a print may follow: %s", (state, exitCode, isOpen) => {
  const production = parseProduction(state);
  expect([exitCodeForProduction(production), mayStillPrint(production)]).toEqual([exitCode, isOpen]);
});
