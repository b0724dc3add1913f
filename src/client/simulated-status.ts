import { KioskArgumentError } from "../errors/argument-error.js";
import type { ProductionErrorCode } from "../production/error-codes.js";

/**
 * The end of a production that the sandbox can simulate.
 *
 * @see https://docs.wise.com/api-reference/simulation
 */
export type SimulatedStatus =
  | { readonly status: "PRODUCED"; readonly errorCode?: undefined }
  | {
      readonly status: "PRODUCTION_ERROR";
      /** What is to have failed. */
      readonly errorCode?: ProductionErrorCode | (string & {}) | undefined;
    };

/** What is sent to have it simulated. */
export function readSimulatedStatus(simulated: SimulatedStatus): SimulatedStatus {
  const { status, errorCode }: { readonly status: string; readonly errorCode?: unknown } = simulated;
  if (status !== "PRODUCED" && status !== "PRODUCTION_ERROR") {
    throw new KioskArgumentError("status", "has to be 'PRODUCED' or 'PRODUCTION_ERROR'; others can not be simulated");
  }
  if (errorCode === undefined || errorCode === null) return { status };
  if (status === "PRODUCED") {
    throw new KioskArgumentError("errorCode", "can not be given with 'PRODUCED'; it goes with 'PRODUCTION_ERROR'");
  }
  if (typeof errorCode !== "string" || errorCode.trim() === "") {
    throw new KioskArgumentError("errorCode", "has to be a production error code, a string that is not empty");
  }
  return { status, errorCode };
}
