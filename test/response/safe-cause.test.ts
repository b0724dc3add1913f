import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/response/redact.js";
import { safeCause } from "../../src/response/safe-cause.js";

const SECRET = "a-secret-token";
const redact = createRedactor([SECRET]);

function fail(): never {
  throw new Error("no");
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Creates a cycle: each error is the cause of the one before it, and the first error is the cause of the last. */
function inCircle(...messages: readonly [string, ...string[]]): Error {
  const errors = messages.map((message) => new Error(message));
  for (const [index, error] of errors.entries()) error.cause = errors[(index + 1) % errors.length];
  return errors[0] as Error;
}

function inOwnErrors(message: string): Error {
  const error = new AggregateError([], message);
  error.errors.push(error);
  return error;
}

describe("safeCause", () => {
  it("keeps the name, message, code, system call and stack of a failure", () => {
    const failure = Object.assign(new TypeError("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" });
    const cause = safeCause(failure, redact);
    expect(cause).toBeInstanceOf(Error);
    expect(cause).toMatchObject({ name: "TypeError", message: "read ECONNRESET", code: "ECONNRESET", syscall: "read" });
    expect(cause?.stack).toBe(failure.stack);
    expect(String(cause)).toBe("TypeError: read ECONNRESET");
  });

  it("allows a logger to define the properties of a cause anew", () => {
    const cause = safeCause(Object.assign(new TypeError("x"), { code: "C", syscall: "read" }), redact) as Error;
    const properties = ["name", "message", "stack", "code", "syscall"];
    expect(properties.filter((key) => !Reflect.defineProperty(cause, key, { value: "other" }))).toEqual([]);
  });

  it("keeps no other property of a failure", () => {
    const failure = Object.assign(new Error("x"), { config: { token: "t" }, [Symbol("request")]: {}, code: 7 });
    const shown = inspect(safeCause(failure, redact), { depth: null, showHidden: true });
    expect(shown).not.toMatch(/config|request|code/);
  });

  it("redacts secrets in a failure", () => {
    const failure = Object.assign(new Error(`sent ${SECRET}`), { code: `E_${SECRET}`, name: SECRET, syscall: SECRET });
    expect(inspect(safeCause(failure, redact), { showHidden: true })).not.toContain(SECRET);
    expect(safeCause(failure, redact)?.message).toBe("sent [redacted]");
  });

  it("keeps the causes of a failure, and the first error of an AggregateError", () => {
    const cause = safeCause(new Error("outer", { cause: new Error("inner") }), redact);
    expect(cause?.cause).toMatchObject({ message: "inner" });
    const first = safeCause(new AggregateError([new Error("first"), new Error("second")], "all"), redact);
    expect(first).toMatchObject({ message: "all", cause: { message: "first" } });
    expect("cause" in (safeCause(new Error("alone"), redact) as Error)).toBe(false);
  });

  it.each([
    ["failed", "failed"],
    [7, "7"],
    [{ message: "not an error" }, "not an error"],
    [{}, ""],
  ])("converts %j to an error", (thrown, message) => {
    expect(safeCause(thrown, redact)).toMatchObject({ message });
  });

  it.each([undefined, null])("returns undefined for %s", (thrown) => {
    expect(safeCause(thrown, redact)).toBeUndefined();
  });

  const listMessages = (error: unknown): readonly string[] =>
    error instanceof Error ? [error.message, ...listMessages(error.cause)] : [];

  it.each<[string, () => Error, readonly string[]]>([
    ["an error is its own cause", () => inCircle("alone"), ["alone"]],
    ["an error is the cause of its cause", () => inCircle("outer", "inner"), ["outer", "inner"]],
    ["an error is the first of its own errors", () => inOwnErrors("all"), ["all"]],
    [
      "a cause is the first of its own errors",
      () => new Error("outer", { cause: inOwnErrors("all") }),
      ["outer", "all"],
    ],
  ])("keeps each message once if %s", (_what, make, messages) => {
    expect(listMessages(safeCause(make(), redact))).toEqual(messages);
  });

  it("redacts secrets in cyclic causes", () => {
    const shown = inspect(safeCause(inCircle(SECRET, `more ${SECRET}`), redact), { depth: null, showHidden: true });
    expect(shown).not.toContain(SECRET);
    expect(shown).toContain("more [redacted]");
  });

  it("keeps the first five errors of a long chain of causes", () => {
    const chain = Array.from({ length: 9 }, (_, index) => `error ${index}`).reduceRight(
      (cause: unknown, message) => new Error(message, { cause }),
      undefined,
    );
    expect(listMessages(safeCause(chain, redact))).toEqual(["error 0", "error 1", "error 2", "error 3", "error 4"]);
  });

  it("terminates if causes are created as they are read", () => {
    const endless = (): object => ({
      message: "again",
      get cause() {
        return endless();
      },
    });
    expect(listMessages(safeCause(endless(), redact))).toHaveLength(5);
  });

  it.each<[string, () => unknown]>([
    ["cannot be read", () => new Proxy({}, { get: fail })],
    ["is revoked", revoked],
    ["has a cause that cannot be read", () => new Error("x", { cause: revoked() })],
    ["cannot be converted to text", () => Object.assign(() => {}, { toString: fail })],
  ])("returns a placeholder for a failure that %s", (_what, make) => {
    expect(safeCause(make(), redact)).toMatchObject({ message: "The cause cannot be read" });
  });
});
