const { setupServer } = require("msw/node");
const { WiseKioskClient } = require("wise-card-kiosk");
const { createKioskSimulator } = require("wise-card-kiosk/testing");
const { kioskHandlers, sendThroughGlobalFetch } = require("wise-card-kiosk/testing/msw");
const { printCard } = require("./print-card.js");

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
