import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import type { DeliveryAttempt, WebhookDelivery } from "../../src/testing/index.js";
import { SimulatorCore } from "../../src/testing/simulator/simulator-core.js";
import { productionEventBodies } from "../../src/testing/webhooks/production-event-body.js";
import { WebhookOutbox } from "../../src/testing/webhooks/webhook-outbox.js";

const NOW = new Date("2026-01-01T12:00:00.000Z");
const PATH = "/v3/spend/profiles/1/cards/card/production";

const coreWith = (outcomes: readonly string[] = []) =>
  new SimulatorCore({
    now: NOW,
    kiosks: ["WIS00001", "WIS00002"],
    cards: [{ profileId: 1, cardToken: "card", outcomes, productionDelayMs: 1000, createdAt: "2025-12-31" }],
  });

const produce = (core: SimulatorCore) =>
  core.receive(
    {
      method: "PUT",
      path: PATH,
      headers: { authorization: `Bearer ${core.token}` },
      body: '{"kioskId":"WIS00001"}',
    } as never,
    undefined,
  );

const parseStatus = ({ body }: WebhookDelivery): string => JSON.parse(body).data.status;

it("a simulator names its kiosks, and hands out copies of the list", () => {
  const core = coreWith();
  expect(core.kiosks).toEqual(["WIS00001", "WIS00002"]);
  expect(core.kiosks).not.toBe(core.kiosks);
});

it("an observer of a simulator gets requests and changes of cards until it is removed", () => {
  const core = coreWith();
  const seen: string[] = [];
  const stop = core.observe({
    onRequest: ({ operation }) => seen.push(String(operation)),
    onCardChange: ({ cardToken, production }) => seen.push(`${cardToken} ${production?.status}`),
  });
  produce(core);
  core.addCard({ profileId: 1, cardToken: "added" });
  core.resetCard("card");
  stop();
  produce(core);
  core.resetCard("card");
  expect(seen).toEqual(["card IN_PROGRESS", "produceCard", "added READY", "card READY"]);
});

it("a card that is reset has its options again, and its old script does not change it", () => {
  const core = coreWith(["PRODUCED"]);
  produce(core);
  core.resetCard("card");
  core.clock.advance(1000);
  expect(core.card("card").production?.status).toBe("READY");
  expect(core.card("card").createdAt).toEqual(new Date("2025-12-31"));
  expect(core.outbox.deliveries.map(parseStatus)).toEqual(["IN_PROGRESS"]);
  produce(core);
  core.clock.advance(1000);
  expect(core.card("card").production?.status).toBe("PRODUCED");
  expect(() => core.resetCard("cord")).toThrow("did you mean card?");
});

it("an outbox lists what it holds back", () => {
  const outbox = new WebhookOutbox();
  expect(outbox.held).toBeUndefined();
  const { release } = outbox.hold();
  outbox.notify(() => "first");
  outbox.notify(() => "second");
  expect(outbox.held?.map(({ body }) => body)).toEqual(["first", "second"]);
  release();
  expect(outbox.held).toBeUndefined();
});

it("an outbox forgets all events but those that it keeps and those that it holds back", () => {
  const outbox = new WebhookOutbox();
  for (const body of ["first", "second", "third"]) outbox.notify(() => body, { deliveryId: body });
  const bodies = () => outbox.deliveries.map(({ body }) => body);
  outbox.keepOnly(["first", "second", "third"]);
  expect(bodies()).toEqual(["first", "second", "third"]);
  outbox.keepOnly(["first", "third"]);
  expect(bodies()).toEqual(["second", "third"]);
  expect(() => outbox.redeliver("second")).toThrow(expect.objectContaining({ argument: "deliveryId" }));
  outbox.redeliver("first");
  const { release } = outbox.hold();
  outbox.notify(() => "held", { deliveryId: "held" });
  outbox.keepOnly(["first"]);
  expect(bodies()).toEqual(["first"]);
  outbox.redeliver("held");
  release();
  expect(bodies()).toEqual(["first", "held", "held"]);
  expect(() => outbox.redeliver("third")).toThrow(expect.objectContaining({ argument: "deliveryId" }));
});

it("an outbox that forgets an event while it releases others still knows its subscription", () => {
  const outbox = new WebhookOutbox();
  const received: string[] = [];
  outbox.listen({
    subscriptionId: "created",
    onDelivery: ({ body }) => {
      received.push(body);
      outbox.keepOnly([]);
    },
  });
  const { release } = outbox.hold();
  for (const body of ["first", "second"]) outbox.notify(() => body, { deliveryId: body, subscriptionId: "created" });
  release();
  expect(received).toEqual(["first", "second"]);
});

it("an event without a time has none in either schema version", () => {
  const production = { status: "READY", kioskId: null, occurredAt: null, errorCode: null, description: null } as const;
  const webhooks = { subscriptionId: "subscription", clientId: "client" };
  const card = { profileId: "1", cardToken: "card" };
  for (const schemaVersion of ["2.0.0", "4.0.0"] as const) {
    const bodyNow = productionEventBodies(card, production, { ...webhooks, schemaVersion }, { now: NOW });
    expect(JSON.parse(bodyNow()).data.occurred_at).toBeNull();
  }
});

const subscription = (url: string) => ({
  id: "subscription",
  name: "Kiosk production",
  trigger_on: "cards#card-production-status-change",
  delivery: { version: "4.0.0", url },
  scope: { domain: "application", id: "your-bank" },
  created_by: { type: "application", id: "your-bank" },
  created_at: "2026-01-01T12:00:00Z",
});

/** Starts a receiver that never responds, or responds with 204. */
async function startReceiver(responds: boolean) {
  const server = createServer((_request, response) => void (responds && response.writeHead(204).end()));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

it("a simulator reports the attempts to a subscribed URL on this machine", async () => {
  const core = coreWith();
  const { url } = await startReceiver(true);
  const attempts: DeliveryAttempt[] = [];
  const delivered: string[] = [];
  core.application.onAttempt = (attempt) => attempts.push(attempt);
  core.application.onDelivery = (_delivery, to) => delivered.push(to);
  core.application.subscribe(subscription(url) as never);
  produce(core);
  await core.application.settled();
  expect(delivered).toEqual([url]);
  expect(attempts).toMatchObject([{ attempt: 1, httpStatus: 204, failure: undefined }]);
});

it("a simulator posts nothing to a subscribed URL on another machine", () => {
  const core = coreWith();
  const onDelivery = vi.fn();
  core.application.onDelivery = onDelivery;
  core.application.subscribe(subscription("https://bank.invalid/wise") as never);
  produce(core);
  expect(core.outbox.deliveries).toHaveLength(2);
  expect(onDelivery).not.toHaveBeenCalled();
});

it.each([
  ["is asked to give up", (core: SimulatorCore) => core.application.giveUp()],
  ["is reset", (core: SimulatorCore) => core.reset()],
])("a simulator that %s gives up its deliveries to subscribed URLs, and connects no more", async (_what, end) => {
  const core = coreWith();
  const { server, url } = await startReceiver(false);
  const connected = vi.fn();
  server.on("connection", connected);
  core.application.subscribe(subscription(url) as never);
  produce(core);
  core.changeStatus(core.card("card"), { ...core.card("card").production, status: "PRODUCED" } as never);
  const settled = core.application.settled();
  await once(server, "request");
  end(core);
  await settled;
  expect(connected).toHaveBeenCalledOnce();
});
