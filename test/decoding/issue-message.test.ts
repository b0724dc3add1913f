import { describe, expect, it } from "vitest";
import * as z from "zod";
import * as mini from "zod/mini";
import { issueMessage } from "../../src/decoding/issue-message.js";

class Slot {}

describe("issueMessage", () => {
  it.each([
    ["undefined", undefined],
    ["null", null],
    ["a boolean", true],
    ["a number", 7],
    ["NaN", Number.NaN],
    ["infinity", Number.POSITIVE_INFINITY],
    ["a bigint", 7n],
    ["an array", [1]],
    ["an object", { a: 1 }],
    ["an object without a prototype", Object.create(null)],
    ["an object whose prototype has no constructor", Object.create(Object.create(null))],
    ["an instance of a class", new Slot()],
    ["a Date", new Date(0)],
    ["a function", () => {}],
  ])("issueMessage describes %s in place of text as zod does in English", (_name, value) => {
    const ours = mini.string().safeParse(value, { error: issueMessage }).error?.issues ?? [];
    const theirs = z.string().safeParse(value).error?.issues ?? [];
    expect(ours.map(({ message }) => message)).toEqual(theirs.map(({ message }) => message));
    expect(issueMessage({ code: "invalid_type", expected: "string", input: value })).toBe(theirs[0]?.message);
  });

  it("issueMessage leaves issues of other kinds to the schema", () => {
    const schema = mini.object({ code: mini.literal("a", { error: "must be a" }) });
    expect(schema.safeParse({ code: "b" }, { error: issueMessage }).error?.issues[0]?.message).toBe("must be a");
    expect(issueMessage({ code: "invalid_value", input: "b" })).toBeUndefined();
  });
});
