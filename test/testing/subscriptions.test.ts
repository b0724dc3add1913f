import { createServer } from "node:http";
import { fetch as undiciFetch } from "undici";
import { expect, it, onTestFinished } from "vitest";
import { createRefreshingToken, WiseKioskClient } from "wise-card-kiosk";
import { createClientCredentialsToken, KioskSubscriptions } from "wise-card-kiosk/subscriptions";
import { createKioskSimulator, type KioskSimulator } from "wise-card-kiosk/testing";
import { type KioskWebhookEvent, KioskWebhooks } from "wise-card-kiosk/webhooks";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import * as z from "zod";
import { startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection } from "../support/transports.js";

const PATH = "https://wise.invalid/v3/applications/your-bank/subscriptions";
const VALID = {
  name: "Kiosk production",
  trigger_on: "cards#card-production-status-change",
  delivery: { version: "4.0.0", url: "https://your.webhook.url/12345" },
};

/** Sends a request with a token of the application. */
async function send({ fetch, subscriptionOptions }: KioskSimulator, method: string, url: string, body?: unknown) {
  const headers = { authorization: `Bearer ${subscriptionOptions().token}` };
  const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await response.text();
  return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
}

it.each(["/v3", "/2026Q3"])(
  "the simulator responds to the five operations as documented, under %s",
  async (version) => {
    const simulator = createKioskSimulator({ now: "2019-10-10T13:55:57.250Z" });
    const path = PATH.replace("/v3", version);
    const created = await send(simulator, "POST", path, VALID);
    const { id } = created.body;
    const scope = { domain: "application", id: "your-bank" };
    const createdBy = { type: "application", id: "your-bank" };
    const expected = { ...VALID, id, scope, created_by: createdBy, created_at: "2019-10-10T13:55:57Z" };
    expect(created).toEqual({ status: 200, body: expected });
    expect(await send(simulator, "GET", `${path}/${id}`)).toEqual({ status: 200, body: expected });
    const { created_at: _time, ...listed } = expected;
    expect(await send(simulator, "GET", path)).toEqual({ status: 200, body: [listed] });
    expect(await send(simulator, "POST", `${path}/${id}/test-notifications`)).toEqual({
      status: 200,
      body: [{ delivery_id: expect.stringMatching(/^[0-9a-f-]{36}$/), created_at: "2019-10-10T13:55:57Z" }],
    });
    expect(await send(simulator, "DELETE", `${path}/${id}`)).toEqual({ status: 204, body: undefined });
    for (const [method, suffix] of [
      ["GET", ""],
      ["DELETE", ""],
      ["POST", "/test-notifications"],
    ] as const) {
      expect((await send(simulator, method, `${path}/${id}${suffix}`)).status).toBe(404);
    }
    const operations = simulator.requests.slice(0, 5).map(({ operation }) => operation);
    expect(operations).toEqual([
      "createSubscription",
      "getSubscription",
      "listSubscriptions",
      "sendTestNotification",
      "deleteSubscription",
    ]);
  },
);

it.each([
  ["without a body", undefined, "name"],
  ["without a name", { ...VALID, name: undefined }, "name"],
  ["without an event", { ...VALID, trigger_on: undefined }, "trigger_on"],
  ["without a version", { ...VALID, delivery: { url: VALID.delivery.url } }, "delivery.version"],
  [
    "with an unknown version of the kiosk event",
    { ...VALID, delivery: { ...VALID.delivery, version: "9.0.0" } },
    "delivery.version",
  ],
  [
    "with a URL that Wise does not accept",
    { ...VALID, delivery: { ...VALID.delivery, url: "http://bank.example" } },
    "delivery.url",
  ],
])("the simulator refuses a subscription %s", async (_what, body, path) => {
  const refused = await send(createKioskSimulator(), "POST", PATH, body);
  expect(refused.status).toBe(400);
  if (body !== undefined) expect(refused.body.errors).toMatchObject([{ path }]);
});

it("the simulator says in English what is wrong with a subscription, in whatever language the process configured zod", async () => {
  const { localeError } = z.config();
  onTestFinished(() => void z.config({ localeError }));
  z.config(z.locales.de());
  const body = { name: " ", delivery: { version: "4", url: 7 } };
  const { body: refusal } = await send(createKioskSimulator(), "POST", PATH, body);
  const messages = (refusal.errors as { path: string; message: string }[]).map(({ path, message }) => [path, message]);
  expect(messages).toEqual([
    ["name", "expected text that is not blank"],
    ["trigger_on", "Invalid input: expected string, received undefined"],
    ["delivery.version", "expected a version such as 4.0.0"],
    ["delivery.url", "Invalid input: expected string, received number"],
  ]);
});

it("a list shows when subscriptions were created, if that is assumed", async () => {
  const simulator = createKioskSimulator({ assumptions: { listShowsCreatedAt: true } });
  await send(simulator, "POST", PATH, VALID);
  expect((await send(simulator, "GET", PATH)).body).toMatchObject([{ created_at: expect.any(String) }]);
});

it("the simulator refuses the token of a customer for subscriptions, and the token of the application for a card", async () => {
  const simulator = createKioskSimulator({ cards: [CARD] });
  const { token: clientToken, ...options } = simulator.subscriptionOptions();
  const { token: userToken, ...clientOptions } = simulator.clientOptions();
  const subscriptions = new KioskSubscriptions({ ...options, token: userToken });
  expect(await catchRejection(subscriptions.list())).toMatchObject({ httpStatus: 401, errorCode: "invalid_token" });
  const kiosk = new WiseKioskClient({ ...clientOptions, token: clientToken });
  expect(await catchRejection(kiosk.getProductionStatus(CARD))).toMatchObject({ httpStatus: 401 });
  const other = new KioskSubscriptions({ ...options, token: clientToken, clientKey: "other-bank" });
  expect(await catchRejection(other.list())).toMatchObject({ httpStatus: 403 });
});

it("a token of the application expires after 12 hours, and a new one is requested", async () => {
  const simulator = createKioskSimulator({ now: "2026-01-01T12:00:00Z" });
  const { fetch, baseUrl, clientKey } = simulator.subscriptionOptions();
  const token = createClientCredentialsToken({ baseUrl, clientId: "any", clientSecret: "any-secret", fetch });
  const subscriptions = new KioskSubscriptions({ baseUrl, clientKey, token, fetch });
  await subscriptions.list();
  simulator.advanceTime(12 * 60 * 60_000);
  await subscriptions.list();
  const issued = simulator.requests.filter(({ operation }) => operation === "requestToken");
  expect(issued).toHaveLength(2);
  expect(JSON.stringify(simulator.requests)).not.toContain("client-credentials-");
  expect(JSON.stringify(simulator.requests)).not.toContain("any-secret");
});

it.each([
  ["without credentials", {}, "grant_type=client_credentials", 401],
  ["without a grant type", { authorization: `Basic ${btoa("a:b")}` }, "", 400],
  [
    "for another grant",
    { authorization: `Basic ${btoa("a:b")}` },
    "grant_type=refresh_token&refresh_token=secret",
    400,
  ],
])("the token endpoint of the simulator refuses a request %s", async (_what, headers, body, status) => {
  const simulator = createKioskSimulator();
  const response = await simulator.fetch("https://wise.invalid/oauth/token", { method: "POST", headers, body });
  expect(response.status).toBe(status);
  expect(JSON.stringify(simulator.requests)).not.toContain("secret");
});

it("the simulator's dispatcher leaves a refresh of a customer's token to the network", async () => {
  await using network = await startHttpServer((response) => response.end('{"access_token":"refreshed"}'));
  const { dispatcher } = createKioskSimulator({ onUnhandledRequest: "bypass" });
  const credentials = { clientId: "a", clientSecret: "b", refreshToken: "refresh" };
  const token = createRefreshingToken({ baseUrl: network.url, ...credentials, dispatcher, onRefresh: () => {} });
  expect(await token({ profileId: "1", operation: "produceCard" })).toBe("refreshed");
  const own = createClientCredentialsToken({ baseUrl: network.url, clientId: "a", clientSecret: "b", dispatcher });
  expect(await own({ clientKey: "your-bank", operation: "listSubscriptions" })).toMatch(/^client-credentials-/);
});

it.each([
  ["Node.js", fetch],
  ["undici", undiciFetch as unknown as typeof fetch],
])(
  "the simulator's dispatcher knows the grant in a body that the fetch of %s streams",
  async (_name, fetchOfRuntime) => {
    await using network = await startHttpServer((response) => response.end('{"access_token":"refreshed"}'));
    for (const onUnhandledRequest of ["bypass", "error"] as const) {
      const { dispatcher } = createKioskSimulator({ onUnhandledRequest });
      const send = (input: string, init: object) => fetchOfRuntime(input, { ...init, dispatcher } as RequestInit);
      const credentials = { baseUrl: network.url, clientId: "a", clientSecret: "b", fetch: send as typeof fetch };
      const own = createClientCredentialsToken(credentials);
      expect(await own({ clientKey: "your-bank", operation: "listSubscriptions" })).toMatch(/^client-credentials-/);
      const refresh = { ...credentials, refreshToken: "refresh", onRefresh: () => {} };
      const refreshed = createRefreshingToken(refresh)({ profileId: "1", operation: "produceCard" });
      if (onUnhandledRequest === "bypass") expect(await refreshed).toBe("refreshed");
      else expect(await catchRejection(Promise.resolve(refreshed))).toMatchObject({ code: "ERR_CONNECTION" });
    }
    expect(network.requests.map(({ body }) => body)).toEqual(["grant_type=refresh_token&refresh_token=refresh"]);
  },
);

/** Starts a receiver on this machine that accepts the events of the simulator, whichever subscription they belong to. */
async function startReceiver(simulator: KioskSimulator) {
  const events: KioskWebhookEvent[] = [];
  const { publicKeys } = simulator.webhookOptions();
  const webhooks = new KioskWebhooks({ publicKeys, clientIds: ["your-bank"] });
  const server = createServer(nodeListener(webhooks.handler({ onProduction: (event) => void events.push(event) })));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}/wise`, events };
}

it("the simulator delivers to each subscribed URL on this machine, in the version of the subscription", async () => {
  const simulator = createKioskSimulator({ cards: [CARD] });
  const [first, second] = [await startReceiver(simulator), await startReceiver(simulator)];
  const subscriptions = new KioskSubscriptions(simulator.subscriptionOptions());
  const one = await subscriptions.create({ url: first.url });
  const two = await subscriptions.create({ url: second.url, version: "2.0.0" });
  simulator.card(CARD.cardToken).produce().complete();
  await simulator.settled();
  const seen = ({ events }: { events: readonly KioskWebhookEvent[] }) =>
    events.map((event) => [
      event.subscriptionId,
      event.schemaVersion,
      event.type !== "other" && event.production.status,
    ]);
  expect(seen(first)).toEqual([
    [one.id, "4.0.0", "IN_PROGRESS"],
    [one.id, "4.0.0", "PRODUCED"],
  ]);
  expect(seen(second)).toEqual([
    [two.id, "2.0.0", "IN_PROGRESS"],
    [two.id, "2.0.0", "PRODUCED"],
  ]);
  await subscriptions.delete(two.id);
  simulator.card(CARD.cardToken).ready();
  await simulator.settled();
  expect([first.events.length, second.events.length]).toEqual([3, 2]);
  simulator.reset();
  simulator.card(CARD.cardToken).produce();
  await simulator.settled();
  expect(first.events).toHaveLength(3);
});

it("the simulator delivers a test notification, with the id that the response names", async () => {
  const simulator = createKioskSimulator();
  const receiver = await startReceiver(simulator);
  const subscriptions = new KioskSubscriptions(simulator.subscriptionOptions());
  const { id } = await subscriptions.create({ url: receiver.url });
  const [queued] = await subscriptions.sendTest(id);
  await simulator.settled();
  expect(receiver.events).toMatchObject([
    { isTest: true, profileId: 0, deliveryId: queued?.deliveryId, subscriptionId: id },
  ]);
});

it("a subscription to another event gets test notifications of that event, and no changes of cards", async () => {
  const simulator = createKioskSimulator({ cards: [CARD], now: "2026-01-01T12:00:00Z" });
  const other = { ...VALID, trigger_on: "balances#update", delivery: { ...VALID.delivery, version: "3.0.0" } };
  const { id } = (await send(simulator, "POST", PATH, other)).body;
  simulator.card(CARD.cardToken).produce();
  expect(simulator.deliveries).toHaveLength(1);
  await send(simulator, "POST", `${PATH}/${id}/test-notifications`);
  expect(JSON.parse(simulator.deliveries[1]?.body ?? "")).toEqual({
    schema_version: "3.0.0",
    subscription_id: id,
    event_type: "balances#update",
    sent_at: "2026-01-01T12:00:00.000Z",
    data: {},
  });
});

it("a test notification that is delivered again has the time of its sending", async () => {
  const simulator = createKioskSimulator({ now: "2026-01-01T12:00:00Z" });
  const subscriptions = new KioskSubscriptions(simulator.subscriptionOptions());
  const { id } = await subscriptions.create({ url: "https://bank.example/wise" });
  await subscriptions.sendTest(id);
  simulator.advanceTime(60_000);
  simulator.redeliver();
  const [first, second] = simulator.deliveries.map(({ body }) => JSON.parse(body));
  expect(second.sent_at).not.toBe(first.sent_at);
  expect(second.data).toEqual(first.data);
});

it("the simulator records no token of an injected response, however its JSON is written", async () => {
  const simulator = createKioskSimulator();
  const body = '{ "access_token" : "secret-1", "refresh_token":\n"secret-2", "expires_in": 5 }';
  simulator.injectFault({ operation: "requestToken", fault: { httpStatus: 200, body } });
  const sent = { method: "POST", body: "grant_type=client_credentials" };
  await simulator.fetch("https://wise.invalid/oauth/token", sent);
  const recorded = simulator.requests[0]?.response?.body;
  expect(recorded).toContain("[hidden]");
  expect(recorded).not.toContain("secret");
});

it("the simulator records deliveries to other machines, and sends them nowhere", async () => {
  const simulator = createKioskSimulator({ cards: [CARD] });
  const subscriptions = new KioskSubscriptions(simulator.subscriptionOptions());
  const { id } = await subscriptions.create({ url: "https://bank.example/wise" });
  simulator.card(CARD.cardToken).produce();
  await simulator.settled();
  const ids = simulator.deliveries.map(({ body }) => JSON.parse(body).subscription_id);
  expect(ids).toEqual([...simulator.webhookOptions().subscriptionIds, id]);
});

it("a target of the simulator gets no deliveries of created subscriptions, even if they were held back", async () => {
  const simulator = createKioskSimulator({ cards: [CARD] });
  const [own, target] = [await startReceiver(simulator), await startReceiver(simulator)];
  const { id } = await new KioskSubscriptions(simulator.subscriptionOptions()).create({ url: own.url });
  const delivered = simulator.deliverTo(target.url);
  const held = simulator.holdDeliveries();
  simulator.card(CARD.cardToken).produce();
  held.release((deliveries) => deliveries.toReversed());
  await Promise.all([delivered.settled(), simulator.settled()]);
  expect(own.events.map(({ subscriptionId }) => subscriptionId)).toEqual([id]);
  expect(target.events.map(({ subscriptionId }) => subscriptionId)).toEqual(simulator.webhookOptions().subscriptionIds);
  delivered.stop();
});
