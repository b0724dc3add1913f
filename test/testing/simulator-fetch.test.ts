import { afterEach, expect, it, vi } from "vitest";
import { WiseKioskClient } from "../../src/index.js";
import { createKioskSimulator } from "../../src/testing/index.js";

const URL_OF_CARD = "https://kiosk.example/v3/spend/profiles/123456/cards/card/production";
const CARD = { profileId: 123456, cardToken: "card" };
const CARDS = [CARD];

afterEach(() => void vi.useRealTimers());

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

it.each([200, 400])(
  "simulator.fetch returns a byte stream as the body of a response, as fetch does: %i",
  async (httpStatus) => {
    const simulator = createKioskSimulator({ cards: CARDS });
    for (const body of ["text", ""]) {
      simulator.injectFault({ fault: { httpStatus, body } });
      const response = (await simulator.fetch(URL_OF_CARD)) as Response;
      const reader = response.body?.getReader({ mode: "byob" });
      const { value } = (await reader?.read(new Uint8Array(8))) ?? {};
      expect(new TextDecoder().decode(value)).toBe(body);
    }
  },
);

it("a client reads and prints through simulator.fetch while queueMicrotask, which Node.js calls to end a body, is mocked", async () => {
  const simulator = createKioskSimulator({ cards: CARDS });
  const kiosk = new WiseKioskClient(simulator.clientOptions());
  vi.useFakeTimers({ toFake: ["queueMicrotask"] });
  expect((await kiosk.getProductionStatus(CARD)).status).toBe("READY");
  expect((await kiosk.produceCard({ ...CARD, kioskId: "WIS00001" })).status).toBe("IN_PROGRESS");
  simulator.injectFault({ fault: "truncated-body" });
  await expect(kiosk.getProductionStatus(CARD, { maxRetries: 0 })).rejects.toThrow("no complete response");
});
