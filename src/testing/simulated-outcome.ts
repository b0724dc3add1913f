import type { ProductionErrorCode, RequestErrorCode } from "../production/error-codes.js";

/**
 * What is to come of a production request: `"PRODUCED"`, a production error code with which the production fails, or
 * `{ refuse }` with a request error code with which the request is refused.
 */
export type SimulatedOutcome =
  | "PRODUCED"
  | ProductionErrorCode
  | (string & {})
  | { readonly refuse: RequestErrorCode | (string & {}) };
