import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { setupServer } from "msw/node";
import { WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { kioskHandlers, sendThroughGlobalFetch } from "wise-card-kiosk/testing/msw";
import { printCard } from "./print-card.js";

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const simulator = createKioskSimulator({ token: "token", cards: [{ ...card, outcomes: ["PRODUCED"] }] });
const server = setupServer(...kioskHandlers(simulator));
const globalFetch = sendThroughGlobalFetch();

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => simulator.reset());
afterAll(() => {
  server.close();
  globalFetch.restore();
});

test("prints a card through MSW with a client as in production", async () => {
  const kiosk = new WiseKioskClient({ environment: "sandbox", token: "token" });
  expect(await printCard(kiosk, { ...card, kioskId: "WIS00001" })).toMatch(/produced and collected/);
});
