import { describe, expect, it } from "vitest";
import { parseErrorEnvelope } from "../../src/response/error-envelope.js";

describe("parseErrorEnvelope", () => {
  it.each<[string, unknown, string | null, string | null]>([
    [
      "the code of the body before that of its first error",
      { code: "whole", errors: [{ code: "first" }] },
      "whole",
      null,
    ],
    [
      "the code of the first error before the field error",
      { error: "Bad Request", errors: [{ code: "first" }] },
      "first",
      null,
    ],
    [
      "the field error if there is no code",
      { error: "invalid_token", errors: [{ field: "x" }] },
      "invalid_token",
      null,
    ],
    [
      "the description of OAuth before a message",
      { error_description: "described", message: "said" },
      null,
      "described",
    ],
    [
      "the message of the body before those of its errors",
      { message: "said", errors: [{ message: "first" }] },
      null,
      "said",
    ],
    ["the detail before the title", { title: "titled", detail: "detailed" }, null, "detailed"],
    ["the detail of the first error", { errors: [{ detail: "first" }, { detail: "second" }] }, null, "first"],
    ["the title if there is nothing else", { title: "titled" }, null, "titled"],
    [
      "the next field if one is empty or not a string",
      { code: "", errorCode: 7, error: "e", message: null, detail: "d" },
      "e",
      "d",
    ],
    ["the message if errors is not a list", { errors: { code: "x" }, message: "said" }, null, "said"],
    ["the message if errors is a list of strings", { errors: ["first"], message: "said" }, null, "said"],
    ["nothing from an empty list of errors", { errors: [] }, null, null],
    ["plain text", " upstream timed out \n", null, "upstream timed out"],
    ["plain text that was redacted at its beginning", "[redacted] is not valid", null, "[redacted] is not valid"],
    ["nothing from a truncated list that was redacted", '["[redacted]","ada@exa', null, null],
    ["plain text with brackets within", "no [host] <b> {c}", null, "no [host] <b> {c}"],
    ["nothing from HTML", "\n<!doctype html><h1>Bad gateway</h1>", null, null],
    ["nothing from XML", "<?xml version='1.0'?><Error/>", null, null],
    ["nothing from truncated JSON", '{"message":"No.","email":"ada@exa', null, null],
    ["nothing from a truncated list", '[{"email":"ada@exa', null, null],
    ["nothing from an empty body", "", null, null],
    ["nothing from whitespace", " \r\n", null, null],
    ["nothing from null", null, null, null],
    ["nothing from a number", 404, null, null],
    ["nothing from a list", [{ code: "x" }], null, null],
  ])("an error body: reads %s", (_what, body, errorCode, errorMessage) => {
    expect(parseErrorEnvelope(body)).toEqual({ errorCode, errorMessage });
  });

  it("truncates a long code and a long message", () => {
    const { errorCode, errorMessage } = parseErrorEnvelope({ code: "c".repeat(99_999), message: "m".repeat(99_999) });
    expect([errorCode?.length, errorMessage?.length]).toEqual([16_384, 16_384]);
  });

  it("truncates a long text", () => {
    expect(parseErrorEnvelope("m".repeat(99_999))).toEqual({ errorCode: null, errorMessage: "m".repeat(16_384) });
  });
});
