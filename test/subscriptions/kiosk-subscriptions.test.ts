import { inspect } from "node:util";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type KioskDecodeError, mayHaveTakenEffect } from "wise-card-kiosk";
import {
  type Exchange,
  KioskSubscriptions,
  type KioskSubscriptionsOptions,
  type SubscriptionCallOptions,
} from "wise-card-kiosk/subscriptions";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import * as z from "zod";
import { makeAuthority } from "../support/certificates.js";
import { type Responder, reply, replyInTurn, startHttpServer } from "../support/http-server.js";
import { catchRejection, TRANSPORTS } from "../support/transports.js";

const TOKEN = "client-token-0123456789abcdef";
const URL_OF_RECEIVER = "https://your.webhook.url/12345";

/** Wise's documented example of a subscription, to the kiosk event. */
const EXAMPLE = {
  id: "72195556-e5cb-495e-a010-b37a4f2a3043",
  name: "Webhook Subscription #1",
  delivery: { version: "4.0.0", url: URL_OF_RECEIVER },
  trigger_on: "cards#card-production-status-change",
  scope: { domain: "application", id: "your-bank" },
  created_by: { type: "application", id: "your-client-id" },
  created_at: "2019-10-10T13:55:57Z",
};

const { created_at: _time, ...LISTED } = EXAMPLE;

const REQUEST = { url: URL_OF_RECEIVER };

/** A subscription as a server on loopback stores it. */
type Created = Pick<typeof EXAMPLE, "id" | "delivery" | "trigger_on" | "created_at">;

const reset: Responder = (response) => response.destroy();

function connect({ url }: { readonly url: string }, more: Partial<KioskSubscriptionsOptions> = {}): KioskSubscriptions {
  const quick = { reconcileWindowMs: 0, agreementMs: 0 };
  return new KioskSubscriptions({
    baseUrl: url,
    clientKey: "your-bank",
    token: TOKEN,
    ...quick,
    ...more,
  } as KioskSubscriptionsOptions);
}

/** Every method, as a call. */
const CALLS: readonly (readonly [string, (subscriptions: KioskSubscriptions) => Promise<unknown>])[] = [
  ["list", (subscriptions) => subscriptions.list()],
  ["get", (subscriptions) => subscriptions.get(EXAMPLE.id)],
  ["create", (subscriptions) => subscriptions.create(REQUEST)],
  ["delete", (subscriptions) => subscriptions.delete(EXAMPLE.id)],
  ["sendTest", (subscriptions) => subscriptions.sendTest(EXAMPLE.id)],
  ["ensure", (subscriptions) => subscriptions.ensure(REQUEST)],
];

describe.each(CALLS)("%s of subscriptions, if Wise fails", (_name, call) => {
  it.each([
    [401, "ERR_AUTHENTICATION"],
    [403, "ERR_PERMISSION"],
    [404, "ERR_NOT_FOUND"],
    [422, "ERR_UNPROCESSABLE"],
    [400, "ERR_API"],
  ])("rejects after a %i with a code, without a second request and without the token", async (status, code) => {
    await using server = await startHttpServer(reply(status, { error: "no", message: `not with ${TOKEN}` }));
    const error = await catchRejection(call(connect(server)));
    expect(error).toMatchObject({ code, mayHaveTakenEffect: false });
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain(TOKEN);
    expect(server.requests).toHaveLength(1);
  });

  it("waits after a 429 as long as Wise asks for, and sends the request again", async () => {
    const limited = reply(429, "", { "Retry-After": "0" });
    await using server = await startHttpServer(replyInTurn(limited, reply(418)));
    expect(await catchRejection(call(connect(server)))).toMatchObject({ httpStatus: 418 });
    expect(server.requests).toHaveLength(2);
  });

  it("has had no effect if the deadline passes in the wait after a 429", async () => {
    await using server = await startHttpServer(reply(429, "", { "Retry-After": "30" }));
    const error = await catchRejection(call(connect(server, { deadlineMs: 200 })));
    expect(error).toMatchObject({
      code: "ERR_TIMEOUT",
      message: expect.stringMatching(/: the call did not finish within deadlineMs$/),
      requestSent: true,
      mayHaveTakenEffect: false,
    });
    expect(server.requests).toHaveLength(1);
  });

  it("rejects if no response arrives within timeoutMs", async () => {
    await using server = await startHttpServer(() => {});
    const error = await catchRejection(call(connect(server, { timeoutMs: 100, maxRetries: 0 })));
    expect(error).toMatchObject({ code: "ERR_TIMEOUT" });
  });

  it("leaves no timer of its deadline behind", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const refuse = async () => new Response("{}", { status: 403 });
    const subscriptions = connect({ url: "http://127.0.0.1" }, { fetch: refuse, deadlineMs: 60_000 });
    expect(await catchRejection(call(subscriptions))).toMatchObject({ httpStatus: 403 });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the responses of Wise to subscriptions", () => {
  it("sends nothing if the signal has aborted, and rejects with its reason", async () => {
    await using server = await startHttpServer(() => {});
    const signal = AbortSignal.abort(new Error("no longer needed"));
    const subscriptions = connect(server);
    expect(await catchRejection(subscriptions.list({ signal }))).toBe(signal.reason);
    expect(server.requests).toHaveLength(0);
  });

  it("reads a bare list with unknown fields and events", async () => {
    const other = {
      id: "1",
      trigger_on: "transfers#state-change",
      delivery: { version: "9.0.0", url: "x", new: 1 },
      new: {},
    };
    await using server = await startHttpServer(reply(200, [LISTED, other]));
    expect(await connect(server).list()).toMatchObject([
      { id: EXAMPLE.id, createdAt: null, delivery: { url: URL_OF_RECEIVER, mtlsEnabled: null } },
      { id: "1", name: null, triggerOn: "transfers#state-change", scope: null, createdBy: null },
    ]);
  });

  it.each([
    [{}, { version: null, url: null, mtlsEnabled: null }],
    [{ delivery: null }, { version: null, url: null, mtlsEnabled: null }],
    [{ delivery: {} }, { version: null, url: null, mtlsEnabled: null }],
    [{ delivery: { mtls_enabled: true } }, { version: null, url: null, mtlsEnabled: true }],
    [{ delivery: { version: 4, url: [], mtls_enabled: "yes" } }, { version: null, url: null, mtlsEnabled: null }],
    [
      { name: 7, trigger_on: {}, delivery: "x", scope: [], created_by: "you", created_at: 0 },
      { version: null, url: null, mtlsEnabled: null },
    ],
  ])("shows null for what Wise does not send, or sends as another type: %j", async (sent, delivery) => {
    await using server = await startHttpServer(reply(200, { id: "1", ...sent }));
    expect(await connect(server).get("1")).toEqual({
      id: "1",
      name: null,
      triggerOn: null,
      delivery,
      scope: null,
      createdBy: null,
      createdAt: null,
    });
  });

  it("returns the ids of test notifications, and their times if Wise sends them", async () => {
    const queued = [{ delivery_id: "1", created_at: "2026-01-01T00:00:00Z" }, { delivery_id: "2" }];
    await using server = await startHttpServer(reply(200, queued));
    expect(await connect(server).sendTest(EXAMPLE.id)).toEqual([
      { deliveryId: "1", createdAt: "2026-01-01T00:00:00Z" },
      { deliveryId: "2", createdAt: null },
    ]);
  });

  it.each([
    ["nonsense", "<html>"],
    ["an object instead of a list", {}],
    ["a subscription without an id", [{ name: "x" }]],
  ])("rejects with a decode error if a list is %s", async (_what, body) => {
    await using server = await startHttpServer(reply(200, body));
    expect(await catchRejection(connect(server).list())).toMatchObject({ code: "ERR_DECODE" });
  });

  it("shows the first 16 faults of a list in the error", async () => {
    await using server = await startHttpServer(reply(200, Array(10_000).fill(0)));
    const error = await catchRejection(connect(server).list());
    expect(error).toMatchObject({ code: "ERR_DECODE", issues: { length: 16 } });
    expect((error as Error).message.length).toBeLessThan(2000);
  });

  it("describes the faults of a list in English, in whatever language the process configured zod", async () => {
    const { localeError } = z.config();
    onTestFinished(() => void z.config({ localeError }));
    z.config(z.locales.de());
    await using server = await startHttpServer(reply(200, [{ name: "x" }, { id: " " }, 7]));
    const error = await catchRejection(connect(server).list());
    expect((error as KioskDecodeError).issues).toEqual([
      { path: "0.id", message: "Invalid input: expected string, received undefined" },
      { path: "1.id", message: "expected text that is not blank" },
      { path: "2", message: "Invalid input: expected object, received number" },
    ]);
  });

  it.each([200, 201])("creates a subscription if Wise responds with %i", async (status) => {
    await using server = await startHttpServer(reply(status, EXAMPLE));
    const created = await connect(server).create({ ...REQUEST, name: "Kiosks", version: "2.0.0", mtlsEnabled: true });
    expect(created).toEqual({
      id: EXAMPLE.id,
      name: EXAMPLE.name,
      triggerOn: EXAMPLE.trigger_on,
      delivery: { version: "4.0.0", url: URL_OF_RECEIVER, mtlsEnabled: null },
      scope: EXAMPLE.scope,
      createdBy: EXAMPLE.created_by,
      createdAt: EXAMPLE.created_at,
    });
    expect(JSON.parse(server.requests[0]?.body ?? "")).toEqual({
      name: "Kiosks",
      trigger_on: "cards#card-production-status-change",
      delivery: { version: "2.0.0", url: URL_OF_RECEIVER, mtls_enabled: true },
    });
  });

  it.each([
    [undefined, "/v3/applications/your%2Fbank/subscriptions"],
    ["2026Q3", "/2026Q3/applications/your%2Fbank/subscriptions"],
  ] as const)("sends to the paths of the version %s", async (apiVersion, path) => {
    await using server = await startHttpServer(reply(200, []));
    await connect({ url: `${server.url}/gateway` }, { apiVersion, clientKey: "your/bank" }).list();
    expect(server.requests[0]).toMatchObject({
      method: "GET",
      path: `/gateway${path}`,
      headers: { authorization: `Bearer ${TOKEN}` },
    });
  });

  it.each(TRANSPORTS)("performs every operation through %s", async (_name, transport) => {
    const simulator = createKioskSimulator();
    await using server = await simulator.listen();
    const { token } = simulator.subscriptionOptions();
    const subscriptions = connect(server, { token, ...transport });
    const { subscription } = await subscriptions.ensure({ url: "http://127.0.0.1:9/wise" });
    expect(await subscriptions.get(subscription.id)).toEqual(subscription);
    expect(await subscriptions.sendTest(subscription.id)).toMatchObject([{ deliveryId: expect.any(String) }]);
    await subscriptions.delete(subscription.id);
    expect(await subscriptions.list()).toEqual([]);
  });
});

describe("a lost response", () => {
  it("create resolves with the subscription that a list shows, and sends no second request", async () => {
    await using server = await startHttpServer(replyInTurn(reset, reply(200, []), reply(200, [LISTED])));
    const subscriptions = connect(server, { reconcileWindowMs: 5000 });
    expect(await subscriptions.create(REQUEST)).toMatchObject({ id: EXAMPLE.id });
    expect(server.requests.map(({ method }) => method)).toEqual(["POST", "GET", "GET"]);
  });

  it.each([
    ["cannot be decoded", reply(200, "<html>")],
    ["is a 503 of a gateway", reply(503, "", { "Retry-After": "0" })],
  ])("create lists the subscriptions if the response %s", async (_what, respond) => {
    await using server = await startHttpServer(replyInTurn(respond, reply(200, [LISTED])));
    expect(await connect(server).create(REQUEST)).toMatchObject({ id: EXAMPLE.id });
    expect(server.requests.map(({ method }) => method)).toEqual(["POST", "GET"]);
  });

  it.each([
    ["URLs", ({ id, delivery: { version }, trigger_on }: Created) => ({ id, delivery: { version }, trigger_on })],
    ["versions", ({ id, delivery: { url }, trigger_on }: Created) => ({ id, delivery: { url }, trigger_on })],
    ["events", ({ id, delivery }: Created) => ({ id, delivery })],
    ["all but ids", ({ id }: Created) => ({ id })],
  ])("create and ensure send no second request, although lists leave out %s", async (_what, show) => {
    for (const method of ["create", "ensure"] as const) {
      const created: Created[] = [];
      await using server = await startHttpServer((response, request) => {
        if (request.method === "POST") {
          created.push({ id: String(created.length), created_at: EXAMPLE.created_at, ...JSON.parse(request.body) });
          return reset(response, request);
        }
        const id = request.path.split("/subscriptions/")[1];
        reply(200, id === undefined ? created.map(show) : created[Number(id)])(response, request);
      });
      await connect(server)[method](REQUEST);
      expect(created).toHaveLength(1);
    }
  });

  it("create says that the subscription may exist if it cannot read what a list leaves out", async () => {
    await using server = await startHttpServer(replyInTurn(reset, reply(200, [{ id: "1" }]), reply(403, {})));
    expect(await catchRejection(connect(server).create(REQUEST))).toMatchObject({
      code: "ERR_PERMISSION",
      mayHaveTakenEffect: true,
    });
    expect(server.requests.map(({ method }) => method)).toEqual(["POST", "GET", "GET"]);
  });

  it("create reports every request to onExchange, also the list after which it cannot read what that leaves out", async () => {
    await using server = await startHttpServer(replyInTurn(reset, reply(200, [{ id: "1" }]), reply(403, {})));
    const exchanges: Exchange[] = [];
    const subscriptions = connect(server, { onExchange: (exchange) => exchanges.push(exchange) });
    await catchRejection(subscriptions.create(REQUEST));
    expect(exchanges.map(({ method, httpStatus }) => [method, httpStatus])).toEqual([
      ["POST", undefined],
      ["GET", 403],
      ["GET", 200],
    ]);
  });

  it("create reads once what each list leaves out, and drops what is deleted", async () => {
    const listOf = (...ids: string[]) =>
      reply(
        200,
        ids.map((id) => ({ id })),
      );
    const other = reply(200, { ...EXAMPLE, id: "other", trigger_on: "transfers#state-change" });
    const first = [listOf("gone", "other"), reply(404, {}), other];
    const second = [listOf("gone", "other", EXAMPLE.id), reply(404, {}), reply(200, EXAMPLE)];
    await using server = await startHttpServer(replyInTurn(reset, ...first, ...second));
    const subscriptions = connect(server, { reconcileWindowMs: 60_000 });
    expect(await subscriptions.create(REQUEST)).toMatchObject({ id: EXAMPLE.id });
    const reads = server.requests.map(({ path }) => path.split("/subscriptions")[1]);
    expect(reads).toEqual(["", "", "/gone", "/other", "", "/gone", `/${EXAMPLE.id}`]);
  });

  it("create sends another request only after a list at the end of the window shows none", async () => {
    await using server = await startHttpServer(replyInTurn(reset, reply(200, []), reply(200, EXAMPLE)));
    expect(await connect(server).create(REQUEST)).toMatchObject({ id: EXAMPLE.id });
    expect(server.requests.map(({ method }) => method)).toEqual(["POST", "GET", "POST"]);
  });

  it.each([true, false])(
    "create resolves with the one that was created last, wherever the list shows it, if lists show times: %s",
    async (showsTimes) => {
      const times: Record<string, string> = { new: "2026-01-02T00:00:00Z", old: "2026-01-01T00:00:00Z" };
      const find = (id: string) => ({ ...EXAMPLE, id, created_at: times[id] });
      const show = (id: string) => (showsTimes ? find(id) : { ...LISTED, id });
      await using server = await startHttpServer((response, request) => {
        if (request.method === "POST") return reset(response, request);
        const id = request.path.split("/subscriptions/")[1];
        if (id === "gone") return reply(404, {})(response, request);
        const all = showsTimes ? ["new", "old"] : ["new", "old", "gone"];
        reply(200, id === undefined ? all.map(show) : find(id))(response, request);
      });
      expect(await connect(server).create(REQUEST)).toMatchObject({ id: "new", createdAt: times["new"] });
    },
  );

  it("create says that the subscription may exist if the read of its time fails", async () => {
    const two = [LISTED, { ...LISTED, id: "2" }];
    await using server = await startHttpServer(replyInTurn(reset, reply(200, two), reply(403, {})));
    expect(await catchRejection(connect(server).create(REQUEST))).toMatchObject({
      code: "ERR_PERMISSION",
      mayHaveTakenEffect: true,
      message: expect.stringContaining("the subscription may exist"),
    });
  });

  it.each([{ resend: false }, { maxRetries: 1 }])(
    "create rejects in doubt if it must not send again: %o",
    async (options) => {
      await using server = await startHttpServer((response, request) =>
        request.method === "GET" ? reply(200, [])(response, request) : response.destroy(),
      );
      const error = await catchRejection(connect(server, options).create(REQUEST));
      expect(error).toMatchObject({ code: "ERR_CONNECTION", message: expect.stringContaining("call `ensure`") });
      expect(mayHaveTakenEffect(error)).toBe(true);
    },
  );

  it("delete takes a 404 for a success after a request in doubt, and for an error otherwise", async () => {
    await using server = await startHttpServer(replyInTurn(reset, reply(404, {})));
    await connect(server).delete(EXAMPLE.id);
    expect(server.requests.map(({ method }) => method)).toEqual(["DELETE", "DELETE"]);
    expect(await catchRejection(connect(server).delete(EXAMPLE.id))).toMatchObject({ code: "ERR_NOT_FOUND" });
  });

  it.each<[string, Responder[], SubscriptionCallOptions]>([
    ["no response arrives within deadlineMs", [() => {}], { deadlineMs: 100 }],
    ["a gateway gives up", [reply(499, {})], {}],
    ["the response is lost, and no retry is left", [reset], { maxRetries: 0 }],
    ["the response is lost, and a second request is refused", [reset, reply(403, {})], {}],
  ])("delete says that the subscription may be deleted if %s", async (_what, responders, options) => {
    await using server = await startHttpServer(replyInTurn(...responders));
    const error = await catchRejection(connect(server).delete(EXAMPLE.id, options));
    expect(error).toMatchObject({
      mayHaveTakenEffect: true,
      message: expect.stringContaining("it is safe to delete it again"),
    });
    expect(server.requests).toHaveLength(responders.length);
  });

  it("sendTest does not repeat a request in doubt", async () => {
    await using server = await startHttpServer(reset);
    expect(await catchRejection(connect(server).sendTest(EXAMPLE.id))).toMatchObject({ mayHaveTakenEffect: true });
    expect(server.requests).toHaveLength(1);
  });
});

describe("tokens of subscriptions", () => {
  it("exchanges a rejected token once, and names the client key and the operation", async () => {
    const contexts: unknown[] = [];
    await using server = await startHttpServer((response, request) =>
      reply(request.headers.authorization === "Bearer second" ? 200 : 401, [])(response, request),
    );
    const subscriptions = connect(server, {
      token: ({ signal: _signal, ...context }) => {
        contexts.push(context);
        return context.rejectedToken === undefined ? "first" : "second";
      },
    });
    expect(await subscriptions.list()).toEqual([]);
    const context = { clientKey: "your-bank", operation: "listSubscriptions" };
    expect(contexts).toEqual([context, { ...context, rejectedToken: "first" }]);
  });

  it("rejects if the exchanged token is rejected too", async () => {
    await using server = await startHttpServer(reply(401, { error: "invalid_token" }));
    let count = 0;
    const token = () => `token-${++count}`;
    expect(await catchRejection(connect(server, { token }).list())).toMatchObject({ code: "ERR_AUTHENTICATION" });
    expect(server.requests).toHaveLength(2);
  });

  it("shows no token in the object, and reports exchanges without ids, tokens and URLs", async () => {
    const exchanges: Exchange[] = [];
    await using server = await startHttpServer(reply(200, EXAMPLE));
    const subscriptions = connect(server, { onExchange: (exchange) => exchanges.push(exchange) });
    await subscriptions.get(EXAMPLE.id, { correlationId: "deploy-7" });
    expect(inspect(subscriptions, { depth: null, showHidden: true })).not.toContain(TOKEN);
    expect(exchanges).toMatchObject([
      {
        operation: "getSubscription",
        purpose: "call",
        method: "GET",
        route: "/v3/applications/{clientKey}/subscriptions/{subscriptionId}",
        attempt: 1,
        httpStatus: 200,
        correlationId: "deploy-7",
      },
    ]);
    expect(JSON.stringify(exchanges)).not.toMatch(/72195556|your-bank|client-token/);
  });
});

describe("ensure", () => {
  /** Responds with a list, or with one of its subscriptions. */
  const list =
    (...listed: (typeof LISTED | typeof EXAMPLE)[]): Responder =>
    (response, request) => {
      const id = request.path.split("/subscriptions/")[1];
      const one = listed.find((each) => each.id === id);
      (id === undefined ? reply(200, listed) : one ? reply(200, one) : reply(404, {}))(response, request);
    };

  it("finds a subscription for the same URL in another spelling, and returns the others", async () => {
    const others = [
      { ...LISTED, id: "2", delivery: { version: "2.0.0", url: URL_OF_RECEIVER } },
      { ...LISTED, id: "3", delivery: { version: "4.0.0", url: "https://other.example/" } },
    ];
    const elsewhere = { ...LISTED, id: "4", trigger_on: "transfers#state-change" };
    await using server = await startHttpServer(list(...others, LISTED, elsewhere));
    const ensured = await connect(server).ensure({ url: new URL("HTTPS://Your.Webhook.URL/12345") });
    expect(ensured).toMatchObject({
      subscription: { id: EXAMPLE.id },
      created: false,
      others: [{ id: "2" }, { id: "3" }],
    });
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "GET", "GET"]);
  });

  it("returns the earliest of existing duplicates, reads their times, and deletes none", async () => {
    const times: Record<string, string> = {
      a: "2026-01-02T00:00:00Z",
      b: "2026-01-01T00:00:00Z",
      c: "2026-01-01T00:00:00Z",
    };
    await using server = await startHttpServer((response, request) => {
      const id = request.path.split("/subscriptions/")[1];
      const all = ["a", "c", "b"].map((each) => ({ ...LISTED, id: each }));
      reply(200, id === undefined ? all : { ...EXAMPLE, id, created_at: times[id] })(response, request);
    });
    const { subscription, others } = await connect(server).ensure(REQUEST);
    expect([subscription.id, ...others.map(({ id }) => id)]).toEqual(["b", "a", "c"]);
    expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  });

  it("deletes its own if another one wins", async () => {
    const earlier = { ...EXAMPLE, id: "0", created_at: "2019-10-10T13:55:56Z" };
    await using server = await startHttpServer(
      replyInTurn(list(), reply(200, EXAMPLE), list(EXAMPLE, earlier), reply(204), list(earlier)),
    );
    expect(await connect(server).ensure(REQUEST)).toMatchObject({
      subscription: { id: "0" },
      created: false,
      others: [],
    });
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "POST", "GET", "DELETE", "GET", "GET", "GET"]);
  });

  it("waits until another process has deleted what it created during the call", async () => {
    const later = { ...EXAMPLE, id: "2", created_at: "2019-10-10T13:55:58Z" };
    const both = list(EXAMPLE, later);
    await using server = await startHttpServer(replyInTurn(list(EXAMPLE), both, both, both, list(EXAMPLE)));
    expect(await connect(server, { reconcileWindowMs: 5000 }).ensure(REQUEST)).toMatchObject({
      subscription: { id: EXAMPLE.id },
      others: [],
    });
    expect(new Set(server.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  });

  it("returns what another process created during the call and did not delete within the reconcile window", async () => {
    const later = { ...EXAMPLE, id: "2", created_at: "2019-10-10T13:55:58Z" };
    await using server = await startHttpServer(replyInTurn(list(), reply(200, EXAMPLE), list(EXAMPLE, later)));
    expect(await connect(server, { reconcileWindowMs: 300 }).ensure(REQUEST)).toMatchObject({
      subscription: { id: EXAMPLE.id },
      others: [{ id: "2" }],
    });
    expect(server.requests.filter(({ method }) => method === "DELETE")).toEqual([]);
  });

  it("creates no second one if a list lags", async () => {
    await using server = await startHttpServer(replyInTurn(list(), reply(200, EXAMPLE), list(), list(LISTED)));
    const subscriptions = connect(server, { reconcileWindowMs: 5000 });
    expect(await subscriptions.ensure(REQUEST)).toMatchObject({ subscription: { id: EXAMPLE.id }, created: true });
    expect(server.requests.filter(({ method }) => method === "POST")).toHaveLength(1);
  });

  it("gives up if someone else deletes whatever it creates", async () => {
    await using server = await startHttpServer((response, { method, path, ...request }) => {
      const isRead = method === "GET";
      if (isRead && path.endsWith(EXAMPLE.id)) return reply(404, {})(response, { method, path, ...request });
      reply(200, isRead ? [] : EXAMPLE)(response, { method, path, ...request });
    });
    const error = await catchRejection(connect(server, { maxRetries: 1 }).ensure(REQUEST));
    expect(error).toMatchObject({
      code: "ERR_NOT_FOUND",
      httpStatus: 404,
      mayHaveTakenEffect: true,
      message: expect.stringMatching(/find out what deletes them .*call `ensure` again/),
    });
    expect(server.requests.filter(({ method }) => method === "POST")).toHaveLength(2);
  });

  it("gives up if whatever it creates loses to another one, which the next list does not show", async () => {
    const earlier = { ...EXAMPLE, id: "0", created_at: "2019-10-10T13:55:56Z" };
    const round = [list(), reply(200, EXAMPLE), list(EXAMPLE, earlier), reply(204)];
    await using server = await startHttpServer(replyInTurn(...round, ...round, list()));
    const error = await catchRejection(connect(server, { maxRetries: 1 }).ensure(REQUEST));
    expect(error).toMatchObject({
      code: "ERR_DECODE",
      mayHaveTakenEffect: true,
      message: expect.stringMatching(/find out what deletes them .*call `ensure` again/),
      issues: [{ message: "the lists contradict each other" }],
    });
    expect(server.requests.filter(({ method }) => method === "POST")).toHaveLength(2);
  });

  it("does not resolve with a deleted subscription that a list still shows", async () => {
    const deleted = { ...EXAMPLE, id: "deleted", created_at: "2019-10-10T13:55:56Z" };
    await using server = await startHttpServer(
      replyInTurn(list(deleted), list(deleted), list(), list(deleted), reply(200, EXAMPLE), list(deleted, EXAMPLE)),
    );
    expect(await connect(server).ensure(REQUEST)).toMatchObject({
      subscription: { id: EXAMPLE.id },
      created: true,
      others: [],
    });
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "GET", "GET", "GET", "POST", "GET", "GET"]);
  });

  it("rejects if the read of the subscription that it found fails", async () => {
    await using server = await startHttpServer(replyInTurn(list(EXAMPLE), list(EXAMPLE), reply(403, {})));
    expect(await catchRejection(connect(server).ensure(REQUEST))).toMatchObject({
      code: "ERR_PERMISSION",
      mayHaveTakenEffect: false,
    });
  });

  it("keeps what it created if a list shows each subscription twice", async () => {
    await using server = await startHttpServer(replyInTurn(list(), reply(200, EXAMPLE), list(EXAMPLE, EXAMPLE)));
    expect(await connect(server).ensure(REQUEST)).toMatchObject({ created: true, others: [] });
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "POST", "GET", "GET"]);
  });

  it.each([
    ["shows all of it", {}],
    ["leaves out its delivery", { delivery: undefined }],
    ["leaves out its event", { trigger_on: undefined }],
  ])(
    "finds what it created at an earlier deployment, although Wise writes 4.0 for its version and a list %s",
    async (_what, leftOut) => {
      const shown = { ...EXAMPLE, delivery: { version: "4.0", url: URL_OF_RECEIVER } };
      const wise: (typeof shown)[] = [];
      await using server = await startHttpServer((response, request) => {
        if (request.method === "POST") wise.push(shown);
        const isList = request.method === "GET" && request.path.endsWith("/subscriptions");
        reply(200, isList ? wise.map((each) => ({ ...each, ...leftOut })) : shown)(response, request);
      });
      expect(await connect(server).ensure(REQUEST)).toMatchObject({ created: true });
      expect(await connect(server).ensure(REQUEST)).toMatchObject({ created: false, subscription: { id: shown.id } });
      expect(wise).toHaveLength(1);
    },
  );

  it.each<[string, Responder, RegExp]>([
    [
      "deletes it again",
      reply(204),
      /72195556-\S+ with a different `delivery\.version` .*was deleted: .*`create` returns/,
    ],
    ["deletes it again, if someone else has", reply(404, {}), /was deleted/],
    ["says that it still exists, if it cannot delete it", reply(403, {}), /still exists.*`get` returns/],
  ])("rejects if Wise creates a subscription of another version, and %s", async (_what, respondToDelete, message) => {
    const other = { ...EXAMPLE, delivery: { ...EXAMPLE.delivery, version: "4.1.0" } };
    await using server = await startHttpServer(
      replyInTurn(list(), reply(200, other), list(other), list(other), respondToDelete),
    );
    expect(await catchRejection(connect(server).ensure(REQUEST))).toMatchObject({
      code: "ERR_DECODE",
      mayHaveTakenEffect: true,
      issues: [{ path: "delivery.version" }],
      message: expect.stringMatching(message),
    });
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "POST", "GET", "GET", "DELETE"]);
  });

  it("rejects with the reason of the signal if that aborts while it deletes what Wise created otherwise", async () => {
    const other = { ...EXAMPLE, delivery: { ...EXAMPLE.delivery, version: "4.1.0" } };
    const controller = new AbortController();
    const abort = () => controller.abort(new Error("no longer needed"));
    await using server = await startHttpServer(replyInTurn(list(), reply(200, other), list(other), list(other), abort));
    const { signal } = controller;
    expect(await catchRejection(connect(server).ensure(REQUEST, { signal }))).toBe(signal.reason);
  });

  it("finds what another process created if Wise refuses with a 409 to create a second one", async () => {
    await using server = await startHttpServer(replyInTurn(list(), reply(409, {}), list(EXAMPLE)));
    expect(await connect(server).ensure(REQUEST)).toMatchObject({ subscription: { id: EXAMPLE.id }, created: false });
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "POST", "GET", "GET", "GET"]);
  });

  it("lists no more if Wise refuses otherwise to create one", async () => {
    await using server = await startHttpServer(replyInTurn(list(), reply(422, {}), list(EXAMPLE)));
    expect(await catchRejection(connect(server).ensure(REQUEST))).toMatchObject({ code: "ERR_UNPROCESSABLE" });
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "POST"]);
  });

  it("rejects with the 409 if no list shows what another process created", async () => {
    await using server = await startHttpServer(replyInTurn(list(), reply(409, { message: "exists" }), list()));
    expect(await catchRejection(connect(server).ensure(REQUEST))).toMatchObject({
      code: "ERR_API",
      httpStatus: 409,
      errorMessage: "exists",
      mayHaveTakenEffect: false,
    });
    expect(server.requests.map(({ method }) => method)).toEqual(["GET", "POST", "GET"]);
  });

  it("says that it may have created one if a later list fails", async () => {
    await using server = await startHttpServer(replyInTurn(list(), reply(200, EXAMPLE), reply(403, {})));
    expect(await catchRejection(connect(server).ensure(REQUEST))).toMatchObject({
      code: "ERR_PERMISSION",
      mayHaveTakenEffect: true,
    });
  });

  it.each([
    ["a later list is refused", [list(), reply(200, EXAMPLE), reply(403, {})]],
    [
      "the deletion of its own is refused",
      [
        list(),
        reply(200, EXAMPLE),
        list(EXAMPLE, { ...EXAMPLE, id: "0", created_at: "2019-10-10T13:55:56Z" }),
        reply(403, {}),
        list(EXAMPLE),
      ],
    ],
    [
      "a list after the deletion of its own is refused",
      [
        list(),
        reply(200, EXAMPLE),
        list(EXAMPLE, { ...EXAMPLE, id: "0", created_at: "2019-10-10T13:55:56Z" }),
        reply(204),
        reply(403, {}),
      ],
    ],
    ["the response to its request is lost", [list(), reset, reply(403, {})]],
  ])("advises to call ensure again, and claims no unknown outcome, if %s", async (_what, responders) => {
    await using server = await startHttpServer(replyInTurn(...responders));
    const error = (await catchRejection(connect(server).ensure(REQUEST))) as Error;
    expect(error).toMatchObject({ mayHaveTakenEffect: true });
    expect(error.message).toMatch(/ \(a subscription may have been created: call `ensure` again\)$/);
    expect(error.message).not.toContain("unknown");
  });

  it("creates one only, although every response to its requests is lost", async () => {
    const simulator = createKioskSimulator();
    simulator.injectFault({ operation: "createSubscription", fault: "lost-response", times: Number.POSITIVE_INFINITY });
    const subscriptions = new KioskSubscriptions({ ...simulator.subscriptionOptions(), reconcileWindowMs: 300 });
    const { subscription } = await subscriptions.ensure({ url: "http://127.0.0.1:9/wise" });
    expect(await subscriptions.list()).toMatchObject([{ id: subscription.id }]);
  });

  it.each(["listSubscriptions", "createSubscription"] as const)(
    "survives a lost response to %s at every step",
    async (operation) => {
      for (const fault of ["lost-response", "connection-reset", "malformed-json"] as const) {
        const simulator = createKioskSimulator();
        if (operation === "listSubscriptions" && fault === "malformed-json") continue;
        simulator.injectFault({ operation, fault });
        const subscriptions = new KioskSubscriptions({ ...simulator.subscriptionOptions(), reconcileWindowMs: 100 });
        await subscriptions.ensure({ url: "http://127.0.0.1:9/wise" });
        simulator.assertNoPendingFaults();
        expect(await subscriptions.list()).toHaveLength(1);
      }
    },
  );

  it("ends when deadlineMs passes, while it waits for a second list", async () => {
    await using server = await startHttpServer(list(LISTED));
    const subscriptions = connect(server, { agreementMs: 60_000 });
    expect(await catchRejection(subscriptions.ensure(REQUEST, { deadlineMs: 300 }))).toMatchObject({
      code: "ERR_TIMEOUT",
      message: "ensure: the call did not finish within deadlineMs",
      requestSent: true,
      mayHaveTakenEffect: false,
    });
    expect(server.requests).toHaveLength(1);
  });

  it("waits, after a lost response, until its request can no longer arrive", async () => {
    await using server = await startHttpServer(replyInTurn(list(), reset, list(LISTED)));
    const subscriptions = connect(server, { reconcileWindowMs: 60_000 });
    expect(await catchRejection(subscriptions.ensure(REQUEST, { deadlineMs: 1500 }))).toMatchObject({
      code: "ERR_TIMEOUT",
      mayHaveTakenEffect: true,
    });
  });
});

describe("close() of subscriptions", () => {
  it("refuses further requests with mtls, also at the end of an `await using` scope", async () => {
    const mtls = makeAuthority().issue("your-bank");
    const open = () => connect({ url: "https://127.0.0.1:1" }, { mtls, maxRetries: 0 });
    const closed = open();
    await closed.close();
    let escaped: KioskSubscriptions;
    {
      await using scoped = open();
      escaped = scoped;
    }
    for (const subscriptions of [closed, escaped]) {
      expect(await catchRejection(subscriptions.list())).toMatchObject({
        message: "listSubscriptions: the request was not sent: The client is closed",
      });
    }
  });

  it("changes nothing without mtls", async () => {
    await using server = await startHttpServer(reply(200, []));
    const subscriptions = connect(server);
    await subscriptions.close();
    expect(await subscriptions.list()).toEqual([]);
  });
});

describe("the URL of a receiver", () => {
  it.each([
    ["bank.example/wise", "absolute URL, such as https://"],
    ["http://bank.example/wise", "https://"],
    ["https://93.184.216.34/wise", "IP address"],
    ["https://[2606:2800:220:1::1]/wise", "IP address"],
    ["https://bank.example:8443/wise", "port"],
    ["https://bank.example:443/wise", "port"],
    ["https://bank.example/wise?secret=1", "query"],
    ["https://bank.example/wise?", "query"],
    ["https://bank.example/wise#top", "fragment"],
    ["https://user:password@bank.example/wise", "user name"],
    ["https://localhost/wise", "on this machine"],
    ["http://127.0.0.1:3000/wise", "on this machine"],
    ["https://localhost./wise", "on this machine"],
    ["https://@bank.example/wise", "user name"],
    ["https://:@bank.example/wise", "user name"],
    ["https:bank.example/wise", "begin with https://"],
    ["https:///bank.example/wise", "begin with https://"],
    ["wss://bank.example/wise", "begin with https://"],
    ["ht\ntps://bank.example:8443/wise", "control characters"],
    ["https://bank.example:84\t43/wise", "control characters"],
    ["https://bank.example/my hook", "spaces"],
    [" https://bank.example/wise", "spaces"],
    ["https:\\\\bank.example\\wise", "backslashes"],
    ["https://bank.example:8443\\wise", "backslashes"],
    ["https://bank.example/wise\u0000", "control characters"],
    ["https://bank.example/\ud800", "control characters"],
  ])("%j is refused before sending, with the rule that it breaks: %s", async (url, rule) => {
    const subscriptions = new KioskSubscriptions({ environment: "sandbox", clientKey: "your-bank", token: TOKEN });
    for (const call of [subscriptions.create({ url }), subscriptions.ensure({ url })]) {
      const error = (await catchRejection(call)) as Error;
      expect(error).toMatchObject({ code: "ERR_ARGUMENT", argument: "url", message: expect.stringContaining(rule) });
      expect(error.message).not.toContain("secret");
    }
  });

  it.each(["http://127.0.0.1:3000/wise", "http://localhost:3000", "http://[::1]:3000", "https://bank.example"])(
    "%s is accepted if baseUrl is on this machine",
    async (url) => {
      await using server = await startHttpServer(reply(200, EXAMPLE));
      expect(await connect(server).create({ url })).toMatchObject({ id: EXAMPLE.id });
    },
  );

  it.each([
    ["HTTPS://Bänk.Example/w", "https://xn--bnk-qla.example/w"],
    ["https://bank.example/a/../wisé", "https://bank.example/wis%C3%A9"],
  ])("%s is sent in the form to which the rules were applied: %s", async (url, sent) => {
    await using server = await startHttpServer(reply(200, EXAMPLE));
    await connect(server).create({ url });
    expect(JSON.parse(server.requests[0]?.body ?? "")).toMatchObject({ delivery: { url: sent } });
  });

  it.each([
    ["name", { ...REQUEST, name: " " }],
    ["name", { ...REQUEST, name: 1 as never }],
    ["version", { ...REQUEST, version: "4" }],
    ["version", { ...REQUEST, version: "v4.0.0" }],
    ["version", { ...REQUEST, version: "4.0.0-beta" }],
    ["version", { ...REQUEST, version: ["4.0.0"] as never }],
    ["mtlsEnabled", { ...REQUEST, mtlsEnabled: "yes" as never }],
    ["url", { url: 1 as never }],
    ["url", { url: [URL_OF_RECEIVER] as never }],
    ["verison", { ...REQUEST, verison: "4.0.0" } as never],
  ])("an invalid %s of a subscription is refused before sending", async (argument, request) => {
    await using server = await startHttpServer(reply(200, EXAMPLE));
    expect(await catchRejection(connect(server).create(request))).toMatchObject({ code: "ERR_ARGUMENT", argument });
    expect(server.requests).toHaveLength(0);
  });

  it("each number of a version may have several digits", async () => {
    await using server = await startHttpServer(reply(200, EXAMPLE));
    await connect(server).create({ ...REQUEST, version: "10.11.12" });
    expect(JSON.parse(server.requests[0]?.body ?? "")).toMatchObject({ delivery: { version: "10.11.12" } });
  });

  it.each([
    ["clientKey", { clientKey: "" }],
    ["clientKey", { clientKey: ".." }],
    ["apiVersion", { apiVersion: "v3" as never }],
    ["agreementMs", { agreementMs: -1 }],
    ["agreementMs", { agreementMs: 600_001 }],
    ["agreementMs", { agreementMs: "1000" as never }],
    ["token", { token: "Bearer x" }],
    ["clientId", { clientId: "x" } as never],
  ])("an invalid %s of KioskSubscriptions is refused", (argument, options) => {
    expect(() => connect({ url: "http://127.0.0.1" }, options)).toThrow(expect.objectContaining({ argument }));
  });

  it("agreementMs may be as long as the longest reconcile window", () => {
    expect(() => connect({ url: "http://127.0.0.1" }, { agreementMs: 600_000 })).not.toThrow();
  });

  it.each(["", " ", ".."])("the id %j of a subscription is refused", async (id) => {
    const subscriptions = connect({ url: "http://127.0.0.1" });
    for (const call of [subscriptions.get(id), subscriptions.delete(id), subscriptions.sendTest(id)]) {
      expect(await catchRejection(call)).toMatchObject({ argument: "subscriptionId" });
    }
  });
});
