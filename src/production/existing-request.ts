import type { Production } from "./production.js";

const REQUEST_EXISTS: ReadonlySet<string | null> = new Set([
  "REQUEST_ALREADY_EXISTS",
  "REQUEST_CREATED_BUT_NOT_STARTED",
]);

/** Whether a production is a refusal that says that a request for the card exists. That request may print. */
export function saysThatRequestExists({ status, errorCode }: Production): boolean {
  return status === "REQUEST_ERROR" && REQUEST_EXISTS.has(errorCode);
}
