import { expect, it } from "vitest";
import { mentionsExistingRequest, saysThatRequestExists } from "../../src/production/existing-request.js";
import type { Production } from "../../src/production/production.js";

const refusal: Production = {
  status: "REQUEST_ERROR",
  kioskId: null,
  occurredAt: null,
  errorCode: "KIOSK_ID_NOT_FOUND",
  description: null,
};

it.each(["REQUEST_ALREADY_EXISTS", "REQUEST_CREATED_BUT_NOT_STARTED"])(
  "a refusal or a text with %s says that a request exists",
  (code) => {
    expect(saysThatRequestExists({ ...refusal, errorCode: code })).toBe(true);
    expect(mentionsExistingRequest(`{"errorCode":"${code}"`)).toBe(true);
  },
);

it("another refusal, and another status with one of the codes, say nothing of a request", () => {
  expect(saysThatRequestExists(refusal)).toBe(false);
  expect(saysThatRequestExists({ ...refusal, errorCode: null })).toBe(false);
  expect(saysThatRequestExists({ ...refusal, status: "PRODUCTION_ERROR", errorCode: "REQUEST_ALREADY_EXISTS" })).toBe(
    false,
  );
  expect(mentionsExistingRequest('{"errorCode":"KIOSK_ID_NOT_FOUND"')).toBe(false);
});
