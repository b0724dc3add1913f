import { describe, expect, it } from "vitest";
import { KioskArgumentError } from "../../src/errors/argument-error.js";
import { KioskConnectionError } from "../../src/errors/connection-error.js";
import { KioskTokenError } from "../../src/errors/token-error.js";

const inJson = (cause: unknown): unknown => JSON.parse(JSON.stringify(new KioskTokenError("No.", { cause }))).cause;

const refuse = () => {
  throw new Error("refused");
};
const revoked = Proxy.revocable({}, {});
revoked.revoke();
const cyclic: Error & { self?: unknown } = new Error("circular", {});
cyclic.cause = cyclic;
cyclic.self = cyclic;

describe("the cause of an error in JSON", () => {
  it("reduces the cause to its name and code", () => {
    const secret = Object.assign(new TypeError("Bearer abc"), { code: "ECONNREFUSED", config: { token: "abc" } });
    expect(inJson(secret)).toEqual({ name: "TypeError", code: "ECONNREFUSED" });
  });

  it("reduces an error of this package to its name and code too", () => {
    const cause = new KioskConnectionError("Reset.", { requestSent: true });
    expect(inJson(cause)).toEqual({ name: "KioskConnectionError", code: "ERR_CONNECTION" });
  });

  it("toJSON reduces the cause, and the error keeps it whole", () => {
    const cause = Object.assign(new Error("disk full"), { code: "ENOSPC" });
    const error = new KioskTokenError("No.", { cause });
    expect(error.toJSON()).toMatchObject({ code: "ERR_TOKEN", cause: { name: "Error", code: "ENOSPC" } });
    expect(error.cause).toBe(cause);
  });

  it.each([undefined, null])("leaves out a cause that is %s", (cause) => {
    expect(inJson(cause)).toBeUndefined();
  });

  it.each<[string, unknown, object]>([
    ["a code that is a number", Object.assign(new Error(), { code: 401 }), { name: "Error", code: 401 }],
    ["a DOMException", new DOMException("left", "AbortError"), { name: "AbortError", code: 20 }],
    ["no code", new RangeError("x"), { name: "RangeError" }],
    ["a code of a database", Object.assign(new Error(), { code: "23505" }), { name: "Error", code: "23505" }],
    [
      "a code with a path",
      Object.assign(new Error(), { code: "auth/no-user" }),
      { name: "Error", code: "auth/no-user" },
    ],
    ["a code that is an object", Object.assign(new Error(), { code: { token: "abc" } }), { name: "Error" }],
    ["a code that is a bigint", Object.assign(new Error(), { code: 7n }), { name: "Error" }],
    ["a code that is a symbol", Object.assign(new Error(), { code: Symbol("abc") }), { name: "Error" }],
    ["a code that is not finite", Object.assign(new Error(), { code: Number.NaN }), { name: "Error" }],
    ["a code that is a sentence", Object.assign(new Error(), { code: "Bearer abc" }), { name: "Error" }],
    ["a code that is very long", Object.assign(new Error(), { code: "a".repeat(65) }), { name: "Error" }],
    ["a name that is a sentence", Object.assign(new Error(), { name: "Error of abc" }), { name: "Error" }],
    ["a name that is not a string", Object.assign(new Error(), { name: 7 }), { name: "Error" }],
    ["a plain object", { code: "E_PLAIN" }, { name: "Error", code: "E_PLAIN" }],
    ["an object without a prototype", Object.create(null), { name: "Error" }],
    ["a function", function reason() {}, { name: "reason" }],
    ["a string", "Bearer abc", { name: "string" }],
    ["a number", 7, { name: "number" }],
    ["a bigint", 7n, { name: "bigint" }],
    ["a symbol", Symbol("abc"), { name: "symbol" }],
    [
      "fields that throw",
      Object.defineProperties({}, { name: { get: refuse }, code: { get: refuse } }),
      { name: "Error" },
    ],
    ["a revoked proxy", revoked.proxy, { name: "Error" }],
    [
      "a proxy that refuses everything",
      new Proxy({}, { get: refuse, has: refuse, ownKeys: refuse }),
      { name: "Error" },
    ],
    ["a circular cause", cyclic, { name: "Error" }],
  ])("summarizes %s", (_what, cause, expected) => {
    expect(inJson(cause)).toEqual(expected);
  });
});

it("an error without a cause has none as JSON", () => {
  expect("cause" in new KioskArgumentError("token", "must be one").toJSON()).toBe(false);
});
