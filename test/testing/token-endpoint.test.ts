import { expect, it } from "vitest";
import { handleTokenRequest } from "../../src/testing/api/handle-token-request.js";
import { createKioskSimulator } from "../../src/testing/index.js";

const NOW = new Date("2026-01-01T12:00:00.000Z");
const GRANT = "grant_type=client_credentials";

/** Requests a token. Returns the status and the body of the response. */
function requestToken(authorization: string | undefined, body = GRANT, clientSecret?: string) {
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const request = { method: "POST", path: "/oauth/token", headers, body };
  const { response, effect } = handleTokenRequest(request, { clientSecret, now: NOW });
  return { status: response.status, body: JSON.parse(response.body), effect };
}

it("a token of the application is issued for 12 hours, and expires_in is a second less", () => {
  const { status, body, effect } = requestToken(`Basic ${btoa("client:secret")}`);
  expect(status).toBe(200);
  expect(body).toEqual({
    access_token: expect.stringMatching(/^client-credentials-/),
    token_type: "bearer",
    expires_in: 43_199,
    expires_at: "2026-01-02T00:00:00.000Z",
    scope: "transfers",
  });
  expect(effect).toEqual({ kind: "issue-token", token: body.access_token, expiresAt: new Date(body.expires_at) });
});

it.each([
  ["without an authorization header", undefined],
  ["with another scheme", "Bearer token"],
  ["with another scheme in front", `NoBasic ${btoa("client:secret")}`],
  ["with something after the credentials", `Basic ${btoa("client:secret")} more`],
  ["without a client id", `Basic ${btoa(":secret")}`],
  ["without a client id, and with a secret that contains a colon", `Basic ${btoa(":secret:more")}`],
  ["without a secret", `Basic ${btoa("client:")}`],
])("no token is issued %s", (_what, authorization) => {
  const error = { error: "invalid_grant", error_description: "Invalid user credentials." };
  expect(requestToken(authorization)).toEqual({ status: 401, body: error, effect: undefined });
});

it.each([
  ["any secret is accepted if the application has none", "client:anything", undefined, 200],
  ["the secret of the application is accepted", "client:its:own", "its:own", 200],
  ["another secret is refused", "client:another", "its:own", 401],
])("at the token endpoint, %s", (_what, credentials, clientSecret, status) => {
  expect(requestToken(`basic  ${btoa(credentials)}`, GRANT, clientSecret).status).toBe(status);
});

it.each([
  ["", "invalid_request"],
  ["grant_type=refresh_token", "unsupported_grant_type"],
])("the token endpoint responds to the body '%s' with %s", (body, error) => {
  const refused = requestToken(`Basic ${btoa("client:secret")}`, body);
  expect(refused).toMatchObject({ status: 400, body: { error }, effect: undefined });
});

it("a request for a token is recorded with nothing but its grant type, even if the response is lost", async () => {
  const simulator = createKioskSimulator();
  simulator.injectFault({ fault: "lost-response" });
  const send = (body: string) => simulator.fetch("https://wise.invalid/oauth/token", { method: "POST", body });
  await expect(send(`${GRANT}&client_secret=hidden`)).rejects.toThrow("fetch failed");
  await send("client_secret=hidden");
  expect(simulator.requests.map(({ body, response }) => [body, response?.status])).toEqual([
    [GRANT, undefined],
    ["grant_type=", 401],
  ]);
});
