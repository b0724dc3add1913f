import { isKioskError } from "../../errors/any-kiosk-error.js";
import { mayHaveTakenEffect } from "../../errors/may-have-taken-effect.js";
import type { Production } from "../../production/production.js";
import { mayStillPrint } from "./may-still-print.js";

/** The exit codes of the program. */
export const EXIT = {
  /** The command did what it should. */
  done: 0,
  /** Wise or the kiosk refused or failed, or a signature does not match. */
  failed: 1,
  /** The command line, an environment variable or a file is wrong. Nothing was sent. */
  wrongUse: 2,
  /** Wise was not reached, or the outcome is unknown. */
  unknown: 3,
  /** Wise does not accept the token, or the token does not permit the request. */
  notAuthorised: 4,
} as const;

/** Returns the exit code for the state in which a print ended, or in which `produce` left it. */
export function exitCodeForProduction(production: Production): number {
  switch (production.status) {
    case "IN_PROGRESS":
    case "PRODUCED":
      return EXIT.done;
    case "PRODUCTION_ERROR":
    case "REQUEST_ERROR":
      // The print may still start, so a script must not take this for a refusal and print again.
      return mayStillPrint(production) ? EXIT.unknown : EXIT.failed;
    case "READY":
    case "UNRECOGNIZED":
      return EXIT.unknown;
  }
}

/** Returns the exit code for an error. An unknown outcome takes precedence over its reason. */
export function exitCodeForError(error: unknown): number {
  if (!isKioskError(error) || mayHaveTakenEffect(error)) return EXIT.unknown;
  switch (error.code) {
    case "ERR_ARGUMENT":
      return EXIT.wrongUse;
    case "ERR_AUTHENTICATION":
    case "ERR_PERMISSION":
    case "ERR_TOKEN":
      return EXIT.notAuthorised;
    case "ERR_CONNECTION":
    case "ERR_TIMEOUT":
    case "ERR_WAIT_TIMEOUT":
    case "ERR_DECODE":
      return EXIT.unknown;
    default:
      return EXIT.failed;
  }
}
