import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { HttpResponse, http } from "msw";
import { type SetupServer, setupServer } from "msw/node";
import { Agent } from "undici";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { KioskConnectionError, WiseKioskClient } from "../../src/index.js";
import { createKioskSimulator, type KioskSimulator } from "../../src/testing/index.js";
import { kioskHandlers, sendThroughGlobalFetch } from "../../src/testing/msw.js";

const CARD = { profileId: 123456, cardToken: "card" };

describe("With MSW", () => {
  let simulator: KioskSimulator;
  let server: SetupServer;

  beforeEach(() => {
    simulator = createKioskSimulator({ cards: [CARD] });
    server = setupServer(...kioskHandlers(simulator));
    server.listen({ onUnhandledRequest: "error" });
  });
  afterEach(() => server.close());

  const clientOf = (options: object = {}) => {
    const { token } = simulator.clientOptions();
    return new WiseKioskClient({ environment: "sandbox", token, maxRetries: 0, ...options });
  };

  it("a client on its default transport is seen while the hold lasts", async () => {
    using _globalFetch = sendThroughGlobalFetch();
    expect(await clientOf().produceCard({ ...CARD, kioskId: "WIS00001" })).toMatchObject({ status: "IN_PROGRESS" });
    await clientOf({ apiVersion: "2026Q3" }).simulateProductionStatus({ ...CARD, status: "PRODUCED" });
    expect(await clientOf().getProductionStatus(CARD)).toMatchObject({ status: "PRODUCED" });
    expect(simulator.requests.map(({ operation }) => operation)).toEqual([
      "produceCard",
      "simulateProductionStatus",
      "getProductionStatus",
    ]);
  });

  it("a client with a dispatcher is seen too, and one that was made before", async () => {
    const agent = new Agent();
    const client = clientOf({ dispatcher: agent });
    using _globalFetch = sendThroughGlobalFetch();
    expect(await client.getProductionStatus(CARD)).toMatchObject({ status: "READY" });
    await agent.close();
  });

  it("a client with a fetch of its own keeps it", async () => {
    using _globalFetch = sendThroughGlobalFetch();
    const own = vi.fn(simulator.fetch);
    await clientOf({ fetch: own }).getProductionStatus(CARD);
    expect(own).toHaveBeenCalledOnce();
  });

  it("holds may be nested and ended twice, and the last one counts", async () => {
    const dispatch = vi.fn(simulator.dispatcher.dispatch);
    const client = clientOf({ dispatcher: { dispatch } });
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

  it("a refused connection is known to have sent nothing, and a lost response is not", async () => {
    using _globalFetch = sendThroughGlobalFetch();
    for (const [fault, requestSent] of [
      ["connection-refused", false],
      ["lost-response", true],
    ] as const) {
      simulator.injectFault({ fault });
      const failure = clientOf().produceCard({ ...CARD, kioskId: "WIS00001" });
      await expect(failure).rejects.toThrow(expect.objectContaining({ code: "ERR_CONNECTION", requestSent }));
      await expect(failure).rejects.toBeInstanceOf(KioskConnectionError);
    }
    expect(simulator.requests).toHaveLength(1);
  });

  it("other handlers still see what is theirs, and may go before", async () => {
    using _globalFetch = sendThroughGlobalFetch();
    server.use(http.get("*/production", () => HttpResponse.json({ status: "PRODUCED" }), { once: true }));
    expect(await clientOf().getProductionStatus(CARD)).toMatchObject({ status: "PRODUCED" });
    expect(await clientOf().getProductionStatus(CARD)).toMatchObject({ status: "READY" });
  });
});

describe("A request that MSW has no handler for", () => {
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

  it.each(["error", "warn", "bypass"] as const)("is treated as onUnhandledRequest: '%s' says", async (strategy) => {
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
  });

  it("is left alone by the handlers of the simulator where its path is another", async () => {
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
