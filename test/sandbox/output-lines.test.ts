import { expect, it } from "vitest";
import type { WiseExchange } from "../../src/sandbox/http/wise-exchange.js";
import { formatDelivery, toDeliveryRecord } from "../../src/sandbox/output/delivery-line.js";
import { formatExchange, toExchangeRecord } from "../../src/sandbox/output/exchange-line.js";
import { jsonReporter, textReporter } from "../../src/sandbox/output/sandbox-reporter.js";
import type { LoggedAttempt, SentDelivery } from "../../src/sandbox/state/delivery-log.js";

const EXCHANGE: WiseExchange = {
  at: "2026-01-31T12:00:00.000Z",
  method: "GET",
  path: "/v9/other",
  operation: undefined,
  profileId: undefined,
  cardToken: undefined,
  response: { status: 404, headers: {}, body: "{}" },
  outcome: "complete",
  fault: undefined,
  durationMs: 3,
};

const BODY = { data: { status: "PRODUCED", error_code: null, resource: { profile_id: 123, card_token: "a-card" } } };

const SENT: SentDelivery = {
  delivery: { deliveryId: "one", body: JSON.stringify(BODY), headers: {} },
  at: "2026-01-31T12:00:00.000Z",
  url: "http://127.0.0.1:9/",
  attempts: [],
};

const ATTEMPT: LoggedAttempt = {
  deliveryId: "one",
  at: "2026-01-31T12:00:01.000Z",
  attempt: 2,
  httpStatus: 503,
  failure: undefined,
  durationMs: 4,
};

/** A test notification for an event that the simulator knows nothing of. */
const OTHER_EVENT: SentDelivery = { ...SENT, delivery: { ...SENT.delivery, body: '{"data":{}}' } };

it("a line for people names the path of a request that is not an operation", () => {
  expect(formatExchange(EXCHANGE)).toBe("12:00:00.000 GET  /v9/other → 404, 3 ms");
});

it("a JSON line of a request without a response has null for everything that a response contains", () => {
  const lost = { ...EXCHANGE, response: undefined, outcome: "closed", fault: "lost-response" } as const;
  expect(toExchangeRecord(lost)).toEqual({
    type: "request",
    at: "2026-01-31T12:00:00.000Z",
    method: "GET",
    path: "/v9/other",
    operation: null,
    profileId: null,
    cardToken: null,
    httpStatus: null,
    status: null,
    errorCode: null,
    outcome: "closed",
    fault: "lost-response",
    durationMs: 3,
  });
});

it("a line for people names the later attempts of a delivery, and when they ended", () => {
  expect(formatDelivery(SENT, ATTEMPT)).toBe("12:00:01.000 webhook PRODUCED 123:a-card → 503, 4 ms, attempt 2");
});

it("a line for people names the first attempt of a delivery without its number", () => {
  expect(formatDelivery(SENT, { ...ATTEMPT, attempt: 1 })).toBe("12:00:01.000 webhook PRODUCED 123:a-card → 503, 4 ms");
});

it("a line for people names an event that is about no card", () => {
  expect(formatDelivery(OTHER_EVENT, undefined)).toBe("12:00:00.000 webhook another event ?:? → no receiver");
});

it("a JSON line of an attempt says when it ended", () => {
  expect(toDeliveryRecord(SENT, ATTEMPT)).toEqual({
    type: "delivery",
    at: "2026-01-31T12:00:01.000Z",
    deliveryId: "one",
    profileId: "123",
    cardToken: "a-card",
    status: "PRODUCED",
    errorCode: null,
    url: "http://127.0.0.1:9/",
    attempt: 2,
    httpStatus: 503,
    failure: null,
    durationMs: 4,
  });
});

it("a JSON line of a delivery without an attempt, about no card, has null for everything that is missing", () => {
  expect(toDeliveryRecord(OTHER_EVENT, undefined)).toEqual({
    type: "delivery",
    at: "2026-01-31T12:00:00.000Z",
    deliveryId: "one",
    profileId: null,
    cardToken: null,
    status: null,
    errorCode: null,
    url: "http://127.0.0.1:9/",
    attempt: null,
    httpStatus: null,
    failure: null,
    durationMs: null,
  });
});

it.each([
  ["text", textReporter, "No one read 2 more lines, so they were dropped.\n"],
  ["JSON", jsonReporter, '{"type":"dropped","lines":2}\n'],
])("lines of %s are dropped while a megabyte waits to be read, and the next one says how many", (_, create, note) => {
  const lines: string[] = [];
  const output = { writableLength: 1_000_000, write: (line: string) => lines.push(line) };
  const reporter = create(output);
  reporter.onExchange(EXCHANGE);
  output.writableLength += 1;
  reporter.onExchange(EXCHANGE);
  reporter.onDeliveryNews(SENT, ATTEMPT);
  expect(lines).toHaveLength(1);
  output.writableLength = 0;
  reporter.onExchange(EXCHANGE);
  reporter.onExchange(EXCHANGE);
  reporter.onEnd();
  expect(lines).toEqual([lines[0], note, lines[0], lines[0]]);
});

it("the last line says how many were dropped before the end", () => {
  const lines: string[] = [];
  const reporter = jsonReporter({ writableLength: 2_000_000, write: (line: string) => lines.push(line) });
  reporter.onExchange(EXCHANGE);
  reporter.onEnd();
  expect(lines).toEqual(['{"type":"dropped","lines":1}\n']);
});
