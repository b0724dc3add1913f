import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import {
  KioskAuthenticationError,
  KioskTimeoutError,
  KioskTokenError,
  type TokenContext,
  type TokenProvider,
  WiseKioskClient,
} from "wise-card-kiosk";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { startTokenServer } from "../support/token-server.js";
import { CARD, catchRejection, createClient, PRODUCE, TOKEN } from "../support/transports.js";

const never = (): Promise<never> => new Promise(() => {});

describe("a token provider that fails", () => {
  const own = Object.assign(new Error("no secrets manager"), { detail: { region: "eu" } });

  it.each<[string, TokenProvider]>([
    [
      "throws",
      () => {
        throw own;
      },
    ],
    ["rejects", () => Promise.reject(own)],
  ])("keeps the provider's error as the cause and sends nothing if the provider %s", async (_how, token) => {
    await using server = await startTokenServer(() => true);
    const error = await catchRejection(createClient(server, { token, maxRetries: 2 }).produceCard(PRODUCE));
    expect(error).toBeInstanceOf(KioskTokenError);
    expect(error).toMatchObject({ code: "ERR_TOKEN", mayHaveTakenEffect: false, productionAfter: undefined });
    expect((error as KioskTokenError).cause).toBe(own);
    expect(server.requests).toEqual([]);
  });

  it("keeps a rejection of the provider as the cause even if it is not an error", async () => {
    await using server = await startTokenServer(() => true);
    const token = () => Promise.reject("vault sealed");
    const error = await catchRejection(createClient(server, { token }).getProductionStatus(CARD));
    expect(error).toMatchObject({ code: "ERR_TOKEN", cause: "vault sealed" });
  });

  it.each<[string, unknown]>([
    ["an empty string", ""],
    ["a space", " "],
    ["a string with a line break", "token\r\nX-Forged: 1"],
    ["a string that ends with a line break", "token\n"],
    ["a string with a space", "Bearer token"],
    ["a string beyond ASCII", "tökén"],
    ["a string with a control character", "token\u0007"],
    ["a number", 42],
    ["undefined", undefined],
    ["null", null],
    ["an object", { token: "token" }],
  ])("rejects the call and sends nothing if the provider returns %s", async (_what, given) => {
    await using server = await startTokenServer(() => true);
    const token = vi.fn(() => given as string);
    const error = await catchRejection(createClient(server, { token, maxRetries: 2 }).produceCard(PRODUCE));
    expect(error).toBeInstanceOf(KioskTokenError);
    expect(error).toMatchObject({ mayHaveTakenEffect: false });
    expect(error).not.toHaveProperty("cause");
    expect(inspect(error)).not.toMatch(/X-Forged|Bearer token|tökén/);
    expect([token.mock.calls.length, server.requests]).toEqual([1, []]);
  });

  it("aborts the provider's signal after timeoutMs if it hangs, and sends nothing", async () => {
    await using server = await startTokenServer(() => true);
    const signals: (AbortSignal | undefined)[] = [];
    const token = ({ signal }: TokenContext) => {
      signals.push(signal);
      return never();
    };
    const kiosk = createClient(server, { token, maxRetries: 2, timeoutMs: 30 });
    const error = await catchRejection(kiosk.produceCard(PRODUCE));
    expect(error).toBeInstanceOf(KioskTimeoutError);
    expect(error).toMatchObject({ requestSent: false, mayHaveTakenEffect: false });
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
    expect(server.requests).toEqual([]);
  });

  it("leaves the first request in doubt if the provider fails before the second one", async () => {
    const simulator = createKioskSimulator({ cards: [CARD] });
    await using server = await simulator.listen();
    simulator.injectFault({ fault: "connection-reset" });
    let asked = 0;
    const token = () => {
      asked += 1;
      if (asked === 3) throw new Error("sealed");
      return simulator.clientOptions().token;
    };
    const kiosk = new WiseKioskClient({ baseUrl: server.url, token, reconcileWindowMs: 0 });
    const error = await catchRejection(kiosk.produceCard(PRODUCE));
    expect(error).toMatchObject({
      code: "ERR_TOKEN",
      mayHaveTakenEffect: true,
      productionAfter: { status: "READY" },
      cause: { message: "sealed" },
    });
    expect(simulator.requests.map(({ method }) => method)).toEqual(["PUT", "GET"]);
  });
});

describe("a token provider", () => {
  it("calls the provider before every attempt, with the profile and the operation", async () => {
    const simulator = createKioskSimulator({ cards: [CARD] });
    await using server = await simulator.listen();
    simulator.injectFault({ fault: { httpStatus: 429, headers: { "retry-after": "0" } }, times: 2 });
    const asked: TokenContext[] = [];
    const token = async (context: TokenContext) => {
      asked.push(context);
      return simulator.clientOptions().token;
    };
    const kiosk = new WiseKioskClient({ baseUrl: server.url, token });
    await kiosk.produceCard({ ...PRODUCE, profileId: BigInt(CARD.profileId) });
    await kiosk.getProductionStatus({ ...CARD, profileId: String(CARD.profileId) });
    await kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" });
    expect(asked.map(({ profileId, operation }) => [profileId, operation])).toEqual([
      ["123456", "produceCard"],
      ["123456", "produceCard"],
      ["123456", "produceCard"],
      ["123456", "getProductionStatus"],
      ["123456", "simulateProductionStatus"],
    ]);
    expect(asked.every((context) => context.signal instanceof AbortSignal && !("rejectedToken" in context))).toBe(true);
  });

  it("accepts synchronous and asynchronous providers", async () => {
    await using server = await startTokenServer(({ token }) => token === TOKEN);
    await createClient(server, { token: () => TOKEN }).getProductionStatus(CARD);
    await createClient(server, { token: async () => TOKEN }).getProductionStatus(CARD);
    expect(server.tokens).toEqual([TOKEN, TOKEN]);
  });

  it("prefers the token of a call to that of the client", async () => {
    await using server = await startTokenServer(() => true);
    const token = vi.fn(() => "of-the-client");
    const kiosk = createClient(server, { token });
    await kiosk.getProductionStatus(CARD, { token: "of-the-call" });
    await kiosk.produceCard(PRODUCE, { token: () => "given-for-the-call" });
    await kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }, { token: undefined });
    expect(server.tokens).toEqual(["of-the-call", "given-for-the-call", "of-the-client"]);
    expect(token).toHaveBeenCalledOnce();
  });
});

it("a token given as a string is sent unchanged, and a 401 rejects the call", async () => {
  await using server = await startTokenServer(() => false);
  const error = await catchRejection(createClient(server, { maxRetries: 2 }).produceCard(PRODUCE));
  expect(error).toBeInstanceOf(KioskAuthenticationError);
  expect(error).toMatchObject({ errorCode: "invalid_token", mayHaveTakenEffect: false });
  expect(server.tokens).toEqual([TOKEN]);
});
