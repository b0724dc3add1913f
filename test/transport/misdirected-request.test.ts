import { channel } from "node:diagnostics_channel";
import { expect, it, vi } from "vitest";
import type { HttpRequest } from "../../src/transport/http-message.js";
import { onMisdirected, sendingFor } from "../../src/transport/misdirected-request.js";

const OWN: HttpRequest = {
  method: "PUT",
  origin: "https://kiosk.example",
  path: "/card",
  headers: { "X-External-Correlation-Id": "own" },
  body: "{}",
};

/** The same request as undici publishes it. */
const PUBLISHED = { method: "PUT", path: "/card", headers: ["x-external-correlation-id", "own"] };

const publishCreation = (request: object) => channel("undici:request:create").publish({ request });

const publishResponse = (request: object, statusCode = 421) =>
  channel("undici:request:headers").publish({
    request,
    response: { statusCode, headers: [Buffer.from("X-Trace-Id"), Buffer.from("trace")] },
  });

/** Returns what the listener of {@link OWN} is called with meanwhile. */
function collectResponses(publish: () => void): readonly unknown[] {
  const listener = vi.fn();
  const unsubscribe = onMisdirected(OWN, listener);
  publish();
  unsubscribe();
  return listener.mock.calls.flat();
}

const MISDIRECTED = {
  status: 421,
  headers: new Map([["x-trace-id", "trace"]]),
  body: new Uint8Array(),
  oversized: false,
};

it.each([
  ["the same method, path and correlation id", PUBLISHED],
  ["the whole URL as its path, as of a proxy", { ...PUBLISHED, path: "https://kiosk.example/card" }],
])("reports a 421 to a request with %s", (_what, request) => {
  expect(collectResponses(() => publishResponse(request))).toEqual([MISDIRECTED]);
});

it.each([
  ["another method", { ...PUBLISHED, method: "GET" }],
  ["another path", { ...PUBLISHED, path: "/other" }],
  ["another correlation id", { ...PUBLISHED, headers: ["x-external-correlation-id", "other"] }],
  ["no correlation id", { ...PUBLISHED, headers: [] }],
])("does not report a 421 to a request with %s", (_what, request) => {
  expect(collectResponses(() => publishResponse(request))).toEqual([]);
});

it("reports a 421 to a request that was created while its own was being sent, whatever a wrapper changed", () => {
  const changed = { method: "POST", path: "/gateway", headers: [] };
  const publishCreated = (request: HttpRequest) => () => {
    sendingFor(request, () => publishCreation(changed));
    publishResponse(changed);
  };
  expect(collectResponses(publishCreated(OWN))).toEqual([MISDIRECTED]);
  expect(collectResponses(publishCreated({ ...OWN }))).toEqual([]);
});

it("does not report another status", () => {
  expect(collectResponses(() => publishResponse(PUBLISHED, 200))).toEqual([]);
});

it("reports nothing once the request has ended", () => {
  const listener = vi.fn();
  onMisdirected(OWN, listener)();
  publishResponse(PUBLISHED);
  expect(listener).not.toHaveBeenCalled();
});
