import type { ProductionErrorCode, RequestErrorCode } from "../production/error-codes.js";

/** A production request that is refused. */
export interface SimulatedRefusal {
  /** The code with which the request is refused: 422 with the status `REQUEST_ERROR`. */
  readonly refuse: RequestErrorCode | (string & {});
}

/**
 * What comes of a production request: `"PRODUCED"`; a production error code, with which the production fails; or `{ refuse }`
 * with a request error code, with which the request is refused.
 */
export type SimulatedOutcome = "PRODUCED" | ProductionErrorCode | (string & {}) | SimulatedRefusal;
