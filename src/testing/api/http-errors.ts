import type { DecodeIssue } from "../../errors/decode-error.js";
import { jsonResponse } from "./json-response.js";
import type { SimulatedResponse } from "./simulated-http.js";

// Error responses in shapes that Wise documents. Wise documents none of them for these operations, so the shape for each status is
// the simulator's own choice: https://docs.wise.com/guides/developer/errors

/** Returns a 400: the request body is not valid. */
export function badRequest(issues: readonly DecodeIssue[], timestamp: string): SimulatedResponse {
  const errors = issues.map(({ path, message }) => ({ code: "error.validation", message, path, arguments: [] }));
  return jsonResponse(400, { timestamp, errors });
}

/** Returns a 401: the token is missing, or the simulator does not accept it. */
export function unauthorized(error: "missing_token" | "invalid_token"): SimulatedResponse {
  const description = error === "missing_token" ? "No access token was sent" : "The access token is not valid";
  return jsonResponse(401, { error, error_description: description });
}

/** Returns a 403: the token is valid, but not for this resource. */
export function forbidden(message: string, timestamp: string): SimulatedResponse {
  return jsonResponse(403, { timestamp, status: 403, error: "unauthorized", message });
}

/** Returns a 404: there is no such path, card or subscription. `detail` says what was probably meant. */
export function notFound(detail: string): SimulatedResponse {
  const body = { type: "about:blank", title: "Not Found", status: 404, code: "not_found", detail };
  return jsonResponse(404, body, { "content-type": "application/problem+json" });
}

/** Returns a 405: the path does not allow the method. */
export function methodNotAllowed(allowed: readonly string[], path: string, timestamp: string): SimulatedResponse {
  const message = `Only ${allowed.join(" and ")} can be used with this path`;
  const body = { timestamp, status: 405, error: "Method Not Allowed", message, path };
  return jsonResponse(405, body, { allow: allowed.join(", ") });
}
