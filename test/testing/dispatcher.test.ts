import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createKioskSimulator, type KioskSimulator } from "../../src/testing/index.js";

const PATH = "/v3/spend/profiles/123456/cards/card/production";

interface Controller {
  readonly aborted: boolean;
  abort(reason?: Error): void;
  pause(): void;
  resume(): void;
}

/** Creates a handler with undici's current interface that records every event. */
function controlled(events: string[], done: () => void, on: Partial<Record<string, (c: Controller) => void>> = {}) {
  const note = (event: string, controller: Controller) => {
    events.push(event);
    on[event.split(" ")[0] ?? ""]?.(controller);
  };
  return {
    onRequestStart: (c: Controller) => note("start", c),
    onResponseStart: (c: Controller, status: number, headers: Record<string, string>) =>
      note(`headers ${status} ${headers["content-type"]}`, c),
    onResponseData: (c: Controller, chunk: Buffer) => note(`data ${JSON.parse(chunk.toString()).status}`, c),
    onResponseEnd: (c: Controller) => {
      note("end", c);
      done();
    },
    onResponseError: (c: Controller, error: Error & { code?: string }) => {
      note(`error ${error.code ?? error.message}`, c);
      done();
    },
  };
}

/** Creates a handler with undici's legacy interface that records every event. */
function legacy(events: string[], done: () => void, on: Partial<Record<string, (c: Controller) => unknown>> = {}) {
  let controller: Controller;
  const note = (event: string) => {
    events.push(event);
    return on[event.split(" ")[0] ?? ""]?.(controller);
  };
  return {
    onConnect(abort: (reason?: Error) => void) {
      controller = { aborted: false, abort, pause: () => {}, resume: () => {} };
      note("start");
    },
    onHeaders(status: number, headers: Buffer[], resume: () => void) {
      const type = headers[headers.findIndex((name) => name.toString() === "content-type") + 1];
      controller.resume = resume;
      return note(`headers ${status} ${type}`) !== false;
    },
    onData: (chunk: Buffer) => note(`data ${JSON.parse(chunk.toString()).status}`) !== false,
    onComplete() {
      note("end");
      done();
    },
    onError(error: Error & { code?: string }) {
      note(`error ${error.code ?? error.message}`);
      done();
    },
  };
}

describe.each([
  ["current", controlled],
  ["legacy", legacy],
])("simulator.dispatcher with a handler of the %s interface", (_name, handlerOf) => {
  let simulator: KioskSimulator;
  let events: string[];

  beforeEach(() => {
    simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card" }] });
    events = [];
  });

  afterEach(() => void vi.useRealTimers());

  const exchange = (options: object = {}, on = {}) =>
    new Promise<void>((done) => {
      const before = events.length;
      const authorization = `Bearer ${simulator.clientOptions().token}`;
      const given = {
        origin: "https://kiosk.example",
        path: PATH,
        method: "GET",
        headers: { authorization },
        ...options,
      };
      expect(simulator.dispatcher.dispatch(given, handlerOf(events, done, on))).toBe(true);
      expect(events).toHaveLength(before);
    });

  it("calls the handler in undici's order, and not before dispatch() has returned", async () => {
    await exchange();
    expect(events).toEqual(["start", "headers 200 application/json", "data READY", "end"]);
  });

  it("reports a refused connection without a start", async () => {
    simulator.injectFault({ fault: "connection-refused" });
    await exchange();
    expect(events).toEqual(["error ECONNREFUSED"]);
  });

  it.each([
    ["connection-reset", "error ECONNRESET"],
    ["lost-response", "error UND_ERR_SOCKET"],
  ] as const)("reports %s after the start", async (fault, event) => {
    simulator.injectFault({ fault });
    await exchange();
    expect(events).toEqual(["start", event]);
  });

  it("waits for a response no longer than headersTimeout", async () => {
    simulator.injectFault({ fault: "timeout" });
    await exchange({ headersTimeout: 5 });
    expect(events).toEqual(["start", "error UND_ERR_HEADERS_TIMEOUT"]);
  });

  it.each(["latency", "timeout", "connection-reset"] as const)(
    "waits no longer than headersTimeout, whatever a slow response would be: %s",
    async (fault) => {
      simulator.latencyMs = 60_000;
      if (fault !== "latency") simulator.injectFault({ fault });
      await exchange({ headersTimeout: 5 });
      expect(events).toEqual(["start", "error UND_ERR_HEADERS_TIMEOUT"]);
    },
  );

  it.each([0, 10_000])("waits for a slow response if headersTimeout is %i", async (headersTimeout) => {
    simulator.latencyMs = 20;
    await exchange({ headersTimeout });
    expect(events).toEqual(["start", "headers 200 application/json", "data READY", "end"]);
  });

  it("waits for a response without a limit if headersTimeout is 0", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    simulator.injectFault({ fault: "timeout" });
    let controller: Controller | undefined;
    const start = (c: Controller) => {
      controller = c;
    };
    const done = exchange({ headersTimeout: 0 }, { start });
    await expect.poll(() => simulator.requests.length).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
    controller?.abort(new Error("enough"));
    await done;
    expect(events).toEqual(["start", "error enough"]);
  });

  it("sends nothing if the handler aborts at the start", async () => {
    await exchange({}, { start: (c: Controller) => c.abort(new Error("enough")) });
    expect([events, simulator.requests]).toEqual([["start", "error enough"], []]);
  });

  it("reports nothing but the abort once the handler has aborted", async () => {
    await exchange({}, { headers: (c: Controller) => c.abort() });
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(events).toEqual(["start", "headers 200 application/json", "error UND_ERR_ABORTED"]);
  });

  it("fails with the error that the handler throws", async () => {
    const throwing = () => {
      throw new Error("broken handler");
    };
    await exchange({}, { start: throwing });
    await exchange({}, { data: throwing });
    expect(events).toEqual([
      "start",
      "error broken handler",
      "start",
      "headers 200 application/json",
      "data READY",
      "error broken handler",
    ]);
    expect(simulator.requests).toHaveLength(1);
  });

  it("waits while the handler is paused", async () => {
    let controller: Controller | undefined;
    const pause = (c: Controller) => {
      controller = c;
      c.pause();
      return false;
    };
    const done = exchange({}, { headers: pause, data: pause });
    for (const seen of [2, 3]) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(events).toHaveLength(seen);
      controller?.resume();
    }
    await done;
    expect(events).toHaveLength(4);
  });

  it.each([
    ["text", '{"kioskId":"WIS00001"}'],
    ["bytes", Buffer.from('{"kioskId":"WIS00001"}')],
    ["a stream", Readable.from(['{"kioskId":', '"WIS00001"}'])],
    ["a Blob", new Blob(['{"kioskId":"WIS00001"}'])],
    ["an iterable", [Buffer.from('{"kioskId":'), Buffer.from('"WIS00001"}')]],
  ])("reads a body from %s", async (_kind, body) => {
    await exchange({ method: "PUT", body });
    expect(events[2]).toBe("data IN_PROGRESS");
  });

  it("fails with the error of the request body", async () => {
    const body = new Readable({ read: () => body.destroy(new Error("no more")) });
    await exchange({ method: "PUT", body });
    expect([events, simulator.requests]).toEqual([["start", "error no more"], []]);
  });

  it.each([
    ["a record", (token: string) => ({ Authorization: token, "X-Many": ["1", "2"], "X-None": undefined })],
    ["a flat list of names and values", (token: string) => ["Authorization", token, "X-Many", ["1", "2"]]],
    [
      "an iterable of pairs",
      (token: string) => new Map([["Authorization", token] as const, ["X-Many", "1, 2"] as const]),
    ],
    ["an array of pairs", (token: string) => [["Authorization", token] as const, ["X-Many", "1, 2"] as const]],
  ])("reads headers from %s", async (_kind, headersOf) => {
    await exchange({ headers: headersOf(`Bearer ${simulator.clientOptions().token}`) });
    expect(events[1]).toBe("headers 200 application/json");
    expect(simulator.requests[0]?.headers).toEqual({ "x-many": "1, 2" });
  });

  it.each([undefined, null])("treats a request with the headers %s as one without a token", async (headers) => {
    await exchange({ headers });
    expect(events[1]).toBe("headers 401 application/json");
    expect(simulator.requests[0]?.headers).toEqual({});
  });
});
