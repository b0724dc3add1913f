import { describe, expect, it } from "vitest";
import { missingToken, refusedCaller } from "../../src/sandbox/http/refused-caller.js";

const HOST = /^The Host header must name this machine/;
const ORIGIN = /^The Origin header names another web page/;
const SITE = /^The request comes from another web page/;

describe("refusedCaller", () => {
  it.each([
    ["no Host", {}],
    ["another host name", { host: "bank.example" }],
    ["this machine within another name", { host: "localhost.bank.example" }],
    ["a user name before this machine", { host: "bank@localhost" }],
    ["a path after this machine", { host: "localhost/path" }],
    ["an impossible port", { host: "localhost:99999" }],
    ["a name before this machine", { host: "bank, localhost" }],
    ["an invalid address", { host: "[::1::]" }],
  ])("refuses %s", (_what, headers) => {
    expect(refusedCaller(headers, "/", false)).toMatchObject({ status: 403, message: expect.stringMatching(HOST) });
  });

  it.each(["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080"])("accepts the Host %s", (host) => {
    expect(refusedCaller({ host }, "/state", false)).toBeUndefined();
  });

  it("accepts any host name, but none that is malformed, if the sandbox is open to the network", () => {
    expect(refusedCaller({ host: "sandbox.bank.example:8080" }, "/state", true)).toBeUndefined();
    expect(refusedCaller({ host: "sandbox.bank.example/path" }, "/state", true)).toMatchObject({ status: 403 });
    expect(refusedCaller({}, "/state", true)).toMatchObject({ status: 403 });
  });

  it.each([
    "http://localhost:8081",
    "http://bank.example",
    "null",
    "ftp://localhost:8080",
    "xhttp://localhost:8080",
    "http:",
  ])("refuses the Origin %s", (origin) => {
    const refusal = refusedCaller({ host: "localhost:8080", origin }, "/state", false);
    expect(refusal).toMatchObject({ status: 403, message: expect.stringMatching(ORIGIN) });
  });

  it("accepts its own origin", () => {
    expect(refusedCaller({ host: "localhost:8080", origin: "http://localhost:8080" }, "/state", false)).toBeUndefined();
  });

  it.each([
    ["another site", "/state", { "sec-fetch-site": "cross-site" }],
    ["a frame of another site", "/", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate" }],
    ["a script of another site", "/", { "sec-fetch-site": "same-site", "sec-fetch-dest": "document" }],
    [
      "a link of another site to the state",
      "/state",
      { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" },
    ],
  ])("refuses %s", (_what, path, headers) => {
    const refusal = refusedCaller({ host: "localhost", ...headers }, path, false);
    expect(refusal).toMatchObject({ status: 403, message: expect.stringMatching(SITE) });
  });

  it("accepts a link of another site to the page, its own page and an address that a user types", () => {
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    expect(refusedCaller({ host: "localhost", ...link }, "/", false)).toBeUndefined();
    expect(refusedCaller({ host: "localhost", "sec-fetch-site": "same-origin" }, "/state", false)).toBeUndefined();
    expect(refusedCaller({ host: "localhost", "sec-fetch-site": "none" }, "/state", false)).toBeUndefined();
  });
});

describe("missingToken", () => {
  it.each([
    undefined,
    "",
    "Bearer",
    "Bearer the-other",
    "Basic the-token",
    "the-token",
    "A Bearer the-token",
    "Bearer the-token too",
  ])("refuses the Authorization %s, and names the scheme", (authorization) => {
    const refusal = missingToken({ authorization }, "the-token");
    expect(refusal).toMatchObject({ status: 401, headers: { "www-authenticate": "Bearer" } });
  });

  it.each(["Bearer the-token", "bearer   the-token"])("accepts the Authorization %s", (authorization) => {
    expect(missingToken({ authorization }, "the-token")).toBeUndefined();
  });
});
