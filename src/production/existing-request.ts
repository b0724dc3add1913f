import type { Production } from "./production.js";

/** Wise's codes of a refusal that says that a request for the card exists. That request may print. */
const REQUEST_EXISTS: readonly string[] = ["REQUEST_ALREADY_EXISTS", "REQUEST_CREATED_BUT_NOT_STARTED"];

/** Returns whether a production is a refusal that says that a request for the card exists. */
export function saysThatRequestExists({ status, errorCode }: Production): boolean {
  return status === "REQUEST_ERROR" && REQUEST_EXISTS.includes(errorCode ?? "");
}

/** Returns whether a text, such as a body that cannot be decoded, contains the code of such a refusal. */
export function mentionsExistingRequest(text: string): boolean {
  return REQUEST_EXISTS.some((code) => text.includes(code));
}
