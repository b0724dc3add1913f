import { isKioskError } from "../errors/any-kiosk-error.js";
import { describeProduction } from "../production/describe-production.js";
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
  const { productionAfter } = error;
  const state = productionAfter && `\nThe last state that was read: ${describeProduction(productionAfter)}`;
  const message = error.code === "ERR_WAIT_TIMEOUT" ? "--max-wait passed before the production ended." : error.message;
  return { exitCode, report: error.toJSON(), text: `${message}${state ?? ""}` };
}

function toReport(error: unknown): Failure["report"] {
  return { name: "Error", message: toMessage(error), code: "ERR_UNEXPECTED", mayHaveTakenEffect: true };
}

function toMessage(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error));
}
