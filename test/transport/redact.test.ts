import { describe, expect, test } from "vitest";
import { redactorOf } from "../../src/transport/redact.js";

describe("redactorOf", () => {
  test("replaces a secret wherever it stands", () => {
    expect(redactorOf(["12345678"])("a12345678b 1234567 12345678")).toBe("a[redacted]b 1234567 [redacted]");
  });

  test("takes a secret for text and not for a pattern", () => {
    expect(redactorOf([".*(a+)$&\\d{8}"])("x.*(a+)$&\\d{8}x 12345678")).toBe("x[redacted]x 12345678");
  });

  test("replaces a secret that holds another as a whole", () => {
    const redact = redactorOf(["12345678", "12345678-and-more"]);
    expect(redact("12345678-and-more 12345678")).toBe("[redacted] [redacted]");
  });

  test("replaces a secret as JSON writes it", () => {
    const redact = redactorOf(['a/secret/with"marks']);
    expect(redact('"a\\/secret\\/with\\"marks" "a/secret/with\\"marks"')).toBe('"[redacted]" "[redacted]"');
  });

  test("leaves short ones, which may be ordinary words", () => {
    expect(redactorOf(["token", ""])("invalid_token")).toBe("invalid_token");
  });
});
