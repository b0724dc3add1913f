import { expect, it } from "vitest";
import { toFaultView, toRequestView } from "../../src/sandbox/view/to-state-view.js";
import type { ReceivedRequest } from "../../src/testing/api/received-request.js";
import type { Fault } from "../../src/testing/faults/fault.js";

const REQUEST: ReceivedRequest = {
  at: "2026-01-31T12:00:00.000Z",
  operation: "produceCard",
  method: "PUT",
  path: "/v3/spend/profiles/123/cards/a-card/production",
  headers: { accept: "application/json" },
  body: { kioskId: "WIS00001" },
  response: { status: 504, headers: { "retry-after": "1" }, body: "" },
  fault: undefined,
  tookEffect: true,
};

const FAULTS: readonly Fault[] = [
  "lost-response",
  { arrivesAfterMs: 5000 },
  { httpStatus: 429, headers: { "retry-after": "1" } },
];

it("a request is shown with its card, its header fields and its response", () => {
  expect(toRequestView(REQUEST)).toEqual({ ...REQUEST, cardToken: "a-card", fault: null });
});

it("a request to no card, without a body and a response, is shown with null for each", () => {
  const request = { ...REQUEST, operation: undefined, path: "/oauth/token", body: undefined, response: undefined };
  expect(toRequestView(request)).toMatchObject({ operation: null, cardToken: null, body: null, response: null });
});

it.each(FAULTS)("a request shows its fault %j", (fault) => {
  expect(toRequestView({ ...REQUEST, fault }).fault).toEqual(fault);
});

it.each(FAULTS)("the list of faults shows %j", (fault) => {
  expect(toFaultView({ id: "1", injection: { fault }, remaining: 2 })).toEqual({
    id: "1",
    fault,
    operation: null,
    remaining: 2,
    takesEffect: null,
  });
});

it("the list of faults shows how often a fault applies, to what, and whether requests take effect", () => {
  const injection = { fault: "lost-response", operation: "produceCard", takesEffect: false } as const;
  expect(toFaultView({ id: "2", injection, remaining: Number.POSITIVE_INFINITY })).toMatchObject({
    operation: "produceCard",
    remaining: "always",
    takesEffect: false,
  });
});
