import { type AnyKioskError, isKioskError } from "../errors/any-kiosk-error.js";
import { summarizeCause } from "../errors/cause-summary.js";
import type { KioskWaitTimeoutError } from "../errors/wait-timeout-error.js";
import { describeProduction } from "../production/describe-production.js";
import type { Production } from "../production/production.js";
import { printable } from "../text/printable.js";
import { EXIT, exitCodeForError } from "./definition/exit-code.js";
import { Interruption } from "./definition/program-io.js";
import { UnknownOutcome } from "./definition/unknown-outcome.js";

/** How a command failed. */
export interface Failure {
  readonly exitCode: number;
  /** For `--json`. It always has `name`, `message`, `code` and `mayHaveTakenEffect`. */
  readonly report: Readonly<Record<string, unknown>>;
  /** For a person. */
  readonly text: string;
}

/** Describes the error of a command. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof UnknownOutcome)) return describeError(error);
  const { report, text } = describeError(error.cause);
  const mayHaveTakenEffect = true;
  return {
    exitCode: EXIT.unknown,
    report: { ...report, mayHaveTakenEffect },
    text: report["mayHaveTakenEffect"] === true ? text : `${text}\n${error.message}`,
  };
}

function describeError(error: unknown): Failure {
  const exitCode = exitCodeForError(error);
  if (error instanceof Interruption) {
    const { message } = error;
    return {
      exitCode,
      report: { name: "Interruption", message, code: "ERR_INTERRUPTED", mayHaveTakenEffect: false },
      text: `${message}.`,
    };
  }
  if (!isKioskError(error)) return { exitCode, report: toReport(error), text: `Unexpected error: ${toMessage(error)}` };
  return error.code === "ERR_WAIT_TIMEOUT" ? describeWaitTimeout(error, exitCode) : describeKioskError(error, exitCode);
}

function describeKioskError(error: AnyKioskError, exitCode: number): Failure {
  const { productionAfter, message } = error;
  const text = productionAfter === undefined ? message : `${message}\n${describeLastState(productionAfter)}`;
  return { exitCode, report: error.toJSON(), text };
}

/** The cause is the failure of the last read, if it failed. It is the only sign that Wise was never reached. */
function describeWaitTimeout(error: KioskWaitTimeoutError, exitCode: number): Failure {
  const { lastProduction, cause } = error;
  const lines = [
    "--max-wait passed before the production ended.",
    lastProduction === undefined ? "Nothing was read." : describeLastState(lastProduction),
  ];
  if (!isKioskError(cause)) return { exitCode, report: error.toJSON(), text: lines.join("\n") };
  const codes = [cause.code, summarizeCause(cause.cause)?.code].filter((code) => code !== undefined);
  const text = [...lines, `The last read failed: ${cause.message} (${codes.join(", ")}).`].join("\n");
  return { exitCode, report: { ...error.toJSON(), cause: cause.toJSON() }, text };
}

function describeLastState(production: Production): string {
  return `The last state that was read: ${describeProduction(production)}`;
}

function toReport(error: unknown): Failure["report"] {
  return { name: "Error", message: toMessage(error), code: "ERR_UNEXPECTED", mayHaveTakenEffect: true };
}

function toMessage(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error));
}
