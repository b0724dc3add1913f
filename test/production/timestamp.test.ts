import { expect, it } from "vitest";
import { parseTimestamp, toTimestamp } from "../../src/production/timestamp.js";

it("toTimestamp writes a time as parseTimestamp reads it", () => {
  expect(toTimestamp(1_704_111_896_121)).toBe("2024-01-01T12:24:56.121Z");
  expect(parseTimestamp(toTimestamp(1_704_111_896_121))).toBe(1_704_111_896_121);
});
