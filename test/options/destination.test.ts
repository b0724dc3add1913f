import { describe, expect, it } from "vitest";
import { parseEndpoint } from "../../src/options/endpoint-options.js";

describe("parseEndpoint", () => {
  it.each([
    ["production", undefined, "https://api.wise.com"],
    ["production", {}, "https://api-mtls.transferwise.com"],
    ["sandbox", undefined, "https://api.wise-sandbox.com"],
    ["sandbox", {}, "https://api-mtls.wise-sandbox.com"],
  ] as const)("returns the host of %s, or its mTLS host if there is a certificate", (environment, mtls, origin) => {
    expect(parseEndpoint({ environment, mtls })).toMatchObject({ origin, prefix: "" });
  });

  it.each([undefined, {}])("prefers a base URL to the host of the environment", (mtls) => {
    const endpoint = parseEndpoint({ environment: "sandbox", baseUrl: "https://gate.example:8443/wise/", mtls });
    expect(endpoint).toEqual({ origin: "https://gate.example:8443", hostname: "gate.example", prefix: "/wise" });
  });
});
