import { WiseKioskClient } from "wise-card-kiosk";
import { createClientCredentialsToken, KioskSubscriptions } from "wise-card-kiosk/subscriptions";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";

const card = { profileId: 1, cardToken: "card" };
const simulator = createKioskSimulator({ cards: [card], onUnhandledRequest: "bypass" });
const server = await simulator.listen();
const { token } = simulator.clientOptions();
const kiosk = new WiseKioskClient({ baseUrl: server.url, token, maxRetries: 0 });
const outcomes = {};

outcomes.fetch = (await new WiseKioskClient(simulator.clientOptions()).getProductionStatus(card)).status;
outcomes["loopback server"] = (await kiosk.getProductionStatus(card)).status;

const faults = [
  "connection-refused",
  "connection-reset",
  "lost-response",
  "timeout",
  "malformed-json",
  "truncated-body",
];
for (const fault of [...faults, { httpStatus: 503 }]) {
  const injected = simulator.injectFault({ fault });
  const limit = fault === "timeout" ? { timeoutMs: 500 } : {};
  const failure = await kiosk.produceCard({ ...card, kioskId: "WIS00001" }, limit).catch((error) => error);
  outcomes[typeof fault === "string" ? fault : `HTTP ${fault.httpStatus}`] = [
    failure.code,
    failure.requestSent ?? null,
  ];
  injected.remove();
  simulator.card("card").ready();
}
outcomes["after the faults"] = (await kiosk.getProductionStatus(card)).status;

const { body, headers } = simulator.deliveries.at(-1);
outcomes.webhook = (await new KioskWebhooks(simulator.webhookOptions()).unwrap(body, headers)).production.status;
const target = simulator.deliverTo(`${server.url}/hook`, { retryDelayMs: 1 });
simulator.card("card").produce();
await target.settled();
outcomes.delivered = target.attempts.map(({ httpStatus }) => httpStatus);
target.stop();

const application = createClientCredentialsToken({ baseUrl: server.url, clientId: "client-1", clientSecret: "secret" });
const subscriptions = new KioskSubscriptions({ baseUrl: server.url, clientKey: "your-bank", token: application });
const { subscription, created } = await subscriptions.ensure({ url: `${server.url}/hook` });
await subscriptions.delete(subscription.id);
outcomes.subscribed = [created, (await subscriptions.list()).length];
await server.close();

outcomes.bypass = await new Promise((resolve) => {
  const onError = (error) => resolve(String(error.code ?? error));
  const handler = { onConnect() {}, onHeaders() {}, onData() {}, onComplete() {}, onError };
  simulator.dispatcher.dispatch({ origin: server.url, path: "/elsewhere", method: "GET" }, handler);
});
console.log(JSON.stringify(outcomes));
