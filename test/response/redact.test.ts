import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRedactor } from "../../src/response/redact.js";
import { BASE64_ENCODINGS, CHARACTER_ENCODINGS, type Encoding, TEXT_ENCODINGS } from "../support/encodings.js";

describe("createRedactor", () => {
  it("replaces every occurrence of a secret", () => {
    expect(createRedactor(["12345678"])("a12345678b 1234567 12345678")).toBe("a[redacted]b 1234567 [redacted]");
  });

  it("replaces a secret at the beginning of a text", () => {
    expect(createRedactor(["12345678"])("12345678 is wrong")).toBe("[redacted] is wrong");
  });

  it("treats a secret as text and not as a pattern", () => {
    expect(createRedactor([".*(a+)$&\\d{8}"])("x.*(a+)$&\\d{8}x 12345678")).toBe("x[redacted]x 12345678");
  });

  it("replaces a secret that contains another one as a whole", () => {
    const redact = createRedactor(["12345678", "12345678-and-more"]);
    expect(redact("12345678-and-more 12345678")).toBe("[redacted] [redacted]");
  });

  it("replaces a secret that is escaped for JSON", () => {
    const redact = createRedactor(['a/secret/with"marks']);
    expect(redact('"a\\/secret\\/with\\"marks" "a/secret/with\\"marks"')).toBe('"[redacted]" "[redacted]"');
  });

  it("keeps short secrets, which may be ordinary words", () => {
    expect(createRedactor(["token", ""])("invalid_token")).toBe("invalid_token");
  });

  it("keeps short secrets in a text with escapes", () => {
    expect(createRedactor(["token"])("100%25 &amp; invalid_token")).toBe("100%25 &amp; invalid_token");
  });

  it("replaces the shortest secret, and the beginning of one, if it is the whole text", () => {
    expect(createRedactor(["12345678"])("12345678")).toBe("[redacted]");
    expect(createRedactor(["12345678-and-more"])("12345678-an")).toBe("[redacted]");
  });

  it("replaces a secret that represents at least 4 characters, within a longer text", () => {
    const redact = createRedactor(["%41%42%43%44"]);
    expect(redact("is A%42CD wrong")).toBe("is [redacted] wrong");
    expect(redact("ABCD")).toBe("ABCD");
    expect(createRedactor(["%41%42%43"])("is A%42C wrong")).toBe("is A%42C wrong");
  });

  it("replaces a secret whose bytes were read as Latin-1, as header fields are", () => {
    const secret = "clé-secrète";
    expect(createRedactor([secret])(`is ${Buffer.from(secret).toString("latin1")} wrong`)).toBe("is [redacted] wrong");
  });

  it("replaces a secret with spaces that a form has turned into plus signs", () => {
    expect(createRedactor(["pass phrase of four"])("is pass+phrase+of%20four.")).toBe("is [redacted].");
  });

  it("keeps the character before a secret in Base64 if it is not Base64", () => {
    expect(createRedactor(["abcdefgh-1"])(`is:${btoa("xabcdefgh-1yy").slice(2)}`)).toMatch(/^is:\[redacted\]/);
  });

  it("replaces a secret that a line break divides", () => {
    expect(createRedactor(["a1b2c3d4-e5f6"])("is a1b2\nc3d4-e5f6 wrong")).toBe("is [redacted] wrong");
  });

  it("replaces the beginning of a long secret that goes on differently", () => {
    const secret = Array.from({ length: 100 }, (_, index) => `${index}-`).join("");
    expect(createRedactor([secret])(`is ${secret.slice(0, 150)}. wrong`)).toBe("is [redacted]. wrong");
  });

  it.each([120, 124, 127, 128, 129])("replaces the first %i characters of a long secret at the end", (length) => {
    const secret = Array.from({ length: 100 }, (_, index) => `${index}-`).join("");
    expect(createRedactor([secret])(`is ${secret.slice(0, length)}`)).toBe("is [redacted]");
  });

  it("replaces no short word, even if a secret consists of it and of what may end an escape", () => {
    expect(createRedactor(["abcdefgh"])("100%25 of the light")).toBe("100%25 of the light");
  });

  it.each([
    ["\\u{ffff}", "\uffff"],
    ["&#xffff;", "\uffff"],
    ["&#65535;", "\uffff"],
    ["&DiacriticalGrave;", "`"],
    ["\\%75003d", "="],
  ])("takes %s for an escape", (entity, character) => {
    expect(createRedactor([`a${character}secret`])(`is a${entity}secret.`)).toBe("is [redacted].");
  });

  it.each([
    ...["\\u{1003d}", "-u{3d}", "\\-{3d}", "\\u-3d}", "-u003d", "\\-003d"],
    ...["&#x1003d;", "&x#61;", "&#61x;"],
  ])("does not take %s for an escape of =", (other) => {
    expect(createRedactor(["a=secret"])(`is a${other}secret to 5%.`)).toBe(`is a${other}secret to 5%.`);
  });

  it("does not take braces without digits for an escape", () => {
    expect(createRedactor(["a\0secret"])("is a\\u{}secret to 5%.")).toBe("is a\\u{}secret to 5%.");
  });

  it("distinguishes entities that do not exist", () => {
    expect(createRedactor(["a&one;secret"])("is a&two;secret.")).toBe("is a&two;secret.");
  });

  it("replaces a secret that begins with n after a backslash", () => {
    expect(createRedactor(["new=secret"])("in C:\\new%3Dsecret.")).toBe("in C:[redacted].");
  });

  it("does not change a text without a secret", () => {
    const text = 'a%20text &amp; "more" \\u0041\\n\r\n of%2 it &c; %';
    expect(createRedactor(["a-secret-of-some-length"])(text)).toBe(text);
    expect(createRedactor([])(text)).toBe(text);
  });

  it("does not change the text around a secret", () => {
    const redact = createRedactor(["to=ken/1"]);
    expect(redact("GET /%C3%A4?a=%20&t=to%3Dken%2F1&b=%22 &amp; \\n")).toBe(
      "GET /%C3%A4?a=%20&t=[redacted]&b=%22 &amp; \\n",
    );
  });

  it("replaces each of several secrets", () => {
    const text = `a ${btoa("user:other=secret..")} b a%2Dsecret c`;
    expect(createRedactor(["a-secret", "other=secret"])(text)).toBe("a dXNlcj[redacted]uLg== b [redacted] c");
  });
});

/** Tokens of visible ASCII. */
const tokens = (minLength = 8) =>
  fc
    .array(fc.integer({ min: 0x21, max: 0x7e }), { minLength, maxLength: 48 })
    .map((codes) => String.fromCharCode(...codes));

/** Excludes tokens that mostly consist of escapes, which decode to almost nothing. */
const isOrdinary = (token: string) => token.replace(/%[0-9a-f]{2}|&\w*;|\\/gi, "").length >= 8;

const ORDINARY = tokens().filter(isOrdinary);

/** The shortest tokens that are replaced. */
const OF_EIGHT = fc
  .array(fc.constantFrom(..."abcXYZ0189+/=-_.~\"'<>&%$"), { minLength: 8, maxLength: 8 })
  .map((characters) => characters.join(""))
  .filter(isOrdinary);

const written = (token: string, encodings: readonly Encoding[]) =>
  encodings.reduce((text, [, encode]) => encode(text), token);

function expectNothingLeft(redacted: string): void {
  expect(redacted).toBe("Bearer [redacted] is wrong");
}

describe("redaction of a token of 8 or more visible characters", () => {
  it.each(TEXT_ENCODINGS)("replaces a token that is written %s", (...encoding) => {
    fc.assert(
      fc.property(fc.oneof(ORDINARY, OF_EIGHT), (token) => {
        const encoded = written(token, [encoding]);
        expectNothingLeft(createRedactor([token])(`Bearer ${encoded} is wrong`));
      }),
    );
  });

  it("replaces a token to which several encodings were applied, one after another", () => {
    const encodings = fc.array(fc.constantFrom(...TEXT_ENCODINGS), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(ORDINARY, encodings, (token, layers) => {
        // Three layers break up what looks like an escape in the token itself.
        fc.pre(!/%[0-9a-f]{2}/i.test(token));
        const encoded = written(token, layers);
        expectNothingLeft(createRedactor([token])(`Bearer ${encoded} is wrong`));
      }),
      { numRuns: 500 },
    );
  });

  it("replaces a token if each of its characters has a different encoding", () => {
    const mixture = fc.array(fc.constantFrom(...CHARACTER_ENCODINGS), { minLength: 48, maxLength: 48 });
    fc.assert(
      fc.property(ORDINARY, mixture, (token, encodings) => {
        const encoded = [...token].reduce((text, character, index) => {
          const next = encodings[index]?.[1](character);
          // An encoding that escapes with backslashes escapes the backslash before it, too.
          return text + (text.endsWith("\\") && next?.startsWith("\\") ? character : next);
        }, "");
        expectNothingLeft(createRedactor([token])(`Bearer ${encoded} is wrong`));
      }),
      { numRuns: 500 },
    );
  });

  it.each(BASE64_ENCODINGS)("replaces a token that is alone in %s", (_name, encode) => {
    fc.assert(
      fc.property(fc.oneof(tokens(), OF_EIGHT), (token) => {
        const redacted = createRedactor([token])(`Bearer ${encode(token)} is wrong`);
        expect(redacted).toMatch(/^Bearer \[redacted\](=|%3D|\s|\\r|\\n)* is wrong$/);
      }),
    );
  });

  it.each(BASE64_ENCODINGS)("replaces a token within a longer text in %s", (_name, encode) => {
    fc.assert(
      fc.property(fc.oneof(tokens(), OF_EIGHT), fc.nat(9), fc.nat(9), (token, before, after) => {
        const encoded = encode("b".repeat(before) + token + "a".repeat(after));
        const redacted = createRedactor([token])(`Basic ${encoded} is wrong`);
        expect(redacted).toContain("[redacted]");
        expect(longestShown(token, redacted)).toBeLessThan(6);
      }),
    );
  });

  it("replaces a token in Base64 of JSON or of a URL", () => {
    fc.assert(
      fc.property(tokens(), fc.nat(2), (token, before) => {
        const redact = createRedactor([token]);
        const texts = [JSON.stringify({ ["k".repeat(before)]: token }), `${"k".repeat(before)}?${encodeForm(token)}`];
        for (const text of texts) {
          const redacted = redact(btoa(text));
          expect(redacted).toContain("[redacted]");
          expect(longestShown(token, redacted)).toBeLessThan(6);
        }
      }),
    );
  });

  it("replaces an encoded token whose ends form an escape with the text around it", () => {
    const before = fc.constantFrom("%", "%2", "%u", "\\u", "\\u00", "\\u{", "\\x", "&", "&#", "&am");
    const after = fc.constantFrom("20", "0", "0041", "u0041", "{41}", "41}", "p;", "#65;", "amp;");
    fc.assert(
      fc.property(tokens(30), fc.constantFrom(...TEXT_ENCODINGS), before, after, (token, [, encode], start, end) => {
        fc.pre(isOrdinary(token.slice(6, -6)));
        const encoded = encode(token);
        expect(createRedactor([token])(`Bearer ${start}${encoded}${end} is wrong`)).not.toContain(encoded);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ["a percent sign at its end", "Th3dKi<i~7h/?G8/eW,9%", "+Th3dKi&lt;i~7h/?G8/eW,9%02:00", "+[redacted]:00"],
    ["digits at its beginning", "41dKi<i~7h/?G8/eW,9", "100%41dKi&lt;i~7h/?G8/eW,9.", "10[redacted]."],
    [
      "more digits than an escape has, and a brace",
      "0000041}Ki<i~7h/?",
      "is \\u{0000041}Ki&lt;i~7h/?.",
      "is \\u{[redacted].",
    ],
    [
      "more digits than an entity has",
      "00000000000000065;Ki<i~7h/?",
      "is &#00000000000000065;Ki&lt;i~7h/?.",
      "is &#[redacted].",
    ],
    [
      "as many digits as half an escape at its end",
      "41-3dKi<i~7h/?G8,%9",
      "is %41-3dKi&lt;i~7h/?G8,%9.",
      "is[redacted].",
    ],
    ["digits before 8 other characters", "41-Ki<i~7h", "is %41-Ki&lt;i~7h.", "is[redacted]."],
    ["two half escapes at its end", "Th3dKi<i~7h/?%0%", "is Th3dKi&lt;i~7h/?%0%41}.", "is [redacted]"],
    ["half an escape in capitals at its end", "Th3dKi<i~7h/?\\xA", "is Th3dKi&lt;i~7h/?\\xA20.", "is [redacted]."],
    ["half an escape after 8 other characters", "ghijklmn%", "is &#103;hijklmn%41.", "is [redacted]."],
    ["two half escapes after fewer than 8 others", "ghijklm%0%", "is &#103;hijklm%0%5a.", "is [redacted]."],
    ["a half entity at its end", "Th3dKi<i~7h/?G8&am", "Th3dKi&lt;i~7h/?G8&amp;", "[redacted]"],
    ["the rest of an entity at its beginning", "p;Th3dKi<i~7h/?G8", "&amp;Th3dKi&lt;i~7h/?G8", "[redacted]"],
    ["digits at its beginning and only its beginning", "41-3dKi<i~7h/?G8", "is %41-3dKi&lt;i~\\", "is[redacted]"],
    [
      "digits at the beginning of its Base64",
      "i·7Th3dKi~7h",
      `%${Buffer.from("i·7Th3dKi~7h").toString("base64")}`,
      "[redacted]==",
    ],
  ])(
    "redacts a secret with %s that may form an escape together with the adjacent text",
    (_what, secret, text, redacted) => {
      expect(createRedactor([secret])(text)).toBe(redacted);
    },
  );

  it.each([
    ["ends with %0A", "!!!!!!!!%0A", "is !!!!!!!!%250a wrong", "is [redacted] wrong"],
    ["ends with %0A, which is written as it is", "a=secret%0A", "is a%3dsecret%0A wrong", "is [redacted] wrong"],
    ["ends with an entity of a line break", "a=secret&#10;", "is a=secret&amp;#10; wrong", "is [redacted] wrong"],
    ["ends with two escapes", "a=secret%0D%0A", "is a=secret%250D%250A wrong", "is [redacted] wrong"],
    ["ends with a backslash", "a=secret\\", "is a=secret%5C wrong", "is [redacted] wrong"],
    ["ends with a backslash, which JSON escapes", "a=secret\\", '"a=secret\\\\" is wrong', '"[redacted]" is wrong'],
    [
      "ends with a line break, in its own UTF-8",
      "clé-secrète%0a",
      "is clÃ©-secrÃ¨te%250A wrong",
      "is [redacted] wrong",
    ],
    ["begins with %0A", "%0Aa-secret", "is %250Aa-secret wrong", "is [redacted] wrong"],
    ["begins with %0A, at the beginning of the text", "%0Aa-secret", "%250Aa-secret is wrong", "[redacted] is wrong"],
    ["begins with an entity of a line break", "&#xa;a=secret", "is &amp;#xa;a=secret wrong", "is [redacted] wrong"],
    ["ends with %0A, and begins after a percent sign", "41-aa<secret%0A", "a%41-aa&lt;secret%250A.", "[redacted]."],
  ])("replaces a secret as a whole that %s", (_how, secret, text, redacted) => {
    expect(createRedactor([secret])(text)).toBe(redacted);
  });

  it("keeps line breaks and backslashes beside a secret that holds some, but neither begins nor ends with them", () => {
    const redact = createRedactor(["a=sec\\ret%0A=b", "another%0A"]);
    expect(redact("is \n\na%3Dsec%5Cret%250A=b\\\n\nwrong")).toBe("is \n\n[redacted]\\\n\nwrong");
  });

  it("replaces the beginning of a token if the text was cut after at least 8 of its characters", () => {
    fc.assert(
      fc.property(ORDINARY, fc.constantFrom(...TEXT_ENCODINGS), fc.nat(), (token, [, encode], at) => {
        const encoded = encode(token);
        const shortest = encode(token.slice(0, 8)).length;
        const cut = encoded.slice(0, shortest + (at % Math.max(1, encoded.length - shortest)));
        // What looks like an escape counts as one character.
        fc.pre(!/[%&\\]/.test(token));
        expect(createRedactor([token])(`Bearer ${cut}`)).toBe("Bearer [redacted]");
      }),
      { numRuns: 500 },
    );
  });
});

const encodeForm = (token: string) => new URLSearchParams({ token }).toString();

/** Returns how many consecutive characters of a token the Base64 runs of a text reveal, at any alignment. */
function longestShown(token: string, text: string): number {
  const runs = decodeURIComponent(
    text
      .replaceAll("\\r\\n", "")
      .replace(/\s/g, "")
      .replace(/%(?!2F|2B|3D)/g, "%25"),
  )
    .replaceAll("\\/", "/")
    .split(/\[redacted\]|[^\w+/-]/);
  const decoded = runs.flatMap((run) =>
    [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), "base64").toString("latin1")),
  );
  for (let length = token.length; length > 0; length -= 1) {
    for (let from = 0; from + length <= token.length; from += 1) {
      if (decoded.some((each) => each.includes(token.slice(from, from + length)))) return length;
    }
  }
  return 0;
}

describe("a hostile text of 256 KiB", () => {
  const PIECES = [
    "\\",
    "%",
    "%25",
    "%2",
    "&",
    "&amp;",
    "&#",
    "&aaaaaaaaaaaaaaaa",
    ";",
    "\\u",
    "\\u{",
    "}",
    "\\u005c",
    "a",
    "\n",
    " ",
    "\\t",
    "a ",
    "YS1zZWNy ",
  ];
  const SECRETS = ["a".repeat(2000), `${"a".repeat(6000)}b${"a".repeat(6000)}`, "%25".repeat(500), "\\".repeat(500)];

  it("replaces a short secret in 256 KiB of its repetitions in a reasonable time", () => {
    const redacted = createRedactor(["41ab%41cdefgh"])("%41ab%41cdefgh%2D41ab%41cdefgh%20".repeat(8000));
    expect(redacted).not.toContain("cdef");
  });

  it.each(PIECES)("finds a secret in 256 KiB of repeated %j in a reasonable time", (piece) => {
    const noise = piece.repeat((128 * 1024) / piece.length);
    const redacted = createRedactor([...SECRETS, "a-secret"])(`${noise} a%2Dsecret ${noise}`);
    expect(redacted).toContain("[redacted]");
    expect(redacted).not.toContain("%2Dsecret");
  });
});

it("replaces a secret in Base64 if JSON escapes its line breaks and slashes", () => {
  const base64 = btoa("???-a-secret-of-others");
  expect(base64).toContain("/");
  const escaped = base64.replace(/.{19}/g, "$&\\n").replaceAll("/", "\\/");
  expect(createRedactor(["???-a-secret-of-others"])(`is ${escaped}`)).toBe("is [redacted]==");
});

describe("Base64 of a secret that was escaped first", () => {
  const SECRET = `Zm9v+"<b>&'MTIzNDU2Nzg5MA==`;
  const unicode = (characters: string) => (text: string) =>
    [...text]
      .map((one) => (characters.includes(one) ? `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}` : one))
      .join("");
  const quoted = (text: string) => text.replaceAll('"', '\\"');
  const html = (text: string) =>
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;");

  it.each<[string, (text: string) => string]>([
    ["as Gson writes JSON", (text) => quoted(unicode("<>&='")(text))],
    ["as Go writes JSON", (text) => quoted(unicode("<>&")(text))],
    [
      "as .NET writes JSON",
      (text) => unicode(`<>&'"+`)(text).replace(/\\u..../g, (it) => it.toUpperCase().replace("U", "u")),
    ],
    ["for HTML", html],
  ])("redacts Base64 at every alignment of a secret that was escaped %s", (_how, toEscaped) => {
    for (const before of ["", "1", "12"]) {
      const encoded = Buffer.from(`${before}{"access_token":"${toEscaped(SECRET)}"}`).toString("base64");
      expect(createRedactor([SECRET])(encoded)).toContain("[redacted]");
    }
  });

  it("redacts Base64 of JSON in which a secret with a backslash is a part of a text", () => {
    const secret = "Zm9v\\MTIzNDU2Nzg5";
    const encoded = btoa(JSON.stringify({ authorization: `Bearer ${secret}!` }));
    expect(createRedactor([secret])(encoded)).toContain("[redacted]");
  });
});
