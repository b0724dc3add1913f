import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { KioskSubscriptions } from "../../src/subscriptions/index.js";
import { createKioskSimulator, type KioskSimulatorOptions, type WebhookDelivery } from "../../src/testing/index.js";
import { WebhookOutbox } from "../../src/testing/webhooks/webhook-outbox.js";
import { KioskWebhooks } from "../../src/webhooks/index.js";

const CARD = "35050a4a-9521-426e-8109-1396e3687a3e";
const NOW = "2026-01-01T12:00:00.250Z";

const simulatorWith = (options: KioskSimulatorOptions = {}) =>
  createKioskSimulator({ cards: [{ profileId: 123456, cardToken: CARD }], ...options });

const parseStatus = ({ body }: Pick<WebhookDelivery, "body">): string => JSON.parse(body).data.status;

/** Starts a receiver that refuses the first deliveries. */
async function startReceiver({ refusals, waitMs = 0 }: { readonly refusals: number; readonly waitMs?: number }) {
  const received: { readonly headers: Record<string, string>; readonly body: string }[] = [];
  const { setTimeout } = globalThis;
  const server = createServer(async (request, response) => {
    received.push({ headers: request.headers as Record<string, string>, body: await text(request) });
    response.statusCode = received.length > refusals ? 200 : 503;
    setTimeout(() => response.end(), waitMs);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, received };
}

afterEach(() => void vi.useRealTimers());

it.each([
  ["4.0.0", ["2026-01-01T12:00:00.250Z", "2026-01-01T12:00:00.251Z", "2026-01-01T12:00:00.252Z"]],
  ["2.0.0", ["2026-01-01T12:00:00Z", "2026-01-01T12:00:01Z", "2026-01-01T12:00:02Z"]],
] as const)(
  "each attempt of a delivery of version %s has its own sent_at and signature, even if the clock is stopped",
  async (schemaVersion, times) => {
    const simulator = simulatorWith({ now: NOW, webhooks: { schemaVersion } });
    const receiver = await startReceiver({ refusals: 2 });
    const target = simulator.deliverTo(receiver.url, { retryDelayMs: 0 });
    simulator.card(CARD).produce();
    await target.settled();
    target.stop();
    const bodies = receiver.received.map(({ body }) => JSON.parse(body));
    expect(bodies.map(({ sent_at }) => sent_at)).toEqual(times);
    expect(new Set(bodies.map(({ sent_at, ...rest }) => JSON.stringify(rest))).size).toBe(1);
    expect(new Set(receiver.received.map(({ headers }) => headers["x-delivery-id"])).size).toBe(1);
    const webhooks = new KioskWebhooks(simulator.webhookOptions());
    for (const { body, headers } of receiver.received) await webhooks.unwrap(body, headers);
    expect(simulator.deliveries.map(({ body }) => body)).toEqual([receiver.received[0]?.body]);
  },
);

it("an attempt has the time of the simulator's clock if that has moved", async () => {
  const simulator = simulatorWith({ now: NOW });
  const receiver = await startReceiver({ refusals: 1 });
  const target = simulator.deliverTo(receiver.url, { retryDelayMs: 0 });
  simulator.onDelivery(() => simulator.advanceTime(60_000));
  simulator.card(CARD).produce();
  await target.settled();
  target.stop();
  expect(JSON.parse(receiver.received[1]?.body ?? "").sent_at).toBe("2026-01-01T12:01:00.250Z");
});

it("each attempt of a delivery to a subscribed URL has its own sent_at, also of a test notification", async () => {
  const simulator = simulatorWith({ now: NOW });
  const receiver = await startReceiver({ refusals: 1 });
  const options = simulator.subscriptionOptions();
  const path = `${options.baseUrl}/v3/applications/your-bank/subscriptions`;
  const headers = { authorization: `Bearer ${options.token}` };
  const delivery = { version: "3.0.0", url: receiver.url };
  const body = JSON.stringify({ name: "Balances", trigger_on: "balances#update", delivery });
  const { id } = (await (await simulator.fetch(path, { method: "POST", headers, body })).json()) as { id: string };
  await new KioskSubscriptions(options).sendTest(id);
  await simulator.settled();
  const tests = receiver.received.splice(0);
  await new KioskSubscriptions(options).create({ url: receiver.url });
  simulator.card(CARD).produce();
  await simulator.settled();
  for (const received of [tests, receiver.received]) {
    expect(received.map((each) => JSON.parse(each.body).sent_at)).toEqual([NOW, "2026-01-01T12:00:00.251Z"]);
  }
  expect(tests.map((each) => each.headers["x-test-notification"])).toEqual(["true", "true"]);
});

it("redeliver() delivers with another sent_at, even if the clock is stopped", () => {
  const simulator = simulatorWith({ now: NOW });
  simulator.card(CARD).produce();
  simulator.redeliver();
  const times = simulator.deliveries.map(({ body }) => JSON.parse(body).sent_at);
  expect(times).toEqual([NOW, "2026-01-01T12:00:00.251Z"]);
});

it.each<[string, (simulator: ReturnType<typeof simulatorWith>) => void]>([
  ["a body of deliver()", (simulator) => simulator.deliver({ mine: true })],
  [
    "a delivery that a test has changed",
    (simulator) => {
      const held = simulator.holdDeliveries();
      simulator.card(CARD).produce();
      held.release((deliveries) => deliveries.map((each) => ({ ...each, body: `${each.body} ` })));
    },
  ],
  [
    "a delivery that a test has made up",
    (simulator) => simulator.holdDeliveries().release(() => [{ deliveryId: "mine", body: "{}", headers: {} }]),
  ],
])("%s is sent again as it is", async (_what, deliver) => {
  const simulator = simulatorWith();
  const receiver = await startReceiver({ refusals: 2 });
  const target = simulator.deliverTo(receiver.url, { retryDelayMs: 0 });
  deliver(simulator);
  await target.settled();
  target.stop();
  expect(receiver.received).toHaveLength(3);
  const sent = receiver.received.map(({ body, headers }) => [body, headers["x-signature-sha256"]]);
  const [first] = simulator.deliveries;
  for (const each of sent) expect(each).toEqual([first?.body, first?.headers["X-Signature-SHA256"]]);
});

it.each([
  ["a line break in a header", { "X-Signature-SHA256": "a\nb" }, "ERR_INVALID_CHAR"],
  ["a header that is not Latin-1", { "X-Signature-SHA256": "€" }, "ERR_INVALID_CHAR"],
  ["an invalid header name", { "X Signature": "a" }, "ERR_INVALID_HTTP_TOKEN"],
])("a released delivery with %s fails every attempt and stops no later one", async (_what, headers, failure) => {
  const simulator = simulatorWith();
  const receiver = await startReceiver({ refusals: 0 });
  await new KioskSubscriptions(simulator.subscriptionOptions()).create({ url: `${receiver.url}subscribed` });
  const target = simulator.deliverTo(receiver.url, { maxAttempts: 2, retryDelayMs: 0 });
  const held = simulator.holdDeliveries();
  simulator.card(CARD).produce();
  held.release((deliveries) => deliveries.map((each) => ({ ...each, headers: { ...each.headers, ...headers } })));
  await target.settled();
  expect(target.attempts.map((each) => each.failure)).toEqual([failure, failure]);
  simulator.card(CARD).complete();
  await vi.waitFor(() => expect(receiver.received.map(parseStatus)).toEqual(["PRODUCED", "PRODUCED"]));
  simulator.reset();
});

it("a released delivery leaves out a header that is undefined", async () => {
  const simulator = simulatorWith();
  const receiver = await startReceiver({ refusals: 0 });
  const target = simulator.deliverTo(receiver.url);
  const held = simulator.holdDeliveries();
  simulator.card(CARD).produce();
  const unsigned = { "X-Signature-SHA256": undefined as unknown as string };
  held.release((deliveries) => deliveries.map((each) => ({ ...each, headers: { ...each.headers, ...unsigned } })));
  await target.settled();
  expect(receiver.received).toMatchObject([{ headers: { "x-delivery-id": expect.any(String) } }]);
  expect(receiver.received[0]?.headers).not.toHaveProperty("x-signature-sha256");
});

it.each<[string, Parameters<typeof vi.useFakeTimers>[0]]>([
  ["everything", {}],
  ["timers alone", { toFake: ["setTimeout", "clearTimeout"] }],
])("a target tries again, and measures attempts, in real time under mocks of %s", async (_mocked, config) => {
  const receiver = await startReceiver({ refusals: 2, waitMs: 20 });
  vi.useFakeTimers(config);
  const simulator = simulatorWith();
  const target = simulator.deliverTo(receiver.url);
  simulator.card(CARD).produce();
  await target.settled();
  target.stop();
  expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual([503, 503, 200]);
  for (const { durationMs } of target.attempts) expect(durationMs).toBeGreaterThan(0);
});

it("a delivery that a listener causes reaches every listener and target after the one that caused it", async () => {
  const simulator = simulatorWith();
  const receiver = await startReceiver({ refusals: 0 });
  const later: string[] = [];
  simulator.onDelivery((delivery) => {
    if (parseStatus(delivery) !== "IN_PROGRESS") return;
    simulator.card(CARD).complete();
    expect(simulator.deliveries.map(parseStatus)).toEqual(["IN_PROGRESS", "PRODUCED"]);
  });
  simulator.onDelivery((delivery) => later.push(parseStatus(delivery)));
  const target = simulator.deliverTo(receiver.url);
  simulator.card(CARD).produce();
  expect(later).toEqual(["IN_PROGRESS", "PRODUCED"]);
  await target.settled();
  target.stop();
  expect(receiver.received.map(parseStatus)).toEqual(["IN_PROGRESS", "PRODUCED"]);
});

it("a delivery that a listener causes is dropped if the listener resets the simulator", () => {
  const simulator = simulatorWith();
  const seen: string[] = [];
  simulator.onDelivery((delivery) => {
    seen.push(parseStatus(delivery));
    if (parseStatus(delivery) !== "IN_PROGRESS") return;
    simulator.card(CARD).complete();
    simulator.reset();
  });
  simulator.card(CARD).produce();
  expect([seen, simulator.deliveries]).toEqual([["IN_PROGRESS"], []]);
  simulator.card(CARD).ready();
  expect(seen).toEqual(["IN_PROGRESS", "READY"]);
});

it("whoever changes a delivery changes it for no one else", () => {
  const simulator = simulatorWith();
  const spoil = ({ headers }: WebhookDelivery) => void delete headers["X-Signature-SHA256"];
  const seen: WebhookDelivery[] = [];
  simulator.onDelivery(spoil);
  simulator.onDelivery((delivery) => seen.push(delivery));
  simulator.card(CARD).produce();
  simulator.deliveries.forEach(spoil);
  for (const { headers } of [...seen, ...simulator.deliveries]) expect(headers).toHaveProperty("X-Signature-SHA256");
  const outbox = new WebhookOutbox();
  const { release } = outbox.hold();
  outbox.notify(() => "{}");
  outbox.held?.forEach(spoil);
  release();
  expect(outbox.deliveries[0]?.headers).toHaveProperty("X-Signature-SHA256");
});
