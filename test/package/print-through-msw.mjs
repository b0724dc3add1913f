// Prints a card through MSW, and prints the status as JSON.
import { setupServer } from "msw/node";
import { WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { kioskHandlers, sendThroughGlobalFetch } from "wise-card-kiosk/testing/msw";

const card = { profileId: 123456, cardToken: "ca0c" };
const simulator = createKioskSimulator({ cards: [card], token: "user-token" });
const server = setupServer(...kioskHandlers(simulator));
server.listen({ onUnhandledRequest: "error" });
const globalFetch = sendThroughGlobalFetch();
const kiosk = new WiseKioskClient({ environment: "sandbox", token: "user-token" });
const { status } = await kiosk.produceCard({ ...card, kioskId: "WIS00001" });
console.log(JSON.stringify({ status, requests: simulator.requests.length }));
globalFetch.restore();
server.close();
