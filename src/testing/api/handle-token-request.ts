import { nearestDate } from "../../time/nearest-date.js";
import type { ApplicationState } from "./handle-subscription-request.js";
import { jsonResponse } from "./json-response.js";
import type { SimulatedRequest, SimulatedResponse } from "./simulated-http.js";

/** How long a token of the application is valid, in seconds: 12 hours. */
const TOKEN_LIFE_S = 43_200;

/** A token that the token endpoint has issued. */
export interface IssuedToken {
  readonly kind: "issue-token";
  readonly token: string;
  readonly expiresAt: Date;
}

/** The response of the token endpoint, and the token that it issues. */
export interface TokenResponse {
  readonly response: SimulatedResponse;
  readonly effect?: IssuedToken;
}

/** Issues a token of the application itself. */
export function issueToken(now: Date): IssuedToken {
  const expiresAt = nearestDate(now.getTime() + TOKEN_LIFE_S * 1000);
  return { kind: "issue-token", token: `client-credentials-${crypto.randomUUID()}`, expiresAt };
}

/**
 * Responds to a request to the token endpoint. It accepts every client id, and every secret unless the application has its own. It
 * issues tokens for the client-credentials grant only: a refresh token belongs to a customer.
 *
 * @see https://docs.wise.com/api-reference/oauth-token
 */
export function handleTokenRequest(
  { headers, body }: SimulatedRequest,
  { clientSecret, now }: Pick<ApplicationState, "clientSecret" | "now">,
): TokenResponse {
  const grantType = new URLSearchParams(body).get("grant_type");
  const given = basicSecret(headers["authorization"]);
  if (given === undefined || (clientSecret !== undefined && given !== clientSecret)) {
    return { response: tokenError(401, "invalid_grant", "Invalid user credentials.") };
  }
  if (grantType === null) return { response: tokenError(400, "invalid_request", "Missing grant type") };
  if (grantType !== "client_credentials") {
    const description = "The simulator issues tokens for grant_type=client_credentials only";
    return { response: tokenError(400, "unsupported_grant_type", description) };
  }
  const effect = issueToken(now);
  const { token, expiresAt } = effect;
  const issued = {
    access_token: token,
    token_type: "bearer",
    expires_in: TOKEN_LIFE_S - 1,
    expires_at: expiresAt.toISOString(),
    scope: "transfers",
  };
  return { response: jsonResponse(200, issued), effect };
}

/** Returns the client secret of HTTP Basic authentication, or `undefined` if the client id or the secret is missing. */
function basicSecret(authorization: string | undefined): string | undefined {
  const credentials = /^Basic +(\S+)$/i.exec(authorization ?? "")?.[1] ?? "";
  return /^[^:]+:(.+)/s.exec(Buffer.from(credentials, "base64").toString())?.[1];
}

function tokenError(status: number, error: string, description: string): SimulatedResponse {
  return jsonResponse(status, { error, error_description: description });
}
