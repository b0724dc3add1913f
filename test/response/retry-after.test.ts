import { describe, expect, it, vi } from "vitest";
import { isTooLongToWait, parseDateHeader, parseRetryAfter } from "../../src/response/retry-after.js";

const NOW = Date.parse("2026-11-21T08:00:00Z");
const LATER = "Sat, 21 Nov 2026 08:00:05 GMT";

const parse = (fields: Record<string, string>) => parseRetryAfter(new Map(Object.entries(fields)), NOW);

describe("parseRetryAfter", () => {
  it.each([
    ["0", 0],
    ["5", 5000],
    [" 5 ", 5000],
    ["1.5", 1500],
    ["1.25", 1250],
    ["3600", 3_600_000],
    ["99999999999", 99_999_999_999_000],
  ])("reads the Retry-After '%s' as seconds", (value, ms) => {
    expect(parse({ "retry-after": value })).toBe(ms);
  });

  it.each([LATER, "Saturday, 21-Nov-26 08:00:05 GMT", "Sat Nov 21 08:00:05 2026", "Sat, 21 Nov 2026 10:00:05 +0200"])(
    "reads the Retry-After '%s' as a date and compares it with our clock",
    (value) => {
      expect(parse({ "retry-after": value })).toBe(5000);
    },
  );

  it("reads a date without a time zone as GMT in every time zone", () => {
    const parseDate = Date.parse;
    // A thread cannot change its time zone.
    const elsewhere = vi.spyOn(Date, "parse").mockImplementation((text) => {
      return parseDate(text.endsWith("GMT") ? text : `${text} -0500`);
    });
    expect(parse({ "retry-after": "Sat Nov 21 08:00:05 2026" })).toBe(5000);
    elsewhere.mockRestore();
  });

  it.each([
    ["5, 7", 7000],
    ["7,5", 7000],
    ["0, 0", 0],
    ["90, 90", 90_000],
    ["-7, 5, ", 5000],
    [`${LATER}, Sat, 21 Nov 2026 08:00:09 GMT`, 9000],
    [`Saturday, 21-Nov-26 08:00:09 GMT,${LATER}`, 9000],
    [`3, ${LATER}`, 5000],
    [`${LATER}, 6, Sat Nov 21 08:00:04 2026`, 6000],
  ])("returns the longest wait of the repeated Retry-After '%s'", (value, ms) => {
    expect(parse({ "retry-after": value })).toBe(ms);
  });

  it("compares a date in Retry-After with the Date of the response, if it has one", () => {
    expect(parse({ "retry-after": LATER, date: "Sat, 21 Nov 2026 07:59:58 GMT" })).toBe(7000);
    expect(parse({ "retry-after": LATER, date: "yesterday" })).toBe(5000);
    expect(parse({ "retry-after": LATER, date: "Sat, 21 Nov 2026 07:59:58 GMT", age: "0" })).toBe(5000);
  });

  it("returns a wait of 0 for a Retry-After in the past", () => {
    expect(parse({ "retry-after": "Sat, 21 Nov 2026 07:00:00 GMT" })).toBe(0);
  });

  it.each([
    ...["", " ", "-5", ", ", "soon", "in 5 seconds", "1e3", "0x10", "5s", "2026-11-21T08:00:05Z", "Sat", "+5"],
    ...[
      `after ${LATER}`,
      "Sat, 21 Nov 2026 08:00:05",
      "Sat, 21 Nov 2026 GMT",
      `${LATER} (a comment)`,
      "Sat, 21 Nov 2026 08:00:05 (GMT)",
      "soon, later",
    ],
  ])("ignores the invalid Retry-After '%s'", (value) => {
    expect(parse({ "retry-after": value })).toBeNull();
  });

  it("returns no wait without a Retry-After header", () => {
    expect(parse({})).toBeNull();
  });
});

it("only a Retry-After above 60 s is too long to wait", () => {
  expect([null, 0, 60_000, 60_001].map(isTooLongToWait)).toEqual([false, false, false, true]);
});

describe("parseDateHeader", () => {
  it.each([
    ["Sat, 21 Nov 2026 08:00:05 GMT", NOW + 5000],
    ["Sat Nov 21 08:00:05 2026", NOW + 5000],
    ["Sat, 21 Nov 2026 08:00:05 +0000", NOW + 5000],
    ["Sat, 21 Nov 2026 08:00:05 UTC", NOW + 5000],
    ["Sat, 21 Nov 2026 08:00:05", null],
    ["Sat, 21 Nov 2026", null],
    ["5, 7", null],
    ["", null],
  ])("parses the Date '%s' as %s", (date, at) => {
    expect(parseDateHeader(new Map([["date", date]]))).toBe(at);
  });

  it("returns no Date for a response from a cache, which has an Age", () => {
    expect(parseDateHeader(new Map(Object.entries({ age: "0", date: LATER })))).toBeNull();
  });

  it("returns no Date without a Date header", () => {
    expect(parseDateHeader(new Map())).toBeNull();
  });
});
