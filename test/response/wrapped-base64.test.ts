import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/response/redact.js";

describe("Base64 that whitespace wraps", () => {
  const SECRET = "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d";

  it.each([
    ...[" ", "\t", "\f", "\v", "\n  ", "\r\n\t", "%20", "%0D%0A%20", "+", "&#32;", "&#9;", "&#x0a;", "&NewLine;&Tab;"],
    ...["\\t", "\\n\\t", "\\f", "\\v", "\\r\\n ", "\\\\n\\\\t", "\\u0020", "\\x20", "\\u{9}", "%5Ct", "&bsol;n "],
  ])("is redacted at every alignment and position of the wrap %j", (wrap) => {
    const redact = createRedactor([SECRET]);
    for (const before of ["", "1", "12"]) {
      const whole = btoa(`${before}${SECRET}`);
      const shown = whole.slice(0, before.length);
      for (let width = 1; width < whole.length; width += 1) {
        const wrapped = whole.replace(new RegExp(`.{${width}}`, "g"), `$&${wrap}`);
        const [start, end] = redact(`is:${wrapped}. Is it?`).split("[redacted]") as [string, string];
        expect(start.replaceAll(wrap, ""), wrapped).toBe(`is:${shown}`);
        expect(end.replaceAll(wrap, ""), wrapped).toMatch(/^=*\. ?Is ?it\?$/);
      }
    }
  });

  it("is redacted to the last plus sign, which a form may have turned into a space", () => {
    const redact = createRedactor(["a-secret-of>"]);
    expect(btoa("a-secret-of>")).toBe("YS1zZWNyZXQtb2Y+");
    expect(redact("is YS1zZWNyZXQtb2Y+, or YS1zZWNyZXQtb2Y , or YS1z ZWNy ZXQt b2Y+.")).toBe(
      "is [redacted], or [redacted] , or [redacted].",
    );
  });

  it("leaves the words beside it as they are", () => {
    const redact = createRedactor(["a-secret-of-others!"]);
    expect(redact(`Basic ${btoa("a-secret-of-others!").replace(/=+$/, "")} is wrong`)).toBe(
      "Basic [redacted] is wrong",
    );
    expect(redact(`Basic\n${btoa("a-secret-of-others!!!")}\nis wrong`)).toBe("Basic\n[redacted]Eh\nis wrong");
  });

  it("leaves words that form no Base64 of a secret as they are", () => {
    const text = "a pass word\tand\n a pass+word in C:\\temp\\files, 5 % of it &c.";
    expect(createRedactor(["password", "a-secret-of-others"])(text)).toBe(text);
  });

  it("is not shown by an error if a JSON text holds it in groups", () => {
    const redact = createRedactor([SECRET]);
    const json = JSON.stringify({ description: `sent ${btoa(SECRET).replace(/.{4}/g, "$& ")}` });
    expect(redact.mayChange?.(json)).toBe(true);
    expect(redact(json)).toContain('"sent [redacted]');
  });
});
