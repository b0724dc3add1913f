import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { PRODUCTION_ERROR_CODES, REQUEST_ERROR_CODES } from "wise-card-kiosk";
import type { SimulatedCardOptions } from "wise-card-kiosk/testing";
import { openWiseWithTokens } from "../support/wise-with-tokens.js";

const CARD = "ca0c8154-1e14-4464-a1ce-dcea7dc3de52";

const logged = vi.fn();

beforeEach(() => {
  vi.resetModules();
  vi.spyOn(console, "error").mockImplementation(logged);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  logged.mockReset();
});

async function findUrl(server: Server): Promise<string> {
  if (!server.listening) await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Starts the backend of a bank, and returns functions that send the requests of a clerk's screen. */
async function openBank(...options: Partial<SimulatedCardOptions>[]) {
  const cards = options.map((card, index) => ({ profileId: 1 + index, cardToken: `${CARD}${index || ""}`, ...card }));
  const wise = await openWiseWithTokens({ cards });
  onTestFinished(() => wise[Symbol.asyncDispose]());
  vi.stubEnv("PORT", "0");
  vi.stubEnv("WAIT_MS", "1500");
  vi.stubEnv("WISE_BASE_URL", wise.url);
  vi.stubEnv("WISE_CLIENT_ID", "your-bank");
  vi.stubEnv("WISE_CLIENT_SECRET", "client-secret");
  const records = await import("../../examples/backend/records.js");
  for (const { profileId, cardToken } of cards) {
    records.cards.set(cardToken, { profileId: String(profileId) });
    records.customers.set(String(profileId), { refreshToken: `refresh-${profileId}-1` });
  }
  const url = await findUrl((await import("../../examples/backend-route.js")).server);
  const ask = async (path: string, method = "POST") => {
    const response = await fetch(`${url}${path}`, { method });
    const { next, message } = (await response.json()) as { next: string; message: string };
    return { httpStatus: response.status, next, message };
  };
  const print = (cardToken = CARD, kioskId = "WIS00001") => ask(`/cards/${cardToken}/print?kiosk=${kioskId}`);
  const puts = () => wise.simulator.requests.filter(({ method }) => method === "PUT").length;
  return { ...wise, records, ask, print, puts };
}

describe("printing a card for a clerk's screen", () => {
  it("responds with done when the customer holds the card", async () => {
    const { print } = await openBank({ outcomes: ["PRODUCED"] });
    expect(await print()).toMatchObject({ httpStatus: 200, next: "done" });
  });

  it("responds with what to fix when the kiosk jams, and with done after another print", async () => {
    const { print, puts } = await openBank({ outcomes: ["PRD_HOPPER_JAM", "PRODUCED"] });
    expect(await print()).toEqual({
      httpStatus: 409,
      next: "fix-kiosk-and-retry",
      message: expect.stringContaining("A card is jammed in the hopper."),
    });
    expect(await print()).toMatchObject({ httpStatus: 200, next: "done" });
    expect(puts()).toBe(2);
  });

  it("does not mistake an earlier failure for the end of this print, even if a read still shows it", async () => {
    const { print, simulator } = await openBank({ outcomes: ["PRODUCED"] });
    const body = simulator.card(CARD).produce().fail("PRD_HOPPER_JAM").production;
    simulator.onDelivery(() => {
      const isFirst = simulator.deliveries.length === 3;
      if (isFirst) simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 200, body } });
    });
    expect(await print()).toMatchObject({ httpStatus: 200, next: "done" });
    simulator.assertNoPendingFaults();
  });

  const RECONCILED_MS = { timeout: 30_000 };
  it("resends a request that is lost in transit, because the earlier failure is known", RECONCILED_MS, async () => {
    const { print, simulator, puts } = await openBank({ outcomes: ["PRODUCED"] });
    simulator.card(CARD).produce().fail("PRD_HOPPER_JAM");
    simulator.injectFault({ operation: "produceCard", fault: { httpStatus: 502 } });
    expect(await print()).toMatchObject({ httpStatus: 200, next: "done" });
    expect(puts()).toBe(2);
  });

  it("asks the clerk to check the reject box and print again if no one collected the card", async () => {
    const { print, ask, simulator } = await openBank({ outcomes: [] });
    simulator.card(CARD).produce().reject();
    const response = await ask(`/cards/${CARD}`, "GET");
    expect(response).toMatchObject({ httpStatus: 409, next: "fix-kiosk-and-retry" });
    expect(response.message).toContain("reject box for a card. Then produce the card again.");
    expect(await print()).toMatchObject({ httpStatus: 202, next: "wait" });
  });

  it("responds with wait while the kiosk prints, and with done when the screen asks again", async () => {
    const { print, ask, simulator } = await openBank({});
    expect(await print()).toMatchObject({ httpStatus: 202, next: "wait" });
    expect(await ask(`/cards/${CARD}`, "GET")).toMatchObject({ httpStatus: 202, next: "wait" });
    simulator.card(CARD).complete();
    expect(await ask(`/cards/${CARD}`, "GET")).toMatchObject({ httpStatus: 200, next: "done" });
  });

  it("prints once if the clerk presses twice, also after the print", async () => {
    const { print, puts } = await openBank({ outcomes: ["PRODUCED"], productionDelayMs: 300 });
    const [first, second] = await Promise.all([print(), print()]);
    expect([first.next, second.next].sort()).toEqual(["done", "wait"]);
    expect(await print()).toMatchObject({ httpStatus: 200, next: "done" });
    expect(puts()).toBe(1);
  });

  it.each([
    ...PRODUCTION_ERROR_CODES.map((code) => [code, { outcomes: [code] }] as const),
    ...REQUEST_ERROR_CODES.map((code) => [code, { outcomes: [{ refuse: code }] }] as const),
    ["PRT_CODE_OF_NEXT_YEAR", { outcomes: ["PRT_CODE_OF_NEXT_YEAR"] }] as const,
    ["A_CODE_OF_NEXT_YEAR", { outcomes: ["A_CODE_OF_NEXT_YEAR"] }] as const,
  ])("responds to %s with a matching HTTP status and next step", async (code, card) => {
    const { print } = await openBank(card);
    const { httpStatus, next, message } = await print();
    expect([
      [503, "retry-later"],
      [409, "fix-kiosk-and-retry"],
      [422, "fix-request"],
      [409, "check-status"],
      [502, "contact-wise"],
    ]).toContainEqual([httpStatus, next]);
    expect(message).toContain(code);
  });
});

it("sends nothing if the clerk presses again before a read has shown the print", { timeout: 20_000 }, async () => {
  const { print, puts, simulator } = await openBank({ outcomes: ["PRODUCED"] });
  simulator.readLagMs = 10_000;
  expect(await print()).toMatchObject({ httpStatus: 202, next: "wait" });
  expect(await print()).toMatchObject({ httpStatus: 202, next: "wait" });
  expect(puts()).toBe(1);
});

describe("pressing again while the outcome of a print is unknown", () => {
  const lost = { httpStatus: 504, headers: { "retry-after": "120" } };

  it("sends nothing until the claim on the card has expired, then prints", async () => {
    const { print, simulator, puts } = await openBank({ outcomes: ["PRODUCED"] });
    simulator.injectFault({ operation: "produceCard", fault: lost });
    await print();
    expect(await print()).toMatchObject({ httpStatus: 202, next: "wait" });
    expect(puts()).toBe(1);

    vi.setSystemTime(Date.now() + 5 * 60_000);
    onTestFinished(() => void vi.useRealTimers());
    expect(await print()).toMatchObject({ httpStatus: 200, next: "done" });
    expect(puts()).toBe(2);
  });

  it.each(["REQUEST_CREATED_BUT_NOT_STARTED", "REQUEST_ALREADY_EXISTS", "A_CODE_OF_NEXT_YEAR"])(
    "sends nothing after %s, because the card may be printed later",
    async (refuse) => {
      const { print, puts } = await openBank({ outcomes: [{ refuse }] });
      expect(await print()).toMatchObject({ httpStatus: 409, next: "check-status" });
      expect(await print()).toMatchObject({ httpStatus: 202, next: "wait" });
      expect(puts()).toBe(1);
    },
  );

  it.each([
    [
      "a request that was refused temporarily",
      { outcomes: [{ refuse: "UNABLE_TO_ACCEPT_REQUEST" }, "PRODUCED"] },
      undefined,
    ],
    ["a request that did not reach Wise", { outcomes: ["PRODUCED"] }, { httpStatus: 429, headers: lost.headers }],
  ])("prints immediately after %s", async (_, card, fault) => {
    const { print, simulator } = await openBank(card);
    if (fault !== undefined) simulator.injectFault({ operation: "produceCard", fault });
    expect(await print()).toMatchObject({ httpStatus: 503, next: "retry-later" });
    expect(await print()).toMatchObject({ httpStatus: 200, next: "done" });
  });
});

describe("a card that cannot be printed", () => {
  it("sends nothing if the bank or Wise has no such card, or if the screen names no kiosk", async () => {
    const { print, ask, records, puts } = await openBank({});
    expect(await print("another-card")).toMatchObject({ httpStatus: 404, next: "fix-request" });
    records.cards.set("unknown-at-wise", { profileId: "1" });
    expect(await print("unknown-at-wise")).toMatchObject({ httpStatus: 422, next: "fix-request" });
    expect(await print(CARD, "")).toMatchObject({ httpStatus: 422, next: "fix-request" });
    expect(await ask("/elsewhere")).toMatchObject({ httpStatus: 404 });
    expect(await ask(`/cards/${CARD}`)).toMatchObject({ httpStatus: 404 });
    expect(puts()).toBe(0);
  });

  it("responds with order-new-card if the card is older than 60 days", async () => {
    const { print, simulator } = await openBank({});
    simulator.card(CARD).expire();
    expect(await print()).toMatchObject({ httpStatus: 422, next: "order-new-card" });
  });

  it.each([
    [{ httpStatus: 403 }, 502, "contact-wise"],
    [{ httpStatus: 418 }, 502, "contact-wise"],
    [{ httpStatus: 429, headers: { "retry-after": "120" } }, 503, "retry-later"],
    [{ httpStatus: 503, headers: { "retry-after": "120" } }, 503, "retry-later"],
  ])("responds with the next step if Wise responds with %j", async (fault, httpStatus, next) => {
    const { print, simulator, puts } = await openBank({});
    simulator.injectFault({ operation: "getProductionStatus", fault });
    expect(await print()).toMatchObject({ httpStatus, next });
    expect(puts()).toBe(0);
  });

  it("responds with check-status if it is unknown whether the request took effect", async () => {
    const { print, simulator } = await openBank({});
    simulator.injectFault({ operation: "produceCard", fault: { httpStatus: 504, headers: { "retry-after": "120" } } });
    expect(await print()).toMatchObject({ httpStatus: 504, next: "check-status" });
  });

  it("responds with wait if the card is printing and following it fails", async () => {
    const { print, simulator } = await openBank({});
    const printing = print();
    await vi.waitFor(() => expect(simulator.card(CARD).production?.status).toBe("IN_PROGRESS"));
    simulator.injectFault({ operation: "getProductionStatus", fault: { httpStatus: 403 } });
    expect(await printing).toMatchObject({ httpStatus: 202, next: "wait" });
  });
});

describe("the tokens of customers", () => {
  it("requests each customer's card with the token of that customer", async () => {
    const { print, accessTokens } = await openBank({ outcomes: ["PRODUCED"] }, { outcomes: ["PRODUCED"] });
    const responses = await Promise.all([print(), print(`${CARD}1`)]);
    expect(responses.map(({ next }) => next)).toEqual(["done", "done"]);
    expect([...accessTokens.values()].sort()).toEqual(["access-1-1", "access-2-1"]);
  });

  it("refreshes a token that Wise revoked, and stores the new refresh token", async () => {
    const { print, accessTokens, records } = await openBank({ outcomes: ["PRT_COVER_OPEN", "PRODUCED"] });
    await print();
    accessTokens.set("1", "given-to-someone-else");
    expect(await print()).toMatchObject({ next: "done" });
    expect(records.customers.get("1")).toEqual({ refreshToken: "refresh-1-3" });
  });

  it("asks the clerk to try again later if Wise issues no token, even if it may have processed the refresh", async () => {
    const { print, tokenFaults } = await openBank({ outcomes: ["PRODUCED"] });
    tokenFaults.push(503);
    expect(await print()).toMatchObject({ httpStatus: 503, next: "retry-later" });
    tokenFaults.push(403);
    expect(await print()).toMatchObject({ httpStatus: 502, next: "contact-wise" });
    expect(await print()).toMatchObject({ httpStatus: 200, next: "done" });
  });

  it("asks to connect a customer with an invalid refresh token again, and logs no secret", async () => {
    const { print, records } = await openBank({});
    records.customers.set("1", { refreshToken: "refresh-1-99" });
    expect(await print()).toMatchObject({ httpStatus: 409, next: "connect-again" });
    expect(logged).toHaveBeenCalled();
    expect(inspect(logged.mock.calls, { depth: 9, showHidden: true })).not.toMatch(/refresh-1-99|client-secret/);
  });
});
