import { Agent, fetch as undiciFetch } from "undici";
import { fetch as olderFetch } from "undici-6";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import type { FetchInitLike, FetchLike, WiseKioskClientOptions } from "../../src/index.js";
import { sendThroughGlobalFetch } from "../../src/testing/adapters/send-through-global-fetch.js";
import { type HttpServer, type Responder, reply, startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection, createClient, PRODUCE } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

type Options = Pick<WiseKioskClientOptions, "dispatcher" | "fetch">;

const WAYS: readonly (readonly [string, () => Options])[] = [
  ["a dispatcher", () => ({ dispatcher: agent() })],
  ["the global fetch", () => ({ fetch: globalThis.fetch })],
  ["a wrapper of the global fetch", () => ({ fetch: (url, init) => fetch(url, init) })],
  ["a wrapper that rebuilds its arguments", () => ({ fetch: rebuilding })],
  ["a wrapper that rewrites the URL and the headers", () => ({ fetch: rewriting })],
  ["a wrapper that creates a Request", () => ({ fetch: (url, init) => fetch(new Request(url, init)) })],
  ["undici 7's fetch", () => ({ fetch: undiciFetch })],
  ["undici 6's fetch", () => ({ fetch: olderFetch as unknown as FetchLike })],
  ["undici's fetch with a dispatcher", () => withDispatcher(agent())],
  ["the global fetch that a test switched on", () => throughGlobalFetch()],
];

const misdirected = reply(421, { message: "Misdirected" }, { "x-trace-id": "trace" });
const error421 = { name: "KioskApiError", code: "ERR_API", httpStatus: 421, traceId: "trace" };

afterEach(() => vi.restoreAllMocks());

function agent(): Agent {
  const dispatcher = new Agent();
  onTestFinished(() => dispatcher.destroy());
  return dispatcher;
}

function withDispatcher(dispatcher: Agent): Options {
  return { fetch: (url, init) => undiciFetch(url, { ...init, dispatcher }) };
}

function rebuilding(url: string, { method, headers, body, signal }: FetchInitLike): Promise<Response> {
  const fields = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as [string, string]);
  return fetch(url, { method, headers: new Headers(fields), body: body ?? null, signal });
}

/** A wrapper like one for a gateway. */
function rewriting(url: string, init: FetchInitLike): Promise<Response> {
  const { "X-External-Correlation-Id": _id, ...headers } = init.headers;
  return fetch(`${url}?apikey=1`, { ...init, headers });
}

function throughGlobalFetch(): Options {
  const hold = sendThroughGlobalFetch();
  onTestFinished(() => hold.restore());
  return {};
}

const toMethods = ({ requests }: HttpServer) => requests.map(({ method }) => method);

describe.each(WAYS)("HTTP 421 through %s", (_way, options) => {
  it("makes exactly one request for a call without retries that gets HTTP 421", async () => {
    await using server = await startHttpServer(misdirected);
    const kiosk = createClient(server, options());
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject(error421);
    expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject(error421);
    expect(await catchRejection(kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }))).toMatchObject(
      error421,
    );
    expect(toMethods(server)).toEqual(["PUT", "GET", "POST"]);
  });

  it("sends no second PUT after HTTP 421 if a read finds the card in production", async () => {
    vi.spyOn(Math, "random").mockReturnValue(0);
    const respond: Responder = (response, request) => {
      if (request.method === "PUT") misdirected(response, request);
      else reply(200, { ...JSON.parse(WISE_EXAMPLES.inProgress), kioskId: PRODUCE.kioskId })(response, request);
    };
    await using server = await startHttpServer(respond);
    await createClient(server, { ...options(), maxRetries: 2, reconcileWindowMs: 0 })
      .produceCard(PRODUCE)
      .catch(() => {});
    expect(toMethods(server).filter((method) => method === "PUT")).toHaveLength(1);
  });

  it("HTTP 421 does not affect concurrent requests", async () => {
    await using server = await startHttpServer((response, request) => {
      if (request.path.includes("/misdirected/")) misdirected(response, request);
      else setTimeout(() => reply(200, WISE_EXAMPLES.inProgress)(response, request), 50);
    });
    const kiosk = createClient(server, options());
    const correlationId = "the-same-for-all";
    const calls = ["a", "misdirected", "b"].map((cardToken) =>
      kiosk.produceCard({ ...PRODUCE, cardToken }, { correlationId }).catch((error: unknown) => error),
    );
    expect(await Promise.all(calls)).toMatchObject([{ status: "IN_PROGRESS" }, error421, { status: "IN_PROGRESS" }]);
    expect(server.requests).toHaveLength(3);
  });
});

it("passes fetch the body as text and a signal that aborts with the call", async () => {
  const inits: FetchInitLike[] = [];
  const fetch: FetchLike = (_url, init) => {
    inits.push(init);
    return new Promise((_resolve, reject) => init.signal.addEventListener("abort", () => reject(new Error("aborted"))));
  };
  const kiosk = createClient({ url: "https://wise.invalid" }, { fetch });
  expect(await catchRejection(kiosk.produceCard(PRODUCE, { timeoutMs: 20 }))).toMatchObject({
    name: "KioskTimeoutError",
  });
  expect(inits).toMatchObject([{ method: "PUT", body: '{"kioskId":"WIS00001"}', redirect: "manual" }]);
  expect(inits[0]?.signal.aborted).toBe(true);
});
