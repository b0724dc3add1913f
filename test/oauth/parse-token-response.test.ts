import { expect, it } from "vitest";
import { KioskApiError } from "wise-card-kiosk";
import { parseTokenResponse } from "../../src/oauth/parse-token-response.js";

const context = { correlationId: "id", redact: (text: string) => text };

function readError(body: string, status = 400, operation = "refreshToken"): unknown {
  const response = { status, headers: new Map<string, string>(), body: Buffer.from(body), oversized: false };
  try {
    return parseTokenResponse({ kind: "finished", value: { kind: "responded", response } }, true, {
      ...context,
      operation,
    });
  } catch (error) {
    return error;
  }
}

it.each([
  ["invalid_grant", "invalid_grant", /Wise responded with HTTP 400: invalid_grant/],
  ["invalid grant of a-token", null, /Wise responded with HTTP 400(?!:)/],
  [" invalid_grant", null, /Wise responded with HTTP 400(?!:)/],
])("a failed request for tokens with the error %j has the code %s", (said, errorCode, message) => {
  const error = readError(JSON.stringify({ error: said }));
  expect(error).toBeInstanceOf(KioskApiError);
  expect(error).toMatchObject({ errorCode, correlationId: "id", mayHaveTakenEffect: false });
  expect((error as Error).message).toMatch(message);
});

const CONNECT_AGAIN = "the refresh token is no longer valid: have the customer connect again";

it.each([
  ["refreshToken", 400, `invalid_grant (${CONNECT_AGAIN})`],
  ["refreshToken", 401, `invalid_grant (unless the client id or secret is wrong, ${CONNECT_AGAIN})`],
  ["requestToken", 401, "invalid_grant"],
])("the error of a %s after a %i with invalid_grant ends with what to do", (operation, status, end) => {
  const message = `${operation}: Wise responded with HTTP ${status}: ${end}`;
  expect(readError('{"error":"invalid_grant"}', status, operation)).toMatchObject({ message });
});

it("the error of a refresh after another 400 has no advice", () => {
  const message = "refreshToken: Wise responded with HTTP 400: invalid_request";
  expect(readError('{"error":"invalid_request"}')).toMatchObject({ message });
});

it("the error of a refresh with an unknown outcome says what to do", () => {
  const advice = "if the next refresh fails with invalid_grant, have the customer connect again";
  const message = `refreshToken: Wise responded with HTTP 500 (the outcome is unknown; the tokens may have been replaced: ${advice})`;
  expect(readError("", 500)).toMatchObject({ message });
});

it.each([
  ["refreshToken", 503, true],
  ["refreshToken", 429, false],
  ["requestToken", 503, false],
])("the error of a %s after a %i has mayHaveTakenEffect: %s", (operation, status, mayHaveTakenEffect) => {
  expect(readError("", status, operation)).toMatchObject({ mayHaveTakenEffect });
});
