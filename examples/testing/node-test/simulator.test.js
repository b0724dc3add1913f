import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { printCard } from "./print-card.js";

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const simulator = createKioskSimulator({ cards: [{ ...card, outcomes: ["PRD_HOPPER_JAM", "PRODUCED"] }] });
const kiosk = new WiseKioskClient(simulator.clientOptions());

afterEach(() => {
  simulator.assertNoPendingFaults();
  simulator.reset();
});

test("shows the clerk what to do about a jam, and succeeds at the second attempt", async () => {
  assert.match(await printCard(kiosk, { ...card, kioskId: "WIS00001" }), /PRD_HOPPER_JAM.*Fix this at the kiosk/);
  assert.match(await printCard(kiosk, { ...card, kioskId: "WIS00001" }), /produced and collected/);
});

test("prints a card once although the response was lost", async () => {
  simulator.injectFault({ operation: "produceCard", fault: "lost-response" });
  await printCard(kiosk, { ...card, kioskId: "WIS00001" });
  assert.equal(simulator.requests.filter(({ operation }) => operation === "produceCard").length, 1);
});
