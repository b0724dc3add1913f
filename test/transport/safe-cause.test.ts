import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { redactorOf } from "../../src/transport/redact.js";
import { safeCause } from "../../src/transport/safe-cause.js";

const SECRET = "a-secret-token";
const redact = redactorOf([SECRET]);

describe("safeCause", () => {
  test("keeps what helps to find the failure", () => {
    const failure = Object.assign(new TypeError("read ECONNRESET"), { code: "ECONNRESET", syscall: "read" });
    const cause = safeCause(failure, redact);
    expect(cause).toBeInstanceOf(Error);
    expect(cause).toMatchObject({ name: "TypeError", message: "read ECONNRESET", code: "ECONNRESET", syscall: "read" });
    expect(cause?.stack).toBe(failure.stack);
    expect(String(cause)).toBe("TypeError: read ECONNRESET");
  });

  test("keeps nothing else", () => {
    const failure = Object.assign(new Error("x"), { config: { token: "t" }, [Symbol("request")]: {}, code: 7 });
    const shown = inspect(safeCause(failure, redact), { depth: null, showHidden: true });
    expect(shown).not.toMatch(/config|request|code/);
  });

  test("has no secret", () => {
    const failure = Object.assign(new Error(`sent ${SECRET}`), { code: `E_${SECRET}`, name: SECRET, syscall: SECRET });
    expect(inspect(safeCause(failure, redact), { showHidden: true })).not.toContain(SECRET);
    expect(safeCause(failure, redact)?.message).toBe("sent [redacted]");
  });

  test("keeps the causes, and the first of several", () => {
    const cause = safeCause(new Error("outer", { cause: new Error("inner") }), redact);
    expect(cause?.cause).toMatchObject({ message: "inner" });
    const first = safeCause(new AggregateError([new Error("first"), new Error("second")], "all"), redact);
    expect(first).toMatchObject({ message: "all", cause: { message: "first" } });
    expect("cause" in (safeCause(new Error("alone"), redact) as Error)).toBe(false);
  });

  test.each([
    ["failed", "failed"],
    [7, "7"],
    [{ message: "not an error" }, "not an error"],
    [{}, ""],
  ])("makes an error of %j", (thrown, message) => {
    expect(safeCause(thrown, redact)).toMatchObject({ message });
  });

  test.each([undefined, null])("is nothing for %s", (thrown) => {
    expect(safeCause(thrown, redact)).toBeUndefined();
  });

  test("ends where causes go round", () => {
    const round: Error & { cause?: unknown } = new Error(SECRET);
    round.cause = round;
    expect(inspect(safeCause(round, redact), { depth: null, showHidden: true })).not.toContain(SECRET);
  });
});
