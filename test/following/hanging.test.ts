import { expect, it } from "vitest";
import { WiseKioskClient } from "wise-card-kiosk";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import type { KioskWebhookEvent } from "wise-card-kiosk/webhooks";

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const hang = () => new Promise<void>(() => {});

function client(): WiseKioskClient {
  return new WiseKioskClient(createKioskSimulator({ cards: [card] }).clientOptions());
}

it.each([
  ["maxWaitMs", { maxWaitMs: 100 }, { code: "ERR_WAIT_TIMEOUT", lastProduction: { status: "READY" } }],
  ["deadlineMs", { deadlineMs: 100 }, { code: "ERR_TIMEOUT", productionAfter: { status: "READY" } }],
])("ends a wait with a hanging onChange when %s passes", async (_limit, options, error) => {
  await expect(client().waitForProduction(card, { ...options, onChange: hang })).rejects.toMatchObject(error);
});

it("ends a wait with a hanging onChange when the signal aborts", async () => {
  const controller = new AbortController();
  const reason = new Error("the customer left");
  setTimeout(() => controller.abort(reason), 50);
  const options = { signal: controller.signal, onChange: hang };
  await expect(client().waitForProduction(card, options)).rejects.toBe(reason);
});

it("resolves with a production that ends the wait even if onChange hangs", async () => {
  const simulator = createKioskSimulator({ cards: [card] });
  simulator.card(card.cardToken).produce().complete();
  const wise = new WiseKioskClient(simulator.clientOptions());
  const options = { maxWaitMs: 100, onChange: hang };
  await expect(wise.waitForProduction(card, options)).resolves.toMatchObject({ status: "PRODUCED" });
});

it("reacts to signals while a feed always has another event", async () => {
  const foreign: KioskWebhookEvent = {
    type: "other",
    eventType: "cards#card-status-change",
    data: {},
    subscriptionId: null,
    schemaVersion: null,
    sentAt: null,
    deliveryId: null,
    isTest: false,
  };
  let yielded = 0;
  async function* replay() {
    // Bounded, so that a wait that starves everything else fails instead of hanging.
    for (; yielded < 3_000_000; yielded += 1) yield foreign;
  }
  const controller = new AbortController();
  const reason = new Error("the customer left");
  setTimeout(() => controller.abort(reason), 50);
  const waiting = client().waitForProduction(card, { signal: controller.signal, events: replay() });
  await expect(waiting).rejects.toBe(reason);
  expect(yielded).toBeLessThan(3_000_000);
});
