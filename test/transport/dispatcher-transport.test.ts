import { Agent } from "undici";
import { Agent as Agent6 } from "undici-6";
import { describe, expect, it, onTestFinished } from "vitest";
import type { DispatcherLike, DispatchHandlerLike, DispatchOptionsLike } from "../../src/transport/dispatcher-like.js";
import { sendThroughDispatcher } from "../../src/transport/dispatcher-transport.js";
import type { HttpRequest, TransportResult } from "../../src/transport/http-message.js";
import { reply, startHttpServer } from "../support/http-server.js";

const REQUEST: HttpRequest = {
  method: "PUT",
  origin: "https://kiosk.example",
  path: "/card",
  headers: { Authorization: "Bearer token" },
  body: "{}",
};

/** Calls a handler as the dispatchers of each generation would. */
const GENERATIONS = {
  newer: (handler: DispatchHandlerLike) => {
    const aborted: Error[] = [];
    const controller = { abort: (reason: Error) => void aborted.push(reason) };
    return {
      aborted,
      start: () => handler.onRequestStart(controller, {}),
      respond: (status: number, headers: Record<string, string | string[]>) =>
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
      respond: (status: number, headers: Record<string, string | string[]>) => {
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

/** A dispatcher that lets the test control its latest request. */
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
  readonly mayStart?: () => boolean;
}

/** Sends a request through a fake dispatcher. */
function send(
  generation: keyof typeof GENERATIONS,
  signal = new AbortController().signal,
  { dispatcher = fakeDispatcher(generation), onStart, mayStart }: SendOptions = {},
) {
  const result = sendThroughDispatcher(dispatcher, REQUEST, signal, onStart, mayStart);
  return { result, ...(dispatcher.latest as Required<typeof dispatcher.latest>) };
}

const refused = () => Object.assign(new Error("refused"), { code: "ECONNREFUSED" });

/** Events that cannot come before the first byte has left. */
const SIGNS: readonly (readonly [string, (exchange: Exchange, bodySent: () => void) => void])[] = [
  ["a sent body", (_exchange, bodySent) => bodySent()],
  ["a 1xx response", (exchange) => exchange.respond(103, {})],
  ["the header of a response", (exchange) => exchange.respond(200, {})],
  ["a chunk of a response", (exchange) => exchange.receive("{")],
  [
    "a second start",
    (exchange) => {
      exchange.start();
      exchange.start();
    },
  ],
];

const toBodyText = (result: TransportResult) =>
  result.kind === "responded" ? Buffer.from(result.response.body).toString() : undefined;

it("a request counts as never sent if its connection is refused after onConnect, which undici 6 may call before it connects", async () => {
  const refusedFirst = send("older");
  refusedFirst.exchange.start();
  refusedFirst.exchange.fail(refused());
  expect(await refusedFirst.result).toMatchObject({ requestSent: false });
  const newer = send("newer");
  newer.exchange.start();
  newer.exchange.fail(refused());
  expect(await newer.result).toMatchObject({ requestSent: true });
});

describe.each(["newer", "older"] as const)("a request through a dispatcher of the %s generation", (generation) => {
  it("collects the response", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.respond(200, { "X-Trace-Id": "trace", Vary: ["a", "b"] });
    exchange.receive('{"a"');
    exchange.receive(":1}");
    exchange.end();
    const settled = await result;
    expect(settled).toMatchObject({ kind: "responded", response: { status: 200, oversized: false } });
    expect(toBodyText(settled)).toBe('{"a":1}');
    const { headers } = (settled as Extract<TransportResult, { kind: "responded" }>).response;
    expect(headers.get("x-trace-id")).toBe("trace");
  });

  it("skips a 1xx response", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.respond(103, { "x-trace-id": "early" });
    exchange.respond(404, {});
    exchange.end();
    expect(await result).toMatchObject({ response: { status: 404, headers: new Map() } });
  });

  it("counts a request as sent if it fails after the start", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    exchange.fail(reset);
    expect(await result).toEqual({ kind: "failed", requestSent: true, cause: reset });
  });

  it("counts a request as sent if a connection is refused after the body was sent, because that is a retry", async () => {
    const { result, exchange, bodySent } = send(generation);
    exchange.start();
    bodySent();
    exchange.fail(refused());
    expect(await result).toMatchObject({ kind: "failed", requestSent: true });
  });

  it.each(SIGNS)(
    "counts a request as sent if it fails after %s, although no start was reported",
    async (_what, sign) => {
      const { result, exchange, bodySent } = send(generation);
      sign(exchange, bodySent);
      exchange.fail(refused());
      expect(await result).toMatchObject({ kind: "failed", requestSent: true });
    },
  );

  it.each([refused(), new Error("unknown"), undefined, null, "no"])(
    "counts a request as never sent if it fails before the start with %s",
    async (cause) => {
      const { result, exchange } = send(generation);
      exchange.fail(cause as Error);
      expect(await result).toEqual({ kind: "failed", requestSent: false, cause });
    },
  );

  it("starts a request once, when the dispatcher reports the start", async () => {
    let starts = 0;
    const { exchange } = send(generation, undefined, { onStart: () => (starts += 1) });
    expect(starts).toBe(0);
    exchange.start();
    exchange.respond(200, {});
    exchange.end();
    expect(starts).toBe(1);
  });

  it("aborts a request at its start if it may no longer start, and counts it as never sent", async () => {
    const asked: string[] = [];
    const { result, exchange } = send(generation, undefined, {
      onStart: () => asked.push("onStart"),
      mayStart: () => asked.push("mayStart") === 0,
    });
    expect(asked).toEqual([]);
    exchange.start();
    expect(exchange.aborted).toMatchObject([{ message: "The request may no longer start" }]);
    exchange.start();
    expect(asked).toEqual(["mayStart"]);
    expect(await result).toMatchObject({ kind: "failed", requestSent: false });
  });

  it("reports the start of a request that a dispatcher sends although it may no longer start", () => {
    const asked: string[] = [];
    const { exchange, bodySent } = send(generation, undefined, {
      onStart: () => asked.push("onStart"),
      mayStart: () => asked.push("mayStart") === 0,
    });
    exchange.start();
    bodySent();
    expect(asked).toEqual(["mayStart", "onStart"]);
  });

  it("asks once whether a request may start, right before it starts", async () => {
    const asked: string[] = [];
    const { result, exchange } = send(generation, undefined, {
      onStart: () => asked.push("onStart"),
      mayStart: () => asked.push("mayStart") > 0,
    });
    exchange.start();
    exchange.start();
    expect(asked).toEqual(["mayStart", "onStart"]);
    expect(await result).toMatchObject({ requestSent: true });
  });

  it("counts a request as started if only its response shows that, whether it may start or not", async () => {
    const asked: string[] = [];
    const { result, exchange } = send(generation, undefined, {
      onStart: () => asked.push("onStart"),
      mayStart: () => asked.push("mayStart") === 0,
    });
    exchange.respond(200, {});
    exchange.end();
    expect(asked).toEqual(["onStart"]);
    expect(await result).toMatchObject({ kind: "responded" });
  });

  it("asks before it dispatches if the dispatcher hides starts", async () => {
    const dispatcher = fakeDispatcher(generation);
    const first = send(generation, undefined, { dispatcher });
    first.exchange.respond(200, {});
    first.exchange.end();
    const { exchange } = dispatcher.latest;
    const asked: string[] = [];
    const second = send(generation, undefined, {
      dispatcher,
      onStart: () => asked.push("onStart"),
      mayStart: () => asked.push("mayStart") === 0,
    });
    expect(await second.result).toMatchObject({ kind: "failed", requestSent: false });
    expect(dispatcher.latest.exchange).toBe(exchange);
    expect(asked).toEqual(["mayStart"]);
  });

  it("reports a failure if a request ends without a response", async () => {
    for (const status of [undefined, 103]) {
      const { result, exchange } = send(generation);
      exchange.start();
      if (status !== undefined) exchange.respond(status, {});
      exchange.end();
      expect(await result).toMatchObject({
        kind: "failed",
        requestSent: true,
        cause: { message: "The dispatcher ended the request without a response" },
      });
    }
  });

  it("does not trust a missing start once the dispatcher has hidden one", async () => {
    const dispatcher = fakeDispatcher(generation);
    const first = send(generation, undefined, { dispatcher });
    first.exchange.respond(200, {});
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

  it("trusts a missing start as long as the dispatcher reports every start", async () => {
    const dispatcher = fakeDispatcher(generation);
    const first = send(generation, undefined, { dispatcher });
    first.exchange.start();
    first.bodySent();
    first.exchange.respond(200, {});
    first.exchange.end();
    expect(await first.result).toMatchObject({ kind: "responded" });
    let starts = 0;
    const second = send(generation, undefined, { dispatcher, onStart: () => (starts += 1) });
    second.exchange.fail(new Error("unknown"));
    expect(await second.result).toMatchObject({ requestSent: false });
    expect(starts).toBe(0);
  });

  it("trusts a missing start of a dispatcher that goes on after an abort, as a MockAgent does", async () => {
    const dispatcher = fakeDispatcher(generation);
    const first = send(generation, undefined, { dispatcher, mayStart: () => false });
    first.exchange.start();
    first.exchange.respond(200, {});
    first.exchange.end();
    expect(await first.result).toMatchObject({ kind: "failed" });
    let starts = 0;
    const second = send(generation, undefined, { dispatcher, onStart: () => (starts += 1) });
    second.exchange.fail(new Error("unknown"));
    expect(await second.result).toMatchObject({ requestSent: false });
    expect(starts).toBe(0);
  });

  it("aborts a request at its start if its signal had aborted before it was created", async () => {
    let starts = 0;
    const { result, exchange } = send(generation, AbortSignal.abort(), { onStart: () => (starts += 1) });
    exchange.start();
    expect(exchange.aborted).toMatchObject([{ message: "The request was cancelled" }]);
    expect(await result).toMatchObject({ kind: "failed", requestSent: false });
    expect(starts).toBe(0);
  });

  it("aborts a request at its start if it was cancelled before", async () => {
    const controller = new AbortController();
    const { result, exchange } = send(generation, controller.signal);
    controller.abort();
    expect(await result).toMatchObject({ kind: "failed" });
    expect(exchange.aborted).toEqual([]);
    exchange.start();
    expect(exchange.aborted).toMatchObject([{ message: "The request was cancelled" }]);
  });

  it("aborts a request immediately if it is cancelled after its start", async () => {
    const controller = new AbortController();
    const { result, exchange } = send(generation, controller.signal);
    exchange.start();
    controller.abort();
    expect(exchange.aborted).toHaveLength(1);
    expect(await result).toMatchObject({ kind: "failed", requestSent: true });
  });

  it("aborts a request that starts a second time", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.start();
    expect(exchange.aborted).toMatchObject([
      { message: "The dispatcher started the request again: it must not retry" },
    ]);
    expect(await result).toMatchObject({ kind: "failed", requestSent: true });
  });

  it("aborts a request that starts after its end", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.respond(503, {});
    exchange.end();
    await result;
    exchange.start();
    expect(exchange.aborted).toHaveLength(1);
  });

  it("ignores everything after the end of a request", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.respond(200, {});
    exchange.receive("first");
    exchange.end();
    exchange.receive("second");
    exchange.fail(new Error("late"));
    expect(toBodyText(await result)).toBe("first");
  });

  it("aborts a request if the response body is too large", async () => {
    const { result, exchange } = send(generation);
    exchange.start();
    exchange.respond(200, {});
    for (let chunk = 0; chunk < 11; chunk += 1) exchange.receive("x".repeat(100_000));
    expect(await result).toMatchObject({ response: { oversized: true } });
    expect(exchange.aborted).toMatchObject([{ message: "The response body is larger than 1 MiB" }]);
  });

  it("invalidates a request once its body was sent, for the older generation only", () => {
    const { exchange, options, bodySent } = send(generation);
    exchange.start();
    expect(options.headers["Authorization"]).toBe("Bearer token");
    bodySent();
    expect(options.headers["Authorization"]).toBe(generation === "older" ? "\n" : "Bearer token");
    expect(REQUEST.headers["Authorization"]).toBe("Bearer token");
  });
});

it("a dispatcher is asked to send once, follow no redirects and apply no time limits", () => {
  const { retryOptions, ...options } = send("newer").options as DispatchOptionsLike & { retryOptions: object };
  expect(options).toEqual({
    ...REQUEST,
    headersTimeout: 0,
    bodyTimeout: 0,
    maxRedirections: 0,
  });
  expect(retryOptions).toMatchObject({ maxRetries: 0, methods: [], statusCodes: [], errorCodes: [] });
});

it("a dispatcher gets no body for a request without one", () => {
  const dispatcher = fakeDispatcher("newer");
  const request = { ...REQUEST, method: "GET", body: undefined } as const;
  void sendThroughDispatcher(dispatcher, request, new AbortController().signal);
  expect(dispatcher.latest.options).not.toHaveProperty("body");
});

it.each([
  ["undici 7", () => new Agent()],
  ["undici 6", () => new Agent6()],
])("a request is invalid once an Agent of %s has sent its body", async (_version, create) => {
  await using server = await startHttpServer(reply(200, "{}"));
  const dispatcher = create();
  onTestFinished(() => dispatcher.destroy());
  const request = { ...REQUEST, origin: server.url, headers: { Authorization: "Bearer token" } };
  const result = sendThroughDispatcher(dispatcher as DispatcherLike, request, new AbortController().signal);
  expect(await result).toMatchObject({ kind: "responded" });
  expect(server.requests).toMatchObject([{ headers: { authorization: "Bearer token" } }]);
  expect(request.headers).toEqual({ Authorization: "\n" });
});

it("a request counts as never sent if the dispatcher throws", async () => {
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
