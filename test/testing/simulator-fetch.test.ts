import { expect, it, onTestFinished, vi } from "vitest";
import { createKioskSimulator, type KioskSimulator, type KioskSimulatorOptions } from "../../src/testing/index.js";
import { kioskHandlers } from "../../src/testing/msw.js";
import { ADAPTERS, sendThrough } from "../support/simulator-adapters.js";

const URL_OF_CARD = "https://kiosk.example/v3/spend/profiles/123456/cards/card/production";
const CARDS = [{ profileId: 123456, cardToken: "card" }];

it.each(["GET", "PUT"])(
  "simulator.fetch accepts a Request from another realm, such as that of a test environment: %s",
  async (method) => {
    const simulator = createKioskSimulator({ cards: CARDS });
    const body = method === "GET" ? "" : '{"kioskId":"WIS00001"}';
    const headers = new Map([["Authorization", `Bearer ${simulator.clientOptions().token}`]]);
    const foreign = { url: URL_OF_CARD, method, headers, text: async () => body };
    const response = await simulator.fetch(foreign as unknown as Request);
    expect(response.status).toBe(200);
    expect(simulator.requests).toMatchObject([{ method, body: body === "" ? undefined : JSON.parse(body) }]);
  },
);

it("simulator.fetch delivers the first half of a truncated body with its status and headers", async () => {
  const simulator = createKioskSimulator({ cards: CARDS });
  simulator.injectFault({ fault: "truncated-body" });
  const response = (await simulator.fetch(URL_OF_CARD)) as Response;
  expect([response.status, response.headers.get("content-type")]).toEqual([401, "application/json"]);
  const reader = response.body?.getReader();
  const first = await reader?.read();
  expect(new TextDecoder().decode(first?.value)).toBe('{"error":"missing_token","error_desc');
  await expect(reader?.read()).rejects.toThrow("terminated");
});

it.each(Object.entries(ADAPTERS))(
  "a simulator without latency responds through %s without a timer",
  async (_name, open) => {
    const simulator = createKioskSimulator({ cards: CARDS });
    const adapter = await open(simulator);
    onTestFinished(() => adapter.close());
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    expect((await sendThrough(adapter, simulator, "GET")).status).toBe(200);
  },
);

it("a loopback server drops the connection if acceptsToken throws", async () => {
  const acceptsToken = () => {
    throw new Error("no decision");
  };
  const simulator = createKioskSimulator({ cards: CARDS, acceptsToken });
  const adapter = await ADAPTERS["loopback server"](simulator);
  onTestFinished(() => adapter.close());
  await expect(sendThrough(adapter, simulator, "GET")).rejects.toThrow("fetch failed");
});

it.each([undefined, null, {}])("kioskHandlers() refuses %j, which is not a simulator", (simulator) => {
  expect(() => kioskHandlers(simulator as unknown as KioskSimulator)).toThrow(
    expect.objectContaining({ code: "ERR_ARGUMENT", argument: "simulator" }),
  );
});

it("simulator.deliver() delivers an event that is not a test unless it is asked to", () => {
  const simulator = createKioskSimulator();
  simulator.deliver({});
  simulator.deliver({}, { isTest: true });
  const tests = simulator.deliveries.map(({ headers }) => headers["X-Test-Notification"]);
  expect(tests).toEqual([undefined, "true"]);
});

it("the clock of a simulator advances up to the latest time that a Date can have, and no further", () => {
  const simulator = createKioskSimulator({ now: "2026-01-01T12:00:00.000Z" });
  expect(() => simulator.advanceTime(8.64e15)).toThrow(expect.objectContaining({ argument: "ms" }));
  simulator.advanceTime(8.64e15 - simulator.now.getTime());
  expect(simulator.now).toEqual(new Date(8.64e15));
});

const A_RESPONSE = "a response { httpStatus, body } with a status from 200 to 599";

it.each<[KioskSimulatorOptions, string]>([
  [{ kiosks: [""] }, "kiosks.0 must be a non-empty string, not an empty string"],
  [{ assumptions: { readBeforeReady: null as never } }, `assumptions.readBeforeReady must be ${A_RESPONSE}, not null`],
])("an invalid option is refused with what it must be: %j", (options, message) => {
  expect(() => createKioskSimulator(options)).toThrow(message);
});

it("an assumed response has a status from 200 to 599 and no unknown options", () => {
  const assume = (readBeforeReady: object) => () => createKioskSimulator({ assumptions: { readBeforeReady } as never });
  for (const httpStatus of [200, 599]) expect(assume({ httpStatus })).not.toThrow();
  for (const httpStatus of [199, 600]) expect(assume({ httpStatus })).toThrow("from 200 to 599");
  expect(assume({ httpStatus: 200, headers: {} })).toThrow("assumptions.readBeforeReady");
});
