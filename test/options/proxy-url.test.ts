import { expect, it } from "vitest";
import { KioskArgumentError } from "../../src/errors/argument-error.js";
import { parseProxyUrl } from "../../src/options/proxy-url.js";

it.each([
  ["http://proxy.bank.example", { isSecure: false, hostname: "proxy.bank.example", port: 80 }],
  ["http://proxy.bank.example:3128/", { isSecure: false, hostname: "proxy.bank.example", port: 3128 }],
  ["https://proxy.bank.example", { isSecure: true, hostname: "proxy.bank.example", port: 443 }],
  ["https://10.0.0.1:8443", { isSecure: true, hostname: "10.0.0.1", port: 8443 }],
  ["http://[fd00::1]:3128", { isSecure: false, hostname: "fd00::1", port: 3128 }],
])("parses the proxy %s into a host and a port", (url, proxy) => {
  expect(parseProxyUrl("mtls.proxy", url)).toEqual({ ...proxy, authorization: undefined });
});

it.each([undefined, null, 3128, "", "proxy.bank.example:3128", "socks5://proxy.bank.example"])(
  "refuses %o as the URL of a proxy",
  (value) => {
    expect(() => parseProxyUrl("mtls.proxy", value)).toThrow(KioskArgumentError);
  },
);
