import { describe, expect, it } from "vitest";
import { parseErrorEnvelope } from "../../src/response/error-envelope.js";

describe("readErrorEnvelope", () => {
  it.each<[string, unknown, string | null, string | null]>([
    [
      "the code of the whole before that of its first error",
      { code: "whole", errors: [{ code: "first" }] },
      "whole",
      null,
    ],
    [
      "the code of its first error before its error",
      { error: "Bad Request", errors: [{ code: "first" }] },
      "first",
      null,
    ],
    ["the error where there is no code", { error: "invalid_token", errors: [{ field: "x" }] }, "invalid_token", null],
    ["what OAuth describes before a message", { error_description: "described", message: "said" }, null, "described"],
    ["a message before those of its errors", { message: "said", errors: [{ message: "first" }] }, null, "said"],
    ["the detail before the title", { title: "titled", detail: "detailed" }, null, "detailed"],
    ["the detail of its first error", { errors: [{ detail: "first" }, { detail: "second" }] }, null, "first"],
    ["the title where there is nothing else", { title: "titled" }, null, "titled"],
    ["past what is empty or no text", { code: "", errorCode: 7, error: "e", message: null, detail: "d" }, "e", "d"],
    ["errors that are no list", { errors: { code: "x" }, message: "said" }, null, "said"],
    ["a list of errors that are texts", { errors: ["first"], message: "said" }, null, "said"],
    ["a list that is empty", { errors: [] }, null, null],
    ["text", " upstream timed out \n", null, "upstream timed out"],
    ["a page", "\n<!doctype html><h1>Bad gateway</h1>", null, null],
    ["XML", "<?xml version='1.0'?><Error/>", null, null],
    ["JSON that broke off", '{"message":"No.","email":"ada@exa', null, null],
    ["a list that broke off", '[{"email":"ada@exa', null, null],
    ["nothing", "", null, null],
    ["only spaces", " \r\n", null, null],
    ["null", null, null, null],
    ["a number", 404, null, null],
    ["a list", [{ code: "x" }], null, null],
  ])("reads %s", (_what, body, errorCode, errorMessage) => {
    expect(parseErrorEnvelope(body)).toEqual({ errorCode, errorMessage });
  });

  it("cuts what would fill a log", () => {
    const { errorCode, errorMessage } = parseErrorEnvelope({ code: "c".repeat(99_999), message: "m".repeat(99_999) });
    expect([errorCode?.length, errorMessage?.length]).toEqual([16_384, 16_384]);
  });
});
