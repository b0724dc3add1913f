import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { type Exchange, type TokenContext, type TokenProvider, WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { type Responder, reply, startHttpServer } from "../support/http-server.js";
import { startTokenServer } from "../support/token-server.js";
import { CARD, catchRejection, createClient, PRODUCE } from "../support/transports.js";

/** A promise, and the function that resolves it. */
function gate<T = void>() {
  let open: (value: T) => void = () => {};
  const opened = new Promise<T>((resolve) => {
    open = resolve;
  });
  return { opened, open };
}

/** A provider of one customer that caches the token, as it should, and records the tokens it was asked to replace. */
function keepingProvider(tokens: readonly string[], refreshMs = 0) {
  let current = 0;
  const refreshed: string[] = [];
  const token = async ({ rejectedToken }: TokenContext) => {
    if (rejectedToken !== undefined) {
      refreshed.push(rejectedToken);
      if (refreshMs > 0) await sleep(refreshMs);
      current = tokens.indexOf(rejectedToken) + 1;
    }
    return tokens[current] ?? "none-left";
  };
  return { token, refreshed };
}

describe("a call after a 401", () => {
  it("asks the provider for another token after a 401 and repeats the request with it", async () => {
    await using server = await startTokenServer(({ token }) => token === "B");
    const asked: TokenContext[] = [];
    const token = (context: TokenContext) => {
      asked.push(context);
      return context.rejectedToken === undefined ? "A" : "B";
    };
    await createClient(server, { token, maxRetries: 1 }).produceCard(PRODUCE);
    expect(server.tokens).toEqual(["A", "B"]);
    expect(asked[1]).toEqual({ profileId: "123456", operation: "produceCard", rejectedToken: "A" });
  });

  it("does not count the request repeated after a 401 as a retry", async () => {
    const simulator = createKioskSimulator({ cards: [CARD] });
    await using server = await simulator.listen();
    simulator.injectFault({ fault: { httpStatus: 429, headers: { "retry-after": "0" } } });
    simulator.injectFault({ fault: { httpStatus: 401 } });
    const { token: accepted } = simulator.clientOptions();
    const token: TokenProvider = ({ rejectedToken }) => (rejectedToken === undefined ? "old" : accepted);
    const kiosk = new WiseKioskClient({ baseUrl: server.url, token, maxRetries: 1 });
    expect(await kiosk.produceCard(PRODUCE)).toMatchObject({ status: "IN_PROGRESS" });
    expect(simulator.requests.map(({ method }) => method)).toEqual(["PUT", "PUT", "PUT"]);
  });

  it("rejects after a second 401", async () => {
    await using server = await startTokenServer(() => false);
    const { token, refreshed } = keepingProvider(["A", "B", "C"]);
    const error = await catchRejection(createClient(server, { token, maxRetries: 10 }).getProductionStatus(CARD));
    expect(error).toMatchObject({ code: "ERR_AUTHENTICATION", httpStatus: 401 });
    expect([server.tokens, refreshed]).toEqual([["A", "B"], ["A"]]);
  });

  it("rejects without another request if the provider returns the same token, and asks again at the next call", async () => {
    await using server = await startTokenServer(({ token }) => token === "B");
    let given = "A";
    const token = vi.fn<TokenProvider>(() => given);
    const kiosk = createClient(server, { token, maxRetries: 2 });
    const error = await catchRejection(kiosk.produceCard(PRODUCE));
    expect(error).toMatchObject({ code: "ERR_AUTHENTICATION", mayHaveTakenEffect: false });
    expect(server.tokens).toEqual(["A"]);
    token.mockImplementation(({ rejectedToken }) => {
      if (rejectedToken !== undefined) given = "B";
      return given;
    });
    await kiosk.produceCard(PRODUCE);
    expect(server.tokens).toEqual(["A", "A", "B"]);
  });

  it("requests no other token and sends nothing more after a 401 with maxRetries 0", async () => {
    await using server = await startTokenServer(() => false);
    const { token, refreshed } = keepingProvider(["A", "B"]);
    expect(await catchRejection(createClient(server, { token, maxRetries: 0 }).produceCard(PRODUCE))).toMatchObject({
      code: "ERR_AUTHENTICATION",
    });
    expect([server.tokens, refreshed]).toEqual([["A"], []]);
  });

  it("does not refresh a string token of the call through the client's provider", async () => {
    await using server = await startTokenServer(() => false);
    const { token, refreshed } = keepingProvider(["A", "B"]);
    await catchRejection(createClient(server, { token, maxRetries: 2 }).getProductionStatus(CARD, { token: "mine" }));
    expect([server.tokens, refreshed]).toEqual([["mine"], []]);
  });

  it("refreshes only once if the provider keeps returning the rejected token", async () => {
    await using server = await startTokenServer(({ token }) => token === "B");
    const refreshed: unknown[] = [];
    const token: TokenProvider = ({ rejectedToken }) => {
      if (rejectedToken === undefined) return "A";
      refreshed.push(rejectedToken);
      return "B";
    };
    const kiosk = createClient(server, { token, maxRetries: 2 });
    await kiosk.getProductionStatus(CARD);
    await kiosk.getProductionStatus(CARD);
    expect([server.tokens, refreshed]).toEqual([["A", "B", "A", "B"], ["A"]]);
  });

  it("asks again at the next call if the token of a refresh is rejected, too", async () => {
    await using server = await startTokenServer(({ token }) => token === "C");
    const refreshed: unknown[] = [];
    const token: TokenProvider = ({ rejectedToken }) => {
      if (rejectedToken === undefined) return "A";
      refreshed.push(rejectedToken);
      return rejectedToken === "A" ? "B" : "C";
    };
    const kiosk = createClient(server, { token, maxRetries: 2 });
    expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({ code: "ERR_AUTHENTICATION" });
    await kiosk.getProductionStatus(CARD);
    expect([server.tokens, refreshed]).toEqual([
      ["A", "B", "A", "C"],
      ["A", "B"],
    ]);
  });

  it.each<[string, () => string]>([
    ["returns the rejected token", () => "A"],
    [
      "throws",
      () => {
        throw new Error("the vault is down");
      },
    ],
  ])("asks for another token once in a call in doubt, also if the provider %s", async (_what, refresh) => {
    const responses: Responder[] = [(response) => response.socket?.destroy(), reply(401)];
    await using server = await startHttpServer((response, request) =>
      (request.method === "PUT" ? responses[0] : responses[1])?.(response, request),
    );
    const asked: (string | undefined)[] = [];
    const token: TokenProvider = ({ rejectedToken }) => {
      asked.push(rejectedToken);
      return rejectedToken === undefined ? "A" : refresh();
    };
    const kiosk = createClient(server, { token, maxRetries: 2, reconcileWindowMs: 1500 });
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject({ mayHaveTakenEffect: true });
    expect(asked.filter((rejected) => rejected !== undefined)).toEqual(["A"]);
    expect(asked.length).toBeGreaterThan(3);
  });

  it("uses a token that the provider returns for a later retry, and refreshes the rejected one only once", async () => {
    const sent: string[] = [];
    const acceptsToken = (given: string) => {
      sent.push(given);
      return given !== "A";
    };
    const simulator = createKioskSimulator({ cards: [CARD], acceptsToken });
    await using server = await simulator.listen();
    const token = vi.fn<TokenProvider>().mockReturnValueOnce("A").mockReturnValueOnce("B").mockReturnValue("C");
    const onExchange = ({ httpStatus }: Exchange) => {
      if (httpStatus === 401) simulator.injectFault({ fault: { httpStatus: 429, headers: { "retry-after": "0" } } });
    };
    const kiosk = new WiseKioskClient({ baseUrl: server.url, token, onExchange });
    expect(await kiosk.getProductionStatus(CARD)).toMatchObject({ status: "READY" });
    expect(token.mock.calls.map(([{ rejectedToken }]) => rejectedToken)).toEqual([undefined, "A", undefined]);
    expect(sent).toEqual(["A", "B", "C"]);
  });

  it("uses the new token for a later retry too, whatever the provider returns", async () => {
    const simulator = createKioskSimulator({ cards: [CARD], acceptsToken: (token) => token === "B" });
    await using server = await simulator.listen();
    const token = vi.fn<TokenProvider>(({ rejectedToken }) => (rejectedToken === undefined ? "A" : "B"));
    const kiosk = new WiseKioskClient({
      baseUrl: server.url,
      token,
      onExchange: ({ httpStatus }) => {
        if (httpStatus === 401) simulator.injectFault({ fault: { httpStatus: 429, headers: { "retry-after": "0" } } });
      },
    });
    expect(await kiosk.getProductionStatus(CARD)).toMatchObject({ status: "READY" });
    expect(token.mock.calls.map(([{ rejectedToken }]) => rejectedToken)).toEqual([undefined, "A", undefined]);
    expect(simulator.requests).toHaveLength(3);
  });

  it.each<[string, () => Promise<string>, object]>([
    [
      "fails",
      () => Promise.reject(new Error("invalid_grant")),
      { code: "ERR_TOKEN", cause: { message: "invalid_grant" } },
    ],
    ["returns an empty string", async () => "", { code: "ERR_TOKEN" }],
    ["hangs", () => new Promise(() => {}), { code: "ERR_TIMEOUT", requestSent: false }],
  ])("rejects and sends nothing more if the provider %s after a 401", async (_how, refresh, expected) => {
    await using server = await startTokenServer(() => false);
    const token: TokenProvider = ({ rejectedToken }) => (rejectedToken === undefined ? "A" : refresh());
    const kiosk = createClient(server, { token, maxRetries: 2, timeoutMs: 300 });
    const error = await catchRejection(kiosk.produceCard(PRODUCE));
    expect(error).toMatchObject({ ...expected, mayHaveTakenEffect: false });
    expect(server.tokens).toEqual(["A"]);
  });

  it("refreshes again at the next call after a refresh that failed", async () => {
    await using server = await startTokenServer(({ token }) => token === "B");
    let refreshes = 0;
    const token: TokenProvider = ({ rejectedToken }) => {
      if (rejectedToken === undefined) return "A";
      refreshes += 1;
      if (refreshes === 1) throw new Error("not now");
      return "B";
    };
    const kiosk = createClient(server, { token, maxRetries: 2 });
    await catchRejection(kiosk.getProductionStatus(CARD));
    await kiosk.getProductionStatus(CARD);
    expect([server.tokens, refreshes]).toEqual([["A", "A", "B"], 2]);
  });
});

describe("calls rejected with the same token", () => {
  it("a hundred concurrent 401s cause one refresh", async () => {
    await using server = await startTokenServer(({ token }) => token === "B");
    const { token, refreshed } = keepingProvider(["A", "B"], 30);
    const kiosk = createClient(server, { token, maxRetries: 1 });
    await Promise.all(Array.from({ length: 100 }, () => kiosk.getProductionStatus(CARD)));
    expect(refreshed).toEqual(["A"]);
    expect(server.tokens.filter((each) => each === "A")).toHaveLength(100);
    expect(server.tokens.filter((each) => each === "B")).toHaveLength(100);
  });

  it("two clients with the same provider share a refresh", async () => {
    await using server = await startTokenServer(({ token }) => token === "B");
    const { token, refreshed } = keepingProvider(["A", "B"], 30);
    const clients = [createClient(server, { token, maxRetries: 1 }), createClient(server, { token, maxRetries: 1 })];
    await Promise.all(clients.map((kiosk) => kiosk.getProductionStatus(CARD)));
    expect(refreshed).toEqual(["A"]);
  });

  it("two providers do not share a refresh, even if their tokens are equal", async () => {
    await using server = await startTokenServer(({ token }) => token !== "A");
    const one = keepingProvider(["A", "of-one"], 10);
    const other = keepingProvider(["A", "of-other"], 10);
    const kiosk = createClient(server, { maxRetries: 1 });
    await Promise.all([
      kiosk.getProductionStatus(CARD, { token: one.token }),
      kiosk.getProductionStatus(CARD, { token: other.token }),
    ]);
    expect([one.refreshed, other.refreshed]).toEqual([["A"], ["A"]]);
    expect([...server.tokens].sort()).toEqual(["A", "A", "of-one", "of-other"]);
  });

  it("a late 401 for a token refreshed since causes no second refresh", async () => {
    const late = gate();
    let isFirst = true;
    await using server = await startTokenServer(async ({ token }) => {
      if (token === "B") return true;
      if (isFirst) {
        isFirst = false;
        await late.opened;
      }
      return false;
    });
    const { token, refreshed } = keepingProvider(["A", "B", "C"]);
    const kiosk = createClient(server, { token, maxRetries: 1 });
    const first = kiosk.getProductionStatus(CARD);
    await vi.waitFor(() => expect(server.tokens).toHaveLength(1));
    await kiosk.getProductionStatus(CARD);
    late.open();
    await first;
    expect([server.tokens, refreshed]).toEqual([["A", "A", "B", "B"], ["A"]]);
  });

  it("a late 401 follows the token through the refreshes since: A, B, C", async () => {
    const late = gate();
    let isFirst = true;
    let accepted = "B";
    await using server = await startTokenServer(async ({ token }) => {
      if (isFirst) {
        isFirst = false;
        await late.opened;
      }
      return token === accepted;
    });
    const { token, refreshed } = keepingProvider(["A", "B", "C"]);
    const kiosk = createClient(server, { token, maxRetries: 1 });
    const first = kiosk.getProductionStatus(CARD);
    await vi.waitFor(() => expect(server.tokens).toHaveLength(1));
    await kiosk.getProductionStatus(CARD);
    accepted = "C";
    await kiosk.getProductionStatus(CARD);
    late.open();
    await first;
    expect([server.tokens, refreshed]).toEqual([
      ["A", "A", "B", "B", "C", "C"],
      ["A", "B"],
    ]);
  });

  it("a caller that leaves or times out does not cancel the refresh", async () => {
    await using server = await startTokenServer(({ token }) => token === "B");
    const refresh = gate<string>();
    const asked: TokenContext[] = [];
    const token: TokenProvider = (context) => {
      asked.push(context);
      return context.rejectedToken === undefined ? "A" : refresh.opened;
    };
    const kiosk = createClient(server, { token, maxRetries: 1 });
    const leaving = new AbortController();
    const gone = catchRejection(kiosk.getProductionStatus(CARD, { signal: leaving.signal }));
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    const impatient = catchRejection(kiosk.getProductionStatus(CARD, { timeoutMs: 300 }));
    const waiting = kiosk.getProductionStatus(CARD);
    await vi.waitFor(() => expect(server.tokens).toHaveLength(3));
    leaving.abort("left");
    expect(await gone).toBe("left");
    expect(await impatient).toMatchObject({ code: "ERR_TIMEOUT" });
    refresh.open("B");
    await waiting;
    const refreshes = asked.filter(({ rejectedToken }) => rejectedToken !== undefined);
    expect(refreshes).toHaveLength(1);
    expect(refreshes[0]).not.toHaveProperty("signal");
    expect(server.tokens).toEqual(["A", "A", "A", "B"]);
  });

  it("a refresh that its last caller has left serves the next call", async () => {
    await using server = await startTokenServer(({ token }) => token === "B");
    const refresh = gate<string>();
    let refreshes = 0;
    const token: TokenProvider = ({ rejectedToken }) => {
      if (rejectedToken === undefined) return "A";
      refreshes += 1;
      return refresh.opened;
    };
    const kiosk = createClient(server, { token, maxRetries: 1 });
    const leaving = new AbortController();
    const gone = catchRejection(kiosk.getProductionStatus(CARD, { signal: leaving.signal }));
    await vi.waitFor(() => expect(refreshes).toBe(1));
    leaving.abort();
    await gone;
    refresh.open("B");
    await kiosk.getProductionStatus(CARD);
    expect([server.tokens, refreshes]).toEqual([["A", "A", "B"], 1]);
  });
});

it.each([
  ["concurrently", (calls: readonly (() => Promise<unknown>)[]) => Promise.all(calls.map((call) => call()))],
  [
    "one after the other",
    async (calls: readonly (() => Promise<unknown>)[]) => {
      for (const call of calls) await call();
    },
  ],
])("customers with the same placeholder token get their own tokens %s", async (_when, run) => {
  await using server = await startTokenServer(({ token, profileId }) => token === `token-of-${profileId}`);
  const refreshed: string[] = [];
  const token: TokenProvider = async ({ profileId, rejectedToken }) => {
    if (rejectedToken === undefined) return "none-yet";
    refreshed.push(profileId);
    await sleep(20);
    return `token-of-${profileId}`;
  };
  const [kiosk, other] = [createClient(server, { token, maxRetries: 1 }), createClient(server, { maxRetries: 1 })];
  const read = (profileId: number) => () => kiosk.getProductionStatus({ ...CARD, profileId });
  const readByCall = (profileId: number) => () => other.getProductionStatus({ ...CARD, profileId }, { token });
  await run([read(111), read(222), readByCall(333), read(222), readByCall(111)]);
  expect(refreshed.sort()).toEqual(["111", "222", "333"]);
  expect(server.tokens.filter((each) => each !== "none-yet").sort()).toEqual([
    "token-of-111",
    "token-of-111",
    "token-of-222",
    "token-of-222",
    "token-of-333",
  ]);
});

it("customers with interleaved 401s never get each other's tokens", async () => {
  const generation = new Map<string, number>();
  const crossed: string[] = [];
  await using server = await startTokenServer(({ token, profileId }) => {
    const [owner, at] = token.split(".");
    if (owner !== profileId) crossed.push(`${token} for ${profileId}`);
    return Number(at) >= 3;
  });
  const refreshed: string[] = [];
  const token: TokenProvider = async ({ profileId, rejectedToken }) => {
    if (rejectedToken !== undefined) {
      refreshed.push(rejectedToken);
      await sleep(Math.random() * 20);
      generation.set(profileId, Number(rejectedToken.split(".")[1]) + 1);
    }
    return `${profileId}.${generation.get(profileId) ?? 1}`;
  };
  const kiosk = createClient(server, { token, maxRetries: 2 });
  const profiles = Array.from({ length: 60 }, (_, index) => [11, 22, 33][index % 3] as number);
  const round = () =>
    Promise.allSettled(profiles.map((profileId) => kiosk.getProductionStatus({ ...CARD, profileId })));
  const first = await round();
  const second = await round();
  // The first to be rejected use up their only refresh. A call that is rejected later gets the token of the second refresh.
  const failures = first.filter((result) => result.status === "rejected");
  expect(failures.length).toBeGreaterThan(0);
  expect(failures.every(({ reason }) => reason.code === "ERR_AUTHENTICATION")).toBe(true);
  expect(second.every(({ status }) => status === "fulfilled")).toBe(true);
  expect(crossed).toEqual([]);
  expect([...refreshed].sort()).toEqual(["11.1", "11.2", "22.1", "22.2", "33.1", "33.2"]);
});
