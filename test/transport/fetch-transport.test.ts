import { describe, expect, it, onTestFinished, vi } from "vitest";
import { WiseKioskClient } from "../../src/index.js";
import type { FetchInitLike, FetchLike } from "../../src/transport/fetch-like.js";
import { sendThroughFetch } from "../../src/transport/fetch-transport.js";
import { type HttpRequest, MAX_RESPONSE_BYTES } from "../../src/transport/http-message.js";

const REQUEST: HttpRequest = {
  method: "PUT",
  origin: "https://kiosk.example",
  path: "/card",
  headers: { Authorization: "Bearer token" },
  body: "{}",
};

const { signal } = new AbortController();
const send = (fetch: unknown, request = REQUEST) => sendThroughFetch(fetch as FetchLike, request, signal);

const bytes = (text: string) => new TextEncoder().encode(text);
const headers = new Headers({ Date: "today", "X-Other": "x" });

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield bytes(text);
}

async function* things(...values: readonly unknown[]): AsyncGenerator<unknown> {
  yield* values;
}

/** The error that undici throws for a refused tunnel. */
const tunnelRefused = (status: number) =>
  Object.assign(new Error(`Proxy response (${status}) !== 200 when HTTP Tunneling`), { code: "UND_ERR_ABORTED" });

describe("sendThroughFetch", () => {
  it("calls fetch with a URL string and plain values", async () => {
    const calls: unknown[] = [];
    const fetch: FetchLike = async (...given) => {
      calls.push(given);
      return new Response();
    };
    await send(fetch);
    await send(fetch, { ...REQUEST, method: "GET", body: undefined });
    const init = { method: "PUT", headers: REQUEST.headers, redirect: "manual", signal: expect.any(AbortSignal) };
    expect(calls).toStrictEqual([
      ["https://kiosk.example/card", { ...init, body: "{}" }],
      ["https://kiosk.example/card", { ...init, method: "GET" }],
    ]);
  });

  it("does not call fetch if the request may no longer start", async () => {
    const calls: string[] = [];
    const fetch: FetchLike = async () => {
      calls.push("fetch");
      return new Response();
    };
    const sendIf = (mayStart: boolean) =>
      sendThroughFetch(
        fetch,
        REQUEST,
        signal,
        () => calls.push("onStart"),
        () => mayStart,
      );
    expect(await sendIf(false)).toMatchObject({ kind: "failed", requestSent: false });
    expect(calls).toEqual([]);
    expect(await sendIf(true)).toMatchObject({ kind: "responded" });
    expect(calls).toEqual(["onStart", "fetch"]);
  });

  it("requests a connection of its own under Deno, except for a read, and closes it", async () => {
    const close = vi.fn();
    vi.stubGlobal("Deno", { createHttpClient: (options: object) => ({ options, close }) });
    onTestFinished(() => void vi.unstubAllGlobals());
    const fetch = vi.fn(async () => Promise.reject(new Error("no")));
    await send(fetch);
    expect(fetch).toHaveBeenLastCalledWith(
      "https://kiosk.example/card",
      expect.objectContaining({ client: { options: { poolMaxIdlePerHost: 0 }, close } }),
    );
    expect(close).toHaveBeenCalledOnce();
    await send(fetch, { ...REQUEST, method: "GET", body: undefined });
    expect(fetch).toHaveBeenLastCalledWith(
      "https://kiosk.example/card",
      expect.not.objectContaining({ client: expect.anything() }),
    );
    expect(close).toHaveBeenCalledOnce();
  });

  it("passes fetch a copy of the header fields", async () => {
    await send(async (_url: string, init: FetchInitLike) => {
      init.headers["Authorization"] = "changed";
      return new Response();
    });
    expect(REQUEST.headers).toEqual({ Authorization: "Bearer token" });
  });

  it.each<[string, object]>([
    ["a web stream", new Response("body", { status: 201, headers })],
    ["an iterable", { status: 201, headers, body: chunks("bo", "dy") }],
    ["an iterable of strings", { status: 201, headers, body: things("bo", "dy") }],
    ["an iterable of other views", { status: 201, headers, body: things(new DataView(bytes("body").buffer)) }],
    ["bytes but no body", { status: 201, headers, body: null, arrayBuffer: async () => bytes("body").buffer }],
    ["text but no body", { status: 201, headers, text: async () => "body" }],
  ])("reads a response with %s", async (_what, response) => {
    const result = await send(async () => response);
    expect(result).toMatchObject({ response: { status: 201, headers: expect.any(Map), oversized: false } });
    if (result.kind === "failed") throw result.cause;
    expect(Buffer.from(result.response.body).toString()).toBe("body");
    expect(result.response.headers.get("date")).toBe("today");
    expect(result.response.headers.has("x-other")).toBe(false);
  });

  it("reads a response without any body", async () => {
    expect(await send(async () => ({ status: 204, headers }))).toMatchObject({
      response: { status: 204, body: Buffer.alloc(0) },
    });
  });

  it("stops reading a body that is too large, and releases it", async () => {
    let given = 0;
    let released = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (; given < 10_000; given += 1) yield new Uint8Array(100_000);
      } finally {
        released = true;
      }
    }
    const result = await send(async () => ({ status: 200, headers, body: endless() }));
    expect(result).toMatchObject({ response: { oversized: true } });
    expect([given, released]).toEqual([Math.floor(MAX_RESPONSE_BYTES / 100_000), true]);
  });

  it.each<[string, unknown, boolean]>([
    ["rejects", () => Promise.reject(new Error("no")), true],
    ["rejects with undefined", () => Promise.reject(undefined), true],
    [
      "throws synchronously",
      () => {
        throw new Error("no");
      },
      true,
    ],
    ["cannot connect", () => Promise.reject(new TypeError("no", { cause: { code: "ECONNREFUSED" } })), false],
    ["resolves with undefined", async () => undefined, true],
    ["resolves without header fields", async () => ({ status: 200 }), true],
    ["resolves without a status", async () => ({ headers, text: async () => "" }), true],
    ["resolves with a body that is not bytes", async () => ({ status: 200, headers, body: things(7) }), true],
    ["is refused a tunnel by a proxy", () => Promise.reject(new TypeError("no", { cause: tunnelRefused(407) })), false],
    [
      "fails while its body is read, whatever the error says",
      async () => new Response(new ReadableStream({ pull: (stream) => stream.error({ code: "ECONNREFUSED" }) })),
      true,
    ],
  ])("reports a failure if fetch %s", async (_what, fetch, requestSent) => {
    expect(await send(fetch)).toMatchObject({ kind: "failed", requestSent });
  });

  it.each([
    undefined,
    null,
    "READY",
    200,
    {},
    { status: 200 },
    { status: 200, headers: {} },
    { status: "200", headers },
  ])("says that fetch must resolve with a Response if it resolves with %j", async (resolved) => {
    const kiosk = new WiseKioskClient({
      baseUrl: "http://127.0.0.1",
      token: "token-of-a-test",
      maxRetries: 0,
      fetch: vi.fn().mockResolvedValue(resolved),
    });
    await expect(
      kiosk.produceCard({ profileId: 1, cardToken: "card", kioskId: "WIS00001" }, { deadlineMs: 1000 }),
    ).rejects.toMatchObject({
      code: "ERR_CONNECTION",
      message: expect.stringContaining("produceCard: no complete response: fetch must resolve with a Response ("),
      requestSent: true,
      mayHaveTakenEffect: true,
    });
  });
});
