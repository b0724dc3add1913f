import { describe, expect, it } from "vitest";
import { parseEndpoint } from "../../src/options/endpoint-options.js";

describe("readDestination", () => {
  it.each([
    ["production", undefined, "https://api.wise.com"],
    ["production", {}, "https://api-mtls.transferwise.com"],
    ["sandbox", undefined, "https://api.wise-sandbox.com"],
    ["sandbox", {}, "https://api-mtls.wise-sandbox.com"],
  ] as const)("leads to the host of %s, with a certificate to that for mTLS", (environment, mtls, origin) => {
    expect(parseEndpoint({ environment, mtls })).toMatchObject({ origin, prefix: "" });
  });

  it.each([undefined, {}])("leads to a base URL rather than to an environment", (mtls) => {
    const destination = parseEndpoint({ environment: "sandbox", baseUrl: "https://gate.example:8443/wise/", mtls });
    expect(destination).toEqual({ origin: "https://gate.example:8443", hostname: "gate.example", prefix: "/wise" });
  });
});
