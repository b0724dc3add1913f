import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HttpResponse, http } from "msw";
import { type SetupServer, setupServer } from "msw/node";
import { Agent } from "undici";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { createRefreshingToken, KioskConnectionError, WiseKioskClient } from "../../src/index.js";
import { createClientCredentialsToken, KioskSubscriptions } from "../../src/subscriptions/index.js";
import { createKioskSimulator, type KioskSimulator } from "../../src/testing/index.js";
import { kioskHandlers, sendThroughGlobalFetch } from "../../src/testing/msw.js";

const CARD = { profileId: 123456, cardToken: "card" };

describe("kioskHandlers() and sendThroughGlobalFetch()", () => {
  let simulator: KioskSimulator;
  let server: SetupServer;

  beforeEach(() => {
    simulator = createKioskSimulator({ cards: [CARD] });
    server = setupServer(...kioskHandlers(simulator));
    server.listen({ onUnhandledRequest: "error" });
  });
  afterEach(() => server.close());

  const createMswClient = (options: object = {}) => {
    const { token } = simulator.clientOptions();
    return new WiseKioskClient({ environment: "sandbox", token, maxRetries: 0, ...options });
  };

  it("MSW responds to subscriptions and client-credentials tokens, and leaves refreshes to other handlers", async () => {
    using _globalFetch = sendThroughGlobalFetch();
    server.resetHandlers(
      ...kioskHandlers(simulator),
      http.post("*/oauth/token", () => HttpResponse.json({ access_token: "refreshed" })),
    );
    const credentials = { environment: "sandbox", clientId: "client-1", clientSecret: "secret" } as const;
    const token = createClientCredentialsToken(credentials);
    const subscriptions = new KioskSubscriptions({ environment: "sandbox", clientKey: "your-bank", token });
    const { id } = await subscriptions.create({ url: "https://bank.example" });
    expect(await subscriptions.sendTest(id)).toHaveLength(1);
    const refresh = createRefreshingToken({ ...credentials, refreshToken: "refresh", onRefresh: () => {} });
    expect(await refresh({ profileId: "1", operation: "produceCard" })).toBe("refreshed");
  });

  it("MSW intercepts a client on its default transport while sendThroughGlobalFetch() is in effect", async () => {
    using _globalFetch = sendThroughGlobalFetch();
    expect(await createMswClient().produceCard({ ...CARD, kioskId: "WIS00001" })).toMatchObject({
      status: "IN_PROGRESS",
    });
    await createMswClient({ apiVersion: "2026Q3" }).simulateProductionStatus({ ...CARD, status: "PRODUCED" });
    expect(await createMswClient().getProductionStatus(CARD)).toMatchObject({ status: "PRODUCED" });
    expect(simulator.requests.map(({ operation }) => operation)).toEqual([
      "produceCard",
      "simulateProductionStatus",
      "getProductionStatus",
    ]);
  });

  it("MSW intercepts a client with a dispatcher, even if it was created before sendThroughGlobalFetch()", async () => {
    const agent = new Agent();
    const client = createMswClient({ dispatcher: agent });
    using _globalFetch = sendThroughGlobalFetch();
    expect(await client.getProductionStatus(CARD)).toMatchObject({ status: "READY" });
    await agent.close();
  });

  it("a client with its own fetch keeps it", async () => {
    using _globalFetch = sendThroughGlobalFetch();
    const own = vi.fn(simulator.fetch);
    await createMswClient({ fetch: own }).getProductionStatus(CARD);
    expect(own).toHaveBeenCalledOnce();
  });

  it("sendThroughGlobalFetch() stays in effect until every call is restored, however often each is", async () => {
    const dispatch = vi.fn(simulator.dispatcher.dispatch);
    const client = createMswClient({ dispatcher: { dispatch } });
    const outer = sendThroughGlobalFetch();
    {
      using inner = sendThroughGlobalFetch();
      inner.restore();
      inner.restore();
    }
    await client.getProductionStatus(CARD);
    expect(dispatch).not.toHaveBeenCalled();
    outer.restore();
    outer.restore();
    await client.getProductionStatus(CARD);
    expect(dispatch).toHaveBeenCalledOnce();
    sendThroughGlobalFetch().restore();
    await client.getProductionStatus(CARD);
    expect(dispatch).toHaveBeenCalledTimes(2);
  });

  it("a refused connection is reported as not sent, and a lost response as sent", async () => {
    using _globalFetch = sendThroughGlobalFetch();
    for (const [fault, requestSent] of [
      ["connection-refused", false],
      ["lost-response", true],
    ] as const) {
      simulator.injectFault({ fault });
      const failure = createMswClient().produceCard({ ...CARD, kioskId: "WIS00001" });
      await expect(failure).rejects.toThrow(expect.objectContaining({ code: "ERR_CONNECTION", requestSent }));
      await expect(failure).rejects.toBeInstanceOf(KioskConnectionError);
    }
    expect(simulator.requests).toHaveLength(1);
  });

  it("MSW reports an acceptsToken that returns a promise, and its response quotes the error", async () => {
    const report = vi.spyOn(console, "error").mockReturnValue();
    using _globalFetch = sendThroughGlobalFetch();
    simulator = createKioskSimulator({ cards: [CARD], acceptsToken: async () => true } as never);
    server.resetHandlers(...kioskHandlers(simulator));
    await expect(createMswClient().getProductionStatus(CARD)).rejects.toMatchObject({
      httpStatus: 500,
      body: { message: expect.stringContaining("acceptsToken must be") },
    });
    report.mockRestore();
  });

  it("other handlers can take precedence over kioskHandlers()", async () => {
    using _globalFetch = sendThroughGlobalFetch();
    server.use(http.get("*/production", () => HttpResponse.json({ status: "PRODUCED" }), { once: true }));
    expect(await createMswClient().getProductionStatus(CARD)).toMatchObject({ status: "PRODUCED" });
    expect(await createMswClient().getProductionStatus(CARD)).toMatchObject({ status: "READY" });
  });
});

describe("a request without an MSW handler", () => {
  const arrived: string[] = [];
  const elsewhere = createServer((request, response) => {
    arrived.push(request.url ?? "");
    response.end('{"status":"PRODUCED"}');
  });
  let baseUrl: string;

  beforeAll(async () => {
    await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
    baseUrl = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
  });
  afterAll(() => void elsewhere.close());
  afterEach(() => {
    arrived.length = 0;
    vi.restoreAllMocks();
  });

  const silenced = () => [vi.spyOn(console, "error").mockReturnValue(), vi.spyOn(console, "warn").mockReturnValue()];

  it.each(["error", "warn", "bypass"] as const)(
    "a request without an MSW handler follows onUnhandledRequest: '%s'",
    async (strategy) => {
      const [error, warn] = silenced();
      const server = setupServer();
      server.listen({ onUnhandledRequest: strategy });
      try {
        using _globalFetch = sendThroughGlobalFetch();
        const read = new WiseKioskClient({ baseUrl, token: "token", maxRetries: 0 }).getProductionStatus(CARD);
        if (strategy === "error") await expect(read).rejects.toThrow(KioskConnectionError);
        else expect(await read).toMatchObject({ status: "PRODUCED" });
      } finally {
        server.close();
      }
      expect(arrived).toHaveLength(strategy === "error" ? 0 : 1);
      expect([error?.mock.calls.length, warn?.mock.calls.length]).toEqual(
        { error: [1, 0], warn: [0, 1], bypass: [0, 0] }[strategy],
      );
    },
  );

  it("kioskHandlers() ignore a request to another path", async () => {
    const server = setupServer(...kioskHandlers(createKioskSimulator()));
    server.listen({ onUnhandledRequest: "bypass" });
    try {
      await fetch(`${baseUrl}/v3/spend/profiles/1/cards/2`);
    } finally {
      server.close();
    }
    expect(arrived).toEqual(["/v3/spend/profiles/1/cards/2"]);
  });
});

it.each([undefined, null, {}])("kioskHandlers() refuses %j, which is not a simulator", (simulator) => {
  expect(() => kioskHandlers(simulator as unknown as KioskSimulator)).toThrow(
    expect.objectContaining({ code: "ERR_ARGUMENT", argument: "simulator" }),
  );
});
