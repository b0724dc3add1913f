import { describeValue, mustBe, quoteValue } from "../arguments/found-value.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import type { ProductionErrorCode } from "../production/error-codes.js";
import type { CardReference } from "./card-arguments.js";

/**
 * The end of a production that the sandbox can simulate.
 *
 * @see https://docs.wise.com/api-reference/simulation
 */
export type SimulatedStatus =
  | {
      /** The kiosk produced the card. */
      readonly status: "PRODUCED";
      /** Only allowed with `PRODUCTION_ERROR`. */
      readonly errorCode?: undefined;
    }
  | {
      /** The kiosk failed to produce the card. */
      readonly status: "PRODUCTION_ERROR";
      /** The error code of the failure: one that Wise documents, or any other non-blank string. Default: none. */
      readonly errorCode?: ProductionErrorCode | (string & {}) | undefined;
    };

/** The card, and the end of its production that the sandbox simulates. */
export type SimulateProductionStatusRequest = CardReference & SimulatedStatus;

/**
 * Validates a simulated status and returns it as the request body.
 *
 * @throws {KioskArgumentError} if the status or the error code is invalid, or the two do not go together.
 */
export function parseSimulatedStatus(simulated: SimulatedStatus): SimulatedStatus {
  const { status, errorCode }: { readonly status: string; readonly errorCode?: unknown } = simulated;
  if (status !== "PRODUCED" && status !== "PRODUCTION_ERROR") {
    throw mustBe("status", "'PRODUCED' or 'PRODUCTION_ERROR' (nothing else can be simulated)", quoteValue(status));
  }
  if (errorCode === undefined || errorCode === null) return { status };
  if (status === "PRODUCED") {
    throw new KioskArgumentError("errorCode", "is only allowed with status 'PRODUCTION_ERROR'");
  }
  if (typeof errorCode === "string" && errorCode.trim() !== "") return { status, errorCode };
  throw mustBe("errorCode", "a non-blank string", describeValue(errorCode));
}
