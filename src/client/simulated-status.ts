import { describeValue, mustBe, quoteValue } from "../arguments/found-value.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import type { ProductionErrorCode } from "../production/error-codes.js";
import { simulationRequestSchema } from "../schemas/requests.js";

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
export function parseSimulatedStatus(simulated: SimulatedStatus): SimulatedStatus {
  const { status, errorCode }: { readonly status: string; readonly errorCode?: unknown } = simulated;
  if (status !== "PRODUCED" && status !== "PRODUCTION_ERROR") {
    throw mustBe("status", "'PRODUCED' or 'PRODUCTION_ERROR', which can be simulated", quoteValue(status));
  }
  if (errorCode === undefined || errorCode === null) return { status };
  const request = simulationRequestSchema.safeParse({ status, errorCode });
  if (request.success) return { status, errorCode } as SimulatedStatus;
  if (status === "PRODUCED") {
    throw new KioskArgumentError("errorCode", "cannot be given with 'PRODUCED': it belongs to 'PRODUCTION_ERROR'");
  }
  throw mustBe("errorCode", "a production error code as a non-empty string", describeValue(errorCode));
}
