import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { type DispatcherLike, isKioskError, WiseKioskClient } from "../../src/index.js";
import type { DispatchHandlerLike } from "../../src/transport/dispatcher-like.js";
import { catchRejection } from "../support/transports.js";

const order = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52", kioskId: "WIS00001" };

/** What a dispatcher does with a request. */
type Script = (handler: DispatchHandlerLike) => unknown;

/** Produces a card through a dispatcher. Returns the rejection, and what the script or the handler threw. */
async function produceThrough(script: Script) {
  const thrown: unknown[] = [];
  const dispatcher: DispatcherLike = {
    dispatch(_options, handler) {
      try {
        script(handler);
      } catch (error) {
        thrown.push(error);
      }
      return true;
    },
  };
  return { error: await catchRejection(produce(dispatcher)), thrown };
}

function produce(dispatcher: DispatcherLike): Promise<unknown> {
  const options = { baseUrl: "https://wise.invalid", token: "a-token-of-the-user", maxRetries: 0, timeoutMs: 2000 };
  return new WiseKioskClient({ ...options, dispatcher }).produceCard(order);
}

function fail(): never {
  throw new Error("This cannot be read");
}

const hostileProxy = (target: object = {}): object =>
  new Proxy(target, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail, getOwnPropertyDescriptor: fail });

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const withGetter = (key: string, target: object = new Error("x")) =>
  Object.defineProperty(target, key, { get: fail, enumerable: true });

const cyclic = () => {
  const body: { self?: unknown } = {};
  body.self = body;
  return body;
};

const responseError = (fields: object) => Object.assign(new Error("x"), { code: "UND_ERR_RESPONSE" }, fields);

/** Created for each test, because a test runner cannot print them. */
const ERRORS: readonly (readonly [string, () => unknown])[] = [
  ...["code", "message", "cause", "errors", "name", "stack", "syscall", "statusCode"].map(
    (key) => [`an error with an unreadable ${key}`, () => withGetter(key)] as const,
  ),
  ["a proxy that throws", () => hostileProxy()],
  ["a revoked proxy", revoked],
  ["a frozen error", () => Object.freeze(new Error("frozen"))],
  ["a cause that is a revoked proxy", () => new Error("x", { cause: revoked() })],
  ["errors that cannot be listed", () => ({ errors: hostileProxy([]) })],
  ["a response with an unreadable body", () => withGetter("body", responseError({ statusCode: 422 }))],
  ["a response with a cyclic body", () => responseError({ statusCode: 422, body: cyclic() })],
  ["a response with a body that is not JSON", () => responseError({ statusCode: 422, body: { size: 1n } })],
  ["a response with unreadable headers", () => responseError({ statusCode: 422, headers: hostileProxy() })],
  ["a response with a fractional status", () => responseError({ statusCode: 422.5, body: "" })],
  ["a function that cannot be written", () => Object.assign(() => {}, { toString: fail })],
  ["a symbol", () => Symbol("x")],
  ["a number", () => 7],
  ["undefined", () => undefined],
  ["null", () => null],
];

const controller = { abort: () => {} };

const FAILURES: readonly (readonly [string, (handler: DispatchHandlerLike, error: Error) => void, boolean])[] = [
  ["onResponseError", (handler, error) => handler.onResponseError(controller, error), false],
  ["onError", (handler, error) => handler.onError(error), false],
  [
    "onResponseError after the start",
    (handler, error) => {
      handler.onRequestStart(controller, {});
      handler.onResponseError(controller, error);
    },
    true,
  ],
  [
    "onError after the start",
    (handler, error) => {
      handler.onConnect(() => {});
      handler.onError(error);
    },
    true,
  ],
];

describe.each(ERRORS)("%s", (_what, make) => {
  it.each(FAILURES)("ends the call if a dispatcher passes a hostile value to %s", async (_how, report, requestSent) => {
    const outcome = await produceThrough((handler) => report(handler, make() as Error));
    expect(outcome).toMatchObject({ error: { code: "ERR_CONNECTION", requestSent }, thrown: [] });
    expect(isKioskError(outcome.error)).toBe(true);
  });

  it.each<[string, () => unknown]>([
    [
      "throws a hostile value",
      () => {
        throw make();
      },
    ],
    ["rejects with a hostile value", () => Promise.reject(make())],
    ["rejects with a hostile value in another realm", () => inOtherRealm("(error) => Promise.reject(error)", make())],
    ["returns a thenable that rejects with a hostile value", () => thenable((_resolve, reject) => reject(make()))],
  ])("ends the call if a dispatcher %s", async (_how, dispatch) => {
    const outcome = await catchRejection(produce({ dispatch } as unknown as DispatcherLike));
    expect(outcome).toMatchObject({ code: "ERR_CONNECTION", requestSent: false });
  });
});

const NEWER = {
  start: (handler: DispatchHandlerLike, hostile: unknown = controller) => handler.onRequestStart(hostile as never, {}),
  respond: (handler: DispatchHandlerLike, status: unknown, headers: unknown) =>
    handler.onResponseStart(controller, status as number, headers as never),
  receive: (handler: DispatchHandlerLike, chunk: unknown) => handler.onResponseData(controller, chunk as Buffer),
  end: (handler: DispatchHandlerLike) => handler.onResponseEnd(controller, {}),
};

const OLDER = {
  start: (handler: DispatchHandlerLike, hostile: unknown = () => {}) => handler.onConnect(hostile as never),
  respond: (handler: DispatchHandlerLike, status: unknown, headers: unknown) =>
    void handler.onHeaders(status as number, headers as never, () => {}, ""),
  receive: (handler: DispatchHandlerLike, chunk: unknown) => void handler.onData(chunk as Buffer),
  end: (handler: DispatchHandlerLike) => handler.onComplete(null),
};

const inDoubt = { code: "ERR_CONNECTION", requestSent: true, mayHaveTakenEffect: true };

describe.each([
  ["newer", NEWER],
  ["older", OLDER],
] as const)("a dispatcher of the %s generation", (generation, { start, respond, receive, end }) => {
  it.each<[string, unknown, () => unknown]>([
    ["no status", undefined, () => ({})],
    ["a status that is not a number", "200", () => ({})],
    ["a status that cannot be converted", Symbol("200"), () => ({})],
    ["header fields that cannot be read", 200, () => hostileProxy()],
    ["a list of header fields that cannot be read", 200, () => hostileProxy([])],
    ["revoked header fields", 200, revoked],
    ["a header field that cannot be read", 200, () => withGetter("date", {})],
    ["header fields that hold a symbol", 200, () => ({ date: Symbol("today") })],
    ["no header fields", 200, () => null],
  ])("ends the call if the dispatcher reports a response with %s", async (_what, status, headers) => {
    const outcome = await produceThrough((handler) => {
      start(handler);
      respond(handler, status, headers());
      end(handler);
    });
    expect(outcome).toMatchObject({ error: inDoubt, thrown: [] });
  });

  it.each<[string, () => unknown]>([
    ["null", () => null],
    ["undefined", () => undefined],
    ["a number", () => 7],
    ["a symbol", () => Symbol("chunk")],
    ["an object", () => ({})],
    ["a proxy that throws", () => hostileProxy()],
    ["a revoked proxy", revoked],
  ])("ends the call if the dispatcher reports %s as a chunk", async (_what, chunk) => {
    const outcome = await produceThrough((handler) => {
      start(handler);
      respond(handler, 200, generation === "newer" ? {} : []);
      receive(handler, chunk());
      end(handler);
    });
    expect(outcome).toMatchObject({ error: inDoubt, thrown: [] });
  });

  it.each<[string, () => unknown]>([
    ["null", () => null],
    ["a number", () => 7],
    ["an object", () => ({})],
    ["a proxy that throws", () => hostileProxy(() => {})],
    ["a revoked proxy", revoked],
  ])("ends the call even if the dispatcher offers %s to abort with", async (_what, hostile) => {
    const outcome = await produceThrough((handler) => {
      start(handler, hostile());
      respond(handler, undefined, {});
    });
    expect(outcome).toMatchObject({ error: inDoubt, thrown: [] });
  });

  it.each<[string, () => unknown]>([
    ["throws", fail],
    ["rejects", () => Promise.reject(new Error("abort failed"))],
    ["rejects in another realm", () => inOtherRealm("() => Promise.reject(new Error('abort failed'))")],
  ])("ends the call even if the dispatcher's abort %s", async (_how, abort) => {
    const outcome = await produceThrough((handler) => {
      start(handler, generation === "newer" ? { abort } : abort);
      respond(handler, undefined, {});
    });
    expect(outcome).toMatchObject({ error: inDoubt, thrown: [] });
  });

  it("ends the call if the dispatcher's abort calls the handler", async () => {
    const outcome = await produceThrough((handler) => {
      const abort = () => handler.onError(new Error("aborted"));
      start(handler, generation === "newer" ? { abort } : abort);
      respond(handler, undefined, {});
    });
    expect(outcome).toMatchObject({ error: inDoubt, thrown: [] });
  });

  it.each<[string, (handler: DispatchHandlerLike) => DispatchHandlerLike]>([
    ["copies", (handler) => ({ ...handler })],
    ["derives from", (handler) => Object.create(handler) as DispatchHandlerLike],
    ["freezes", (handler) => Object.freeze(handler)],
  ])("accepts a wrapper that %s the handler", async (_how, wrap) => {
    const outcome = await produceThrough((handler) => {
      const wrapped = wrap(handler);
      start(wrapped);
      respond(wrapped, 404, generation === "newer" ? {} : []);
      receive(wrapped, Buffer.from("{}"));
      end(wrapped);
    });
    expect(outcome).toMatchObject({ error: { code: "ERR_NOT_FOUND" }, thrown: [] });
  });

  it("accepts a dispatcher that freezes its options", async () => {
    const thrown: unknown[] = [];
    const dispatcher: DispatcherLike = {
      dispatch(options, handler) {
        Object.freeze(Object.freeze(options).headers);
        start(handler);
        try {
          handler.onBodySent();
        } catch (error) {
          thrown.push(error);
        }
        respond(handler, 404, generation === "newer" ? {} : []);
        end(handler);
        return true;
      },
    };
    expect(await catchRejection(produce(dispatcher))).toMatchObject({ code: "ERR_NOT_FOUND" });
    expect(thrown).toEqual([]);
  });
});

it.each<[string, () => unknown]>([
  ["false", () => false],
  ["nothing", () => undefined],
  ["a function", () => () => {}],
  ["a thenable that throws", () => thenable(fail)],
  ["an object with an unreadable then", () => withGetter("then", {})],
  ["a revoked proxy", revoked],
])("a dispatcher that returns %s does not affect a request that has ended", async (_what, returned) => {
  const dispatcher = {
    dispatch(_options: unknown, handler: DispatchHandlerLike) {
      NEWER.start(handler);
      NEWER.respond(handler, 404, {});
      NEWER.end(handler);
      return returned();
    },
  } as unknown as DispatcherLike;
  expect(await catchRejection(produce(dispatcher))).toMatchObject({ code: "ERR_NOT_FOUND" });
});

type Executor = (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void;

function thenable(then: Executor): object {
  const key = "then";
  return { [key]: then };
}

function inOtherRealm(code: string, ...args: readonly unknown[]): unknown {
  return (runInNewContext(code) as (...values: readonly unknown[]) => unknown)(...args);
}
