import { describe, expect, it } from "vitest";
import {
  classifyProduceResponse,
  classifySimulationResponse,
  classifyStatusResponse,
} from "../../src/response/classify-response.js";
import type { HttpResponse } from "../../src/transport/http-message.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const context = { operation: "call", correlationId: "id", redact: (text: string) => text };

function createResponse(
  status: number,
  text = "",
  headers: Record<string, string> = {},
  oversized = false,
): HttpResponse {
  return { status, headers: new Map(Object.entries(headers)), body: new TextEncoder().encode(text), oversized };
}

const kinds = (...response: Parameters<typeof createResponse>) =>
  [classifyProduceResponse, classifySimulationResponse, classifyStatusResponse].map(
    (classify) => classify(createResponse(...response), context).kind,
  );

describe("classification of a response to produce, simulate and read", () => {
  it.each<[string, Parameters<typeof createResponse>, readonly string[]]>([
    ["200 with a production", [200, WISE_EXAMPLES.inProgress], ["done", "done", "done"]],
    ["200 with a REQUEST_ERROR", [200, WISE_EXAMPLES.requestError], ["refused", "done", "done"]],
    ["an empty 200", [200, ""], ["ambiguous", "done", "rejected"]],
    ["an empty 204", [204, ""], ["ambiguous", "done", "rejected"]],
    ["200 that is too large", [200, WISE_EXAMPLES.inProgress, {}, true], ["ambiguous", "ambiguous", "rejected"]],
    ["300", [300], ["ambiguous", "ambiguous", "rejected"]],
    ["307", [307], ["ambiguous", "ambiguous", "rejected"]],
    ["400", [400], ["rejected", "rejected", "rejected"]],
    ["401", [401], ["unauthorized", "unauthorized", "unauthorized"]],
    ["403", [403], ["rejected", "rejected", "rejected"]],
    ["404", [404], ["rejected", "rejected", "rejected"]],
    ["408", [408], ["ambiguous", "ambiguous", "not-taken"]],
    ["409", [409], ["rejected", "rejected", "rejected"]],
    ["421", [421], ["ambiguous", "ambiguous", "rejected"]],
    ["499", [499], ["rejected", "rejected", "rejected"]],
    ["422 with a REQUEST_ERROR", [422, WISE_EXAMPLES.requestError], ["refused", "rejected", "rejected"]],
    ["422 with another status", [422, WISE_EXAMPLES.inProgress], ["rejected", "rejected", "rejected"]],
    ["422 with HTML", [422, "<p>"], ["rejected", "rejected", "rejected"]],
    ["422 that is too large", [422, WISE_EXAMPLES.requestError, {}, true], ["rejected", "rejected", "rejected"]],
    ["429", [429], ["not-taken", "not-taken", "not-taken"]],
    ["500", [500], ["ambiguous", "ambiguous", "not-taken"]],
    ["500 with Retry-After", [500, "", { "retry-after": "5" }], ["ambiguous", "ambiguous", "not-taken"]],
    ["501", [501], ["ambiguous", "ambiguous", "rejected"]],
    ["502", [502], ["ambiguous", "ambiguous", "not-taken"]],
    ["503", [503], ["ambiguous", "ambiguous", "not-taken"]],
    ["503 with Retry-After", [503, "", { "retry-after": "5" }], ["ambiguous", "ambiguous", "not-taken"]],
    ["503 with an invalid Retry-After", [503, "", { "retry-after": "5, 7" }], ["ambiguous", "ambiguous", "not-taken"]],
    ["504", [504], ["ambiguous", "ambiguous", "not-taken"]],
    ["an opaque redirect", [0], ["ambiguous", "ambiguous", "rejected"]],
  ])("classifies %s", (_what, response, expected) => {
    expect(kinds(...response)).toEqual(expected);
  });

  it("treats only statuses that refuse the request as proof that nothing happened", () => {
    const proves = (status: number) => {
      const outcome = classifyProduceResponse(createResponse(status), context);
      if (outcome.kind === "rejected") return outcome.mayHaveTakenEffect === false;
      return outcome.kind === "unauthorized" || outcome.kind === "not-taken";
    };
    const proofs = Array.from({ length: 500 }, (_, index) => 100 + index).filter(proves);
    expect(proofs).toEqual([
      ...[400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418],
      ...[422, 423, 425, 426, 428, 429, 431, 451],
    ]);
  });

  it("returns the wait that Retry-After asks for", () => {
    const response = createResponse(429, "", { "retry-after": "7" });
    expect(classifyProduceResponse(response, context)).toMatchObject({ retryAfterMs: 7000 });
    expect(classifyStatusResponse(response, context)).toMatchObject({ retryAfterMs: 7000 });
  });

  it("returns the Date of the response to a read", () => {
    const date = { date: "Sat, 21 Nov 2026 08:00:00 GMT" };
    const value = { respondedAt: Date.parse("2026-11-21T08:00:00Z"), production: { status: "READY" } };
    expect(classifyStatusResponse(createResponse(200, WISE_EXAMPLES.ready, date), context)).toMatchObject({
      kind: "done",
      value,
    });
    expect(classifyStatusResponse(createResponse(200, WISE_EXAMPLES.ready), context)).toMatchObject({
      value: { respondedAt: null },
    });
  });
});

it.each([
  [499, "KioskApiError"],
  [500, "KioskServerError"],
  [599, "KioskServerError"],
  [600, "KioskApiError"],
])("the error for the status %i is a %s", (status, name) => {
  const outcome = classifyStatusResponse(createResponse(status), context);
  const history = { operation: "call", correlationId: "id", mayHaveTakenEffect: false, productionAfter: undefined };
  expect("error" in outcome && outcome.error(history)).toMatchObject({ name, httpStatus: status });
});

it("an error says what Wise says in the body, and nothing if the body says nothing", () => {
  const history = { operation: "call", correlationId: "id", mayHaveTakenEffect: false, productionAfter: undefined };
  const messageFor = (body: string) => {
    const outcome = classifyStatusResponse(createResponse(404, body), context);
    return "error" in outcome ? outcome.error(history).message : undefined;
  };
  expect(messageFor("")).toMatch(/^call: Wise responded with HTTP 404(?!:)/);
  expect(messageFor('{"errorCode":"X","message":"gone"}')).toMatch(/^call: Wise responded with HTTP 404: X: gone/);
});
