import { getEventListeners } from "node:events";
import { Agent } from "undici";
import { describe, expect, it, vi } from "vitest";
import type { CallOptions, TokenContext, WiseKioskClientOptions } from "../../src/index.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection, createClient, PRODUCE, TRANSPORTS } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

/** A signal like those of polyfills and other realms. */
class ForeignSignal extends EventTarget {
  aborted = false;
  reason: unknown;

  abort(reason: unknown): void {
    this.aborted = true;
    this.reason = reason;
    this.dispatchEvent(new Event("abort"));
  }
}

const never = (): Promise<never> => new Promise(() => {});

describe.each(TRANSPORTS)("the caller's signal through %s", (_name, transport) => {
  it.each([
    ["an error", new TypeError("no")],
    ["a string", "no"],
    ["null", null],
    ["zero", 0],
    ["an object", { code: "no" }],
  ])("rejects with the abort reason if it is %s", async (_what, reason) => {
    await using server = await startHttpServer(() => {});
    const controller = new AbortController();
    const call = catchRejection(createClient(server, transport).produceCard(PRODUCE, { signal: controller.signal }));
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    controller.abort(reason);
    expect(await call).toBe(reason);
  });

  it("rejects with the error of the platform if the abort has no reason", async () => {
    await using server = await startHttpServer(() => {});
    const kiosk = createClient(server, transport);
    expect(await catchRejection(kiosk.produceCard(PRODUCE, { signal: AbortSignal.timeout(20) }))).toMatchObject({
      name: "TimeoutError",
    });
    expect(await catchRejection(kiosk.produceCard(PRODUCE, { signal: AbortSignal.abort() }))).toMatchObject({
      name: "AbortError",
    });
  });

  it("sends nothing if the token provider aborts the call", async () => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.inProgress));
    const controller = new AbortController();
    const reason = new Error("shutting down");
    const token = () => {
      controller.abort(reason);
      return "a-token-of-the-user";
    };
    const kiosk = createClient(server, { ...transport, token });
    expect(await catchRejection(kiosk.produceCard(PRODUCE, { signal: controller.signal }))).toBe(reason);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(server.requests).toEqual([]);
  });

  it("accepts a signal from another realm", async () => {
    await using server = await startHttpServer(() => {});
    const signal = new ForeignSignal();
    const call = catchRejection(
      createClient(server, transport).produceCard(PRODUCE, { signal: signal as unknown as AbortSignal }),
    );
    await vi.waitFor(() => expect(server.requests).toHaveLength(1));
    signal.abort("enough");
    expect(await call).toBe("enough");
    const again = createClient(server, transport).produceCard(PRODUCE, { signal: signal as unknown as AbortSignal });
    expect(await catchRejection(again)).toBe("enough");
  });

  it("an already aborted signal prevents any request", async () => {
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
    const token = vi.fn(() => "token");
    const kiosk = createClient(server, { ...transport, token });
    const options: CallOptions = { signal: AbortSignal.abort("too late") };
    expect(await catchRejection(kiosk.produceCard(PRODUCE, options))).toBe("too late");
    expect(await catchRejection(kiosk.getProductionStatus(CARD, options))).toBe("too late");
    expect(await catchRejection(kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }, options))).toBe(
      "too late",
    );
    expect([token.mock.calls, server.requests]).toEqual([[], []]);
  });

  it("has one listener during a call, and none after it", async () => {
    const { signal } = new AbortController();
    const during: number[] = [];
    await using server = await startHttpServer((response, request) => {
      during.push(getEventListeners(signal, "abort").length);
      reply(during.length === 2 ? 500 : 200, WISE_EXAMPLES.ready)(response, request);
    });
    const kiosk = createClient(server, transport);
    await kiosk.getProductionStatus(CARD, { signal });
    await catchRejection(kiosk.getProductionStatus(CARD, { signal }));
    await catchRejection(
      createClient(server, { ...transport, token: never }).produceCard(PRODUCE, { signal, timeoutMs: 10 }),
    );
    await catchRejection(createClient({ url: "http://127.0.0.1:1" }, transport).produceCard(PRODUCE, { signal }));
    expect(during).toEqual([1, 1]);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});

it.each<[string, Pick<WiseKioskClientOptions, "fetch">]>([
  ["the default dispatcher", {}],
  ["a fetch", { fetch: async () => new Response(WISE_EXAMPLES.ready) }],
])("1,000 calls through %s with one signal leave no listener on it", { timeout: 60_000 }, async (_name, transport) => {
  await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
  const kiosk = createClient(server, transport);
  const { signal } = new AbortController();
  let most = 0;
  for (let call = 0; call < 1000; call += 1) {
    await kiosk.getProductionStatus(CARD, { signal });
    most = Math.max(most, getEventListeners(signal, "abort").length);
  }
  expect(most).toBe(0);
});

describe("the caller's signal", () => {
  it("never passes the caller's signal on", async () => {
    const { signal } = new AbortController();
    const handed: unknown[] = [];
    const token = (context: TokenContext) => {
      handed.push(context.signal);
      return context.rejectedToken === undefined ? "first-token" : "second-token";
    };
    const fetch: WiseKioskClientOptions["fetch"] = async (_url, init) => {
      handed.push(init.signal);
      return new Response(WISE_EXAMPLES.ready, {
        status: init.headers["Authorization"] === "Bearer first-token" ? 401 : 200,
      });
    };
    const agent = new Agent();
    const dispatcher: WiseKioskClientOptions["dispatcher"] = {
      dispatch(options, handler) {
        handed.push(...Object.values(options).filter((value) => value instanceof AbortSignal));
        return agent.dispatch(options, handler);
      },
    };
    await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
    await createClient(server, { token, fetch, maxRetries: 1 }).getProductionStatus(CARD, { signal });
    await createClient(server, { token, dispatcher }).getProductionStatus(CARD, { signal });
    expect(handed.filter((each) => each instanceof AbortSignal).length).toBeGreaterThan(0);
    expect(handed).not.toContain(signal);
  });
});

it("does not abort the signal of the token provider after the call", async () => {
  await using server = await startHttpServer(reply(200, WISE_EXAMPLES.ready));
  const signals: AbortSignal[] = [];
  const token = ({ signal }: TokenContext) => {
    signals.push(signal as AbortSignal);
    return "token";
  };
  await createClient(server, { token }).getProductionStatus(CARD);
  expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
});
