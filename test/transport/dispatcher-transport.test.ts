import { describe, expect, it } from "vitest";
import type { DispatchHandlerLike, DispatchOptionsLike } from "../../src/transport/dispatcher-like.js";
import { sendThroughDispatcher } from "../../src/transport/dispatcher-transport.js";
import type { HttpRequest, TransportResult } from "../../src/transport/http-message.js";

const REQUEST: HttpRequest = {
  method: "PUT",
  origin: "https://kiosk.example",
  path: "/card",
  headers: { Authorization: "Bearer token" },
  body: "{}",
};

/** The two generations of the interface between a dispatcher and its handler, as dispatchers of each would use it. */
const GENERATIONS = {
  newer: (handler: DispatchHandlerLike) => {
    const aborted: Error[] = [];
    const controller = { abort: (reason: Error) => void aborted.push(reason) };
    return {
      aborted,
      start: () => handler.onRequestStart(controller, {}),
      answer: (status: number, headers: Record<string, string | string[]>) =>
        handler.onResponseStart(controller, status, headers),
      receive: (text: string) => handler.onResponseData(controller, Buffer.from(text)),
      end: () => handler.onResponseEnd(controller, {}),
      fail: (error: Error) => handler.onResponseError(controller, error),
    };
  },
  older: (handler: DispatchHandlerLike) => {
    const aborted: Error[] = [];
    return {
      aborted,
      start: () => handler.onConnect((reason) => void aborted.push(reason as Error)),
      answer: (status: number, headers: Record<string, string | string[]>) => {
        const flat = Object.entries(headers).flatMap(([name, values]) =>
          [values].flat().flatMap((value) => [name, value]),
        );
        const raw = flat.map((text) => Buffer.from(text, "latin1"));
        return handler.onHeaders(status, raw, () => {}, "");
      },
      receive: (text: string) => handler.onData(Buffer.from(text)),
      end: () => handler.onComplete(null),
      fail: (error: Error) => handler.onError(error),
    };
  },
} as const;

type Exchange = ReturnType<(typeof GENERATIONS)["newer" | "older"]>;

/** A dispatcher that leaves it to the test what becomes of its latest request. */
function fakeDispatcher(generation: keyof typeof GENERATIONS) {
  const latest: { exchange?: Exchange; options?: DispatchOptionsLike; bodySent?: () => void } = {};
  return {
    latest,
    dispatch(options: DispatchOptionsLike, handler: DispatchHandlerLike) {
      Object.assign(latest, { options, exchange: GENERATIONS[generation](handler) });
      latest.bodySent = () => handler.onBodySent();
      return true;
    },
  };
}

interface SendOptions {
  readonly dispatcher?: ReturnType<typeof fakeDispatcher>;
  readonly onStart?: () => void;
}

/** Sends a request through a fake dispatcher. */
function send(
  generation: keyof typeof GENERATIONS,
  signal = new AbortController().signal,
  { dispatcher = fakeDispatcher(generation), onStart }: SendOptions = {},
) {
  const result = sendThroughDispatcher(dispatcher, REQUEST, signal, onStart);
  return { result, ...(dispatcher.latest as Required<typeof dispatcher.latest>) };
}

const refused = () => Object.assign(new Error("refused"), { code: "ECONNREFUSED" });

/** What cannot come before the first byte has left. */
const SIGNS: readonly (readonly [string, (exchange: Exchange, bodySent: () => void) => void])[] = [
  ["a sent body", (_exchange, bodySent) => bodySent()],
  ["a response of 1xx", (exchange) => exchange.answer(103, {})],
  ["the header of a response", (exchange) => exchange.answer(200, {})],
  ["a chunk of a response", (exchange) => exchange.receive("{")],
  [
    "a second start",
    (exchange) => {
      exchange.start();
      exchange.start();
    },
  ],
];

const bodyOf = (result: TransportResult) =>
  result.kind === "responded" ? Buffer.from(result.response.body).toString() : undefined;

it("a refused connection after onConnect was not sent, for undici 6 may call that before it connects", async () => {
  const refusedFirst = send("older");
  refusedFirst.exchange.start();
  refusedFirst.exchange.fail(refused());
  expect(await refusedFirst.result).toMatchObject({ requestSent: false });
  const newer = send("newer");
  newer.exchange.start();
  newer.exchange.fail(refused());
  expect(await newer.result).toMatchObject({ requestSent: true });
});

describe.each(["newer", "older"] as const)("through a dispatcher of the %s generation", (generation) => {
  it("an answer is collected", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.answer(200, { "X-Trace-Id": "trace", Vary: ["a", "b"] });
    exchange.receive('{"a"');
    exchange.receive(":1}");
    exchange.end();
    const settled = await result;
    expect(settled).toMatchObject({ kind: "responded", response: { status: 200, oversized: false } });
    expect(bodyOf(settled)).toBe('{"a":1}');
    const { headers } = (settled as Extract<TransportResult, { kind: "responded" }>).response;
    expect(headers.get("x-trace-id")).toBe("trace");
  });

  it("an answer of 1xx is passed over", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.answer(103, { "x-trace-id": "early" });
    exchange.answer(404, {});
    exchange.end();
    expect(await result).toMatchObject({ response: { status: 404, headers: new Map() } });
  });

  it("a failure after the start is in doubt", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    exchange.fail(reset);
    expect(await result).toEqual({ kind: "failed", requestSent: true, cause: reset });
  });

  it("a refused connection after a sent request is in doubt, for it is that of a retry", async () => {
    const { result, exchange, bodySent } = send(generation);
    exchange.start();
    bodySent();
    exchange.fail(refused());
    expect(await result).toMatchObject({ kind: "failed", requestSent: true });
  });

  it.each(SIGNS)("a failure after %s is in doubt, although no start was reported", async (_what, sign) => {
    const { result, exchange, bodySent } = send(generation);
    sign(exchange, bodySent);
    exchange.fail(refused());
    expect(await result).toMatchObject({ kind: "failed", requestSent: true });
  });

  it.each([refused(), new Error("unknown"), undefined, null, "no"])(
    "a failure before the start, as %s, was not sent",
    async (cause) => {
      const { result, exchange } = send(generation);
      exchange.fail(cause as Error);
      expect(await result).toEqual({ kind: "failed", requestSent: false, cause });
    },
  );

  it("a request starts once, when the dispatcher says so", async () => {
    let starts = 0;
    const { exchange } = send(generation, undefined, { onStart: () => (starts += 1) });
    expect(starts).toBe(0);
    exchange.start();
    exchange.answer(200, {});
    exchange.end();
    expect(starts).toBe(1);
  });

  it("an end without a response is a failure", async () => {
    for (const status of [undefined, 103]) {
      const { result, exchange } = send(generation);
      exchange.start();
      if (status !== undefined) exchange.answer(status, {});
      exchange.end();
      expect(await result).toMatchObject({
        kind: "failed",
        requestSent: true,
        cause: { message: "The dispatcher ended the request without a response" },
      });
    }
  });

  it("after a response without a reported start, an unstarted request may have been sent", async () => {
    const dispatcher = fakeDispatcher(generation);
    const first = send(generation, undefined, { dispatcher });
    first.exchange.answer(200, {});
    first.exchange.end();
    expect(await first.result).toMatchObject({ kind: "responded" });
    let starts = 0;
    const second = send(generation, undefined, { dispatcher, onStart: () => (starts += 1) });
    expect(starts).toBe(1);
    second.exchange.fail(new Error("unknown"));
    expect(await second.result).toMatchObject({ requestSent: true });
    const third = send(generation, undefined, { dispatcher });
    third.exchange.fail(refused());
    expect(await third.result).toMatchObject({ requestSent: false });
  });

  it("what was given up before it started is stopped when it starts", async () => {
    const controller = new AbortController();
    const { result, exchange } = send(generation, controller.signal);
    controller.abort();
    expect(await result).toMatchObject({ kind: "failed" });
    expect(exchange.aborted).toEqual([]);
    exchange.start();
    expect(exchange.aborted).toMatchObject([{ message: "The request was given up" }]);
  });

  it("what is given up afterwards is stopped at once", async () => {
    const controller = new AbortController();
    const { result, exchange } = send(generation, controller.signal);
    exchange.start();
    controller.abort();
    expect(exchange.aborted).toHaveLength(1);
    expect(await result).toMatchObject({ kind: "failed", requestSent: true });
  });

  it("a second start is stopped", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.start();
    expect(exchange.aborted).toMatchObject([
      { message: "The dispatcher sent the request again, which is not allowed" },
    ]);
    expect(await result).toMatchObject({ kind: "failed", requestSent: true });
  });

  it("a start after the end is stopped", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.answer(503, {});
    exchange.end();
    await result;
    exchange.start();
    expect(exchange.aborted).toHaveLength(1);
  });

  it("what comes after the end changes nothing", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.answer(200, {});
    exchange.receive("first");
    exchange.end();
    exchange.receive("second");
    exchange.fail(new Error("late"));
    expect(bodyOf(await result)).toBe("first");
  });

  it("a body that is too large ends it", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.answer(200, {});
    for (let chunk = 0; chunk < 11; chunk += 1) exchange.receive("x".repeat(100_000));
    expect(await result).toMatchObject({ response: { oversized: true } });
    expect(exchange.aborted).toMatchObject([{ message: "The body is too large" }]);
  });

  it("only the older generation has its request spoilt once it was sent", () => {
    const { exchange, options, bodySent } = send(generation);
    exchange.start();
    expect(options.headers["Authorization"]).toBe("Bearer token");
    bodySent();
    expect(options.headers["Authorization"]).toBe(generation === "older" ? "\n" : "Bearer token");
    expect(REQUEST.headers["Authorization"]).toBe("Bearer token");
  });
});

it("a dispatcher is told to send once, follow nothing and have no limits of its own", () => {
  const { retryOptions, ...options } = send("newer").options as DispatchOptionsLike & { retryOptions: object };
  expect(options).toEqual({
    ...REQUEST,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxRedirections: 0,
  });
  expect(retryOptions).toMatchObject({ maxRetries: 0, methods: [], statusCodes: [], errorCodes: [] });
});

it("a dispatcher that throws has failed", async () => {
  const dispatcher = (error: unknown) => ({
    dispatch(): boolean {
      throw error;
    },
  });
  const { signal } = new AbortController();
  for (const cause of [Object.assign(new Error("invalid"), { code: "UND_ERR_INVALID_ARG" }), "no", undefined])
    expect(await sendThroughDispatcher(dispatcher(cause), REQUEST, signal)).toEqual({
      kind: "failed",
      requestSent: false,
      cause,
    });
});
