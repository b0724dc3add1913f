import { describe, expect, test } from "vitest";
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

/** Sends a request through a dispatcher that is told what to do with it. */
function send(generation: keyof typeof GENERATIONS, signal = new AbortController().signal) {
  let exchange: Exchange | undefined;
  let handed: DispatchOptionsLike | undefined;
  let bodySent = () => {};
  const dispatcher = {
    dispatch(options: DispatchOptionsLike, handler: DispatchHandlerLike) {
      handed = options;
      exchange = GENERATIONS[generation](handler);
      bodySent = () => handler.onBodySent();
      return true;
    },
  };
  const result = sendThroughDispatcher(dispatcher, REQUEST, signal);
  return {
    result,
    exchange: exchange as unknown as Exchange,
    options: handed as unknown as DispatchOptionsLike,
    bodySent: () => bodySent(),
  };
}

const bodyOf = (result: TransportResult) =>
  result.kind === "answered" ? Buffer.from(result.response.body).toString() : undefined;

describe.each(["newer", "older"] as const)("through a dispatcher of the %s generation", (generation) => {
  test("an answer is collected", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.answer(200, { "X-Trace-Id": "trace", Vary: ["a", "b"] });
    exchange.receive('{"a"');
    exchange.receive(":1}");
    exchange.end();
    const settled = await result;
    expect(settled).toMatchObject({ kind: "answered", response: { status: 200, oversized: false } });
    expect(bodyOf(settled)).toBe('{"a":1}');
    const { headers } = (settled as Extract<TransportResult, { kind: "answered" }>).response;
    expect(headers.get("x-trace-id")).toBe("trace");
  });

  test("an answer of 1xx is passed over", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.answer(103, { "x-trace-id": "early" });
    exchange.answer(404, {});
    exchange.end();
    expect(await result).toMatchObject({ response: { status: 404, headers: new Map() } });
  });

  test("a failure after the start is in doubt, whatever it says", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    const refused = Object.assign(new Error("refused"), { code: "ECONNREFUSED" });
    exchange.fail(refused);
    expect(await result).toEqual({ kind: "failed", requestSent: true, cause: refused });
  });

  test("a failure before the start is what it says", async () => {
    const unsent = send(generation);
    unsent.exchange.fail(Object.assign(new Error("refused"), { code: "ECONNREFUSED" }));
    expect(await unsent.result).toMatchObject({ requestSent: false });
    const unknown = send(generation);
    unknown.exchange.fail(new Error("who knows"));
    expect(await unknown.result).toMatchObject({ requestSent: true });
  });

  test("what was given up before it started is stopped when it starts", async () => {
    const controller = new AbortController();
    const { result, exchange } = send(generation, controller.signal);
    controller.abort();
    expect(await result).toMatchObject({ kind: "failed" });
    expect(exchange.aborted).toEqual([]);
    exchange.start();
    expect(exchange.aborted).toMatchObject([{ message: "The request was given up" }]);
  });

  test("what is given up afterwards is stopped at once", async () => {
    const controller = new AbortController();
    const { result, exchange } = send(generation, controller.signal);
    exchange.start();
    controller.abort();
    expect(exchange.aborted).toHaveLength(1);
    expect(await result).toMatchObject({ kind: "failed", requestSent: true });
  });

  test("a second start is stopped", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.start();
    expect(exchange.aborted).toMatchObject([
      { message: "The dispatcher sent the request again, which is not allowed" },
    ]);
    expect(await result).toMatchObject({ kind: "failed", requestSent: true });
  });

  test("a start after the end is stopped", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.answer(503, {});
    exchange.end();
    await result;
    exchange.start();
    expect(exchange.aborted).toHaveLength(1);
  });

  test("what comes after the end changes nothing", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.answer(200, {});
    exchange.receive("first");
    exchange.end();
    exchange.receive("second");
    exchange.fail(new Error("late"));
    expect(bodyOf(await result)).toBe("first");
  });

  test("a body that is too large ends it", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.answer(200, {});
    for (let chunk = 0; chunk < 11; chunk += 1) exchange.receive("x".repeat(100_000));
    expect(await result).toMatchObject({ response: { oversized: true } });
    expect(exchange.aborted).toMatchObject([{ message: "The body is too large" }]);
  });

  test("only the older generation has its request spoilt once it was sent", () => {
    const { exchange, options, bodySent } = send(generation);
    exchange.start();
    expect(options.headers["Authorization"]).toBe("Bearer token");
    bodySent();
    expect(options.headers["Authorization"]).toBe(generation === "older" ? "\n" : "Bearer token");
    expect(REQUEST.headers["Authorization"]).toBe("Bearer token");
  });
});

test("a dispatcher is told to send once, follow nothing and have no limits of its own", () => {
  const { retryOptions, ...options } = send("newer").options as DispatchOptionsLike & { retryOptions: object };
  expect(options).toEqual({
    ...REQUEST,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxRedirections: 0,
  });
  expect(retryOptions).toMatchObject({ maxRetries: 0, methods: [], statusCodes: [], errorCodes: [] });
});

test("a dispatcher that throws has failed", async () => {
  const dispatcher = (error: unknown) => ({
    dispatch(): boolean {
      throw error;
    },
  });
  const invalid = Object.assign(new Error("invalid"), { code: "UND_ERR_INVALID_ARG" });
  const { signal } = new AbortController();
  expect(await sendThroughDispatcher(dispatcher(invalid), REQUEST, signal)).toMatchObject({ requestSent: false });
  expect(await sendThroughDispatcher(dispatcher("no"), REQUEST, signal)).toMatchObject({
    requestSent: true,
    cause: "no",
  });
});
