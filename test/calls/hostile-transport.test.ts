import { describe, expect, it, vi } from "vitest";
import { type DispatcherLike, isKioskError, WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator } from "wise-card-kiosk/testing";

const order = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52", kioskId: "WIS00001" };
const options = { baseUrl: "https://wise.invalid", token: "a-token-of-the-user" };

const HOSTILE: [string, () => unknown][] = [
  ["an error with a code that cannot be read", () => Object.defineProperty(new Error("x"), "code", { get: fail })],
  ["an error with a cause that cannot be read", () => Object.defineProperty(new Error("x"), "cause", { get: fail })],
  ["an error with a message that cannot be converted to text", () => ({ message: Object.create(null) as unknown })],
  ["a frozen error", () => Object.freeze(new Error("x"))],
  ["an object that cannot be read", () => new Proxy({}, { get: fail, has: fail, getPrototypeOf: fail })],
  ["a revoked proxy", revoked],
  ["a function that cannot be converted to text", () => Object.assign(() => {}, { toString: fail })],
  ["a symbol", () => Symbol("x")],
  ["undefined", () => undefined],
];

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

function fail(): never {
  throw new Error("This cannot be read");
}

describe.each(HOSTILE)("a fetch that rejects with %s", (_case, reason) => {
  it("rejects with a KioskError that leaves the outcome of the request in doubt", async () => {
    const client = new WiseKioskClient({ ...options, fetch: () => Promise.reject(reason()), maxRetries: 0 });
    const error = await client.produceCard(order).catch((caught: unknown) => caught);
    expect(isKioskError(error)).toBe(true);
    expect(error).toMatchObject({ code: "ERR_CONNECTION", requestSent: true, mayHaveTakenEffect: true });
  });
});

it("treats a request as sent after a reset connection, even if its cause is a refused connection", async () => {
  const reset = Object.assign(new Error("reset", { cause: { code: "ECONNREFUSED" } }), { code: "ECONNRESET" });
  const client = new WiseKioskClient({ ...options, fetch: () => Promise.reject(reset), maxRetries: 0 });
  await expect(client.produceCard(order)).rejects.toMatchObject({ requestSent: true, mayHaveTakenEffect: true });
});

it("treats the rejection of an async dispatcher as a failure", async () => {
  const dispatch = () => Promise.reject(new Error("no dispatch"));
  const dispatcher = { dispatch } as unknown as DispatcherLike;
  const client = new WiseKioskClient({ ...options, dispatcher, maxRetries: 0 });
  await expect(client.produceCard(order)).rejects.toMatchObject({ code: "ERR_CONNECTION", requestSent: false });
});

it("stays in doubt if the transport is refused in the middle of a call", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  class RetryAgent {
    dispatch(): boolean {
      return fail();
    }
  }
  const key = Symbol.for("undici.globalDispatcher.1");
  const undici = await import("undici");
  const before = undici.getGlobalDispatcher();
  const simulator = createKioskSimulator({ cards: [order] });
  await using server = await simulator.listen();
  simulator.injectFault({ fault: "lost-response" });
  const { token } = simulator.clientOptions();
  const swap = () => Reflect.set(globalThis, key, new RetryAgent());
  const client = new WiseKioskClient({ baseUrl: server.url, token, onExchange: swap, reconcileWindowMs: 0 });
  try {
    await expect(client.produceCard(order)).rejects.toMatchObject({ code: "ERR_CONNECTION", mayHaveTakenEffect: true });
  } finally {
    Reflect.set(globalThis, key, before);
    vi.restoreAllMocks();
  }
});

it("reads first if a 200 contains a REQUEST_ERROR while an earlier request is in doubt", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const simulator = createKioskSimulator({ cards: [order] });
  await using server = await simulator.listen();
  simulator.injectFault({ fault: "timeout", operation: "produceCard" });
  const refusal = { status: "REQUEST_ERROR", kioskId: "WIS00001", errorCode: "REQUEST_ALREADY_EXISTS" };
  simulator.injectFault({ fault: { httpStatus: 200, body: refusal }, operation: "produceCard", takesEffect: true });
  const { token } = simulator.clientOptions();
  const client = new WiseKioskClient({ baseUrl: server.url, token, timeoutMs: 500, reconcileWindowMs: 0 });
  await expect(client.produceCard(order)).resolves.toMatchObject({ status: "IN_PROGRESS" });
  vi.restoreAllMocks();
});

it("does not treat a REQUEST_ERROR that is passed as previous as a state of the card", async () => {
  vi.spyOn(Math, "random").mockReturnValue(0);
  const details = { kioskId: "WIS00001", description: null };
  const occurredAt = new Date(Date.now() - 3_600_000).toISOString();
  const failure = { status: "PRODUCTION_ERROR", ...details, occurredAt, errorCode: "PRD_HOPPER_JAM" } as const;
  const previous = { status: "REQUEST_ERROR", ...details, occurredAt, errorCode: "UNABLE_TO_ACCEPT_REQUEST" } as const;
  const simulator = createKioskSimulator({ cards: [{ ...order, production: failure }] });
  await using server = await simulator.listen();
  simulator.injectFault({ fault: "connection-reset" });
  const { token } = simulator.clientOptions();
  const client = new WiseKioskClient({ baseUrl: server.url, token, reconcileWindowMs: 0 });
  await expect(client.produceCard({ ...order, previous })).resolves.toMatchObject({ status: "IN_PROGRESS" });
  vi.restoreAllMocks();
});
