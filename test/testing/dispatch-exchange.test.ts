import { expect, it } from "vitest";
import { DispatchExchange } from "../../src/testing/adapters/dispatch-exchange.js";

const RESPONSE = { status: 200, headers: { "content-type": "text/plain" }, body: "text" };
const IGNORE = () => undefined;

/** Handlers of both interfaces without optional methods. */
const BARE_HANDLERS: [string, ConstructorParameters<typeof DispatchExchange>[0]][] = [
  ["current", { onRequestStart: IGNORE }],
  ["legacy", {}],
  ["legacy, with the name of a current method", { onRequestStart: undefined } as object],
];

it.each(BARE_HANDLERS)("an exchange calls no method that its handler lacks: %s", async (_name, handler) => {
  const complete = new DispatchExchange(handler);
  complete.start();
  await complete.respond(RESPONSE, "text");
  complete.end();
  expect([complete.aborted, complete.reason, complete.rawTrailers]).toEqual([false, null, []]);
  const aborted = new DispatchExchange(handler);
  aborted.abort(new Error("enough"));
  expect([aborted.aborted, aborted.reason]).toEqual([true, new Error("enough")]);
});

it("an exchange that is over cannot be aborted any more", async () => {
  const errors: Error[] = [];
  const exchange = new DispatchExchange({ onError: (error) => errors.push(error) });
  exchange.start();
  await exchange.respond(RESPONSE, "text");
  exchange.end();
  exchange.abort(new Error("too late"));
  expect([exchange.aborted, exchange.reason, errors]).toEqual([false, null, []]);
});

it("an exchange is paused until it is resumed", () => {
  const exchange = new DispatchExchange({});
  const seen = [exchange.paused];
  exchange.pause();
  exchange.pause();
  seen.push(exchange.paused);
  exchange.resume();
  expect([...seen, exchange.paused]).toEqual([false, true, false]);
});

it.each([
  [200, "OK"],
  [299, ""],
])("an exchange passes the usual message of the status %i to both interfaces", async (status, message) => {
  const messages: string[] = [];
  const current = {
    onRequestStart: IGNORE,
    onResponseStart: (_controller: unknown, _status: number, _headers: object, text: string) => messages.push(text),
  };
  const legacy = {
    onHeaders: (_status: number, _headers: readonly Buffer[], _resume: () => void, text: string) =>
      messages.push(text) > 0,
  };
  for (const handler of [current, legacy]) await new DispatchExchange(handler).respond({ ...RESPONSE, status }, "text");
  expect(messages).toEqual([message, message]);
});

it("an exchange reports the raw headers, no data of an empty body, and no trailers", async () => {
  const events: unknown[] = [];
  const exchange = new DispatchExchange({
    onHeaders: (_status, headers) => events.push(headers.map(String)) > 0,
    onData: (chunk) => events.push(chunk) > 0,
    onComplete: (trailers) => events.push(trailers),
  });
  exchange.start();
  await exchange.respond(RESPONSE, "");
  exchange.end();
  expect(events).toEqual([["content-type", "text/plain"], []]);
});
