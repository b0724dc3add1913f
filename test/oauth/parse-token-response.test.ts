import { expect, it } from "vitest";
import { KioskApiError } from "wise-card-kiosk";
import { parseTokenResponse } from "../../src/oauth/parse-token-response.js";

const context = { operation: "createRefreshingToken", correlationId: "id", redact: (text: string) => text };

function readError(body: string): unknown {
  const response = { status: 400, headers: new Map<string, string>(), body: Buffer.from(body), oversized: false };
  try {
    return parseTokenResponse({ kind: "finished", value: { kind: "responded", response } }, true, context);
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
