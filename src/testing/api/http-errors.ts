import type { DecodeIssue } from "../../errors/decode-error.js";
import { jsonResponse } from "./json-response.js";
import type { SimulatedResponse } from "./simulated-http.js";

/**
 * Error responses in the shapes in which Wise documents its errors. For these operations Wise documents none, so
 * which shape comes with which status is the simulator's own choice.
 *
 * @see https://docs.wise.com/guides/developer/errors
 */

/** 400: the body of the request is not valid. */
export function badRequest(issues: readonly DecodeIssue[], timestamp: string): SimulatedResponse {
  const errors = issues.map(({ path, message }) => ({ code: "error.validation", message, path, arguments: [] }));
  return jsonResponse(400, { timestamp, errors });
}

/** 401: there is no token, or not one of the simulator's. */
export function unauthorized(error: "missing_token" | "invalid_token"): SimulatedResponse {
  const description = error === "missing_token" ? "No access token was sent" : "The access token is not valid";
  return jsonResponse(401, { error, error_description: description });
}

/** 404: no such path or card. `detail` says what was probably meant. */
export function notFound(detail: string): SimulatedResponse {
  const body = { type: "about:blank", title: "Not Found", status: 404, code: "not_found", detail };
  return jsonResponse(404, body, { "content-type": "application/problem+json" });
}

/** 405: the path has no such method. */
export function methodNotAllowed(allowed: readonly string[], path: string, timestamp: string): SimulatedResponse {
  const message = `Only ${allowed.join(" and ")} can be used here`;
  const body = { timestamp, status: 405, error: "Method Not Allowed", message, path };
  return jsonResponse(405, body, { allow: allowed.join(", ") });
}
