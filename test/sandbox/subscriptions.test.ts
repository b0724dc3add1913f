import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { DEFAULT_CARDS } from "../../src/sandbox/default-state.js";
import { createClientCredentialsToken, KioskSubscriptions } from "../../src/subscriptions/index.js";
import { KioskWebhooks } from "../../src/webhooks/index.js";
import { nodeListener } from "../../src/webhooks/node.js";
import { startHttpServer } from "../support/http-server.js";
import { type RunningSandbox, startSandbox } from "../support/running-sandbox.js";

function subscriptionsAt({ url: baseUrl }: RunningSandbox, clientSecret: string): KioskSubscriptions {
  const token = createClientCredentialsToken({ baseUrl, clientId: "your-bank", clientSecret });
  return new KioskSubscriptions({ baseUrl, clientKey: "your-bank", token });
}

it("the sandbox delivers to a subscription that ensure has created, and shows the response of the receiver", async () => {
  await using sandbox = await startSandbox();
  const { body: state } = await sandbox.control("GET", "/state");
  const statuses: (string | null)[] = [];
  const webhooks = new KioskWebhooks({ publicKeys: [state.publicKey], clientIds: ["your-bank"] });
  const receive = webhooks.handler({ onProduction: ({ production }) => void statuses.push(production.status) });
  const receiver = createServer(nodeListener(receive)).listen(0, "127.0.0.1");
  onTestFinished(() => void receiver.close());
  await once(receiver, "listening");
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;

  const subscriptions = subscriptionsAt(sandbox, "any");
  const { subscription, created } = await subscriptions.ensure({ url });
  expect(created).toBe(true);
  await sandbox.print(DEFAULT_CARDS[0]);

  await expect.poll(() => statuses).toEqual(["IN_PROGRESS"]);
  const toReceiver = async () => {
    const { body } = await sandbox.control("GET", "/deliveries");
    return body.sent.filter((sent: { readonly url: string | null }) => sent.url === url);
  };
  await expect.poll(toReceiver).toMatchObject([{ attempts: [{ attempt: 1, httpStatus: 200 }] }]);
  expect((await subscriptions.ensure({ url })).subscription.id).toBe(subscription.id);
});

it("a sandbox that stops gives up its deliveries, to its receiver and to subscribed URLs", async () => {
  const closed: Promise<unknown>[] = [];
  await using receiver = await startHttpServer((response) => void closed.push(once(response, "close")));
  const sandbox = await startSandbox({ webhookUrl: receiver.url });
  await subscriptionsAt(sandbox, "any").ensure({ url: `${receiver.url}/` });
  await sandbox.print(DEFAULT_CARDS[0]);
  await expect.poll(() => closed.length).toBe(2);
  expect(await sandbox.stop()).toBe(0);
  await Promise.all(closed);
  expect(sandbox.output.join("")).not.toContain("no response (timeout)");
});

it("the sandbox shows no credentials of a misdirected request for a token, neither in its lines nor in its journal", async () => {
  await using sandbox = await startSandbox({ json: true });
  const body = new URLSearchParams({ grant_type: "refresh_token", refresh_token: "s3cret", client_secret: "s3cret" });
  await fetch(`${sandbox.url}/v1/oauth/token?client_secret=s3cret`, { method: "POST", body });
  await fetch(`${sandbox.url}/oauth/token?client_secret=s3cret`, { method: "PUT", body });
  await expect.poll(() => sandbox.output.join("")).toContain("/v1/oauth/token?[hidden]");
  const { body: requests } = await sandbox.control("GET", "/requests");
  expect(requests).toMatchObject([
    { path: "/v1/oauth/token?[hidden]", body: "grant_type=refresh_token", response: { status: 404 } },
    { path: "/oauth/token?[hidden]", body: "grant_type=refresh_token", response: { status: 405 } },
  ]);
  expect(JSON.stringify([requests, sandbox.output])).not.toContain("s3cret");
});

it("a sandbox that is open to the network issues tokens for subscriptions only with its own token as the secret", async () => {
  await using open = await startSandbox({ host: "0.0.0.0", token: "own:token" });
  const refused = await fetch(`${open.url}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa("your-bank:any")}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  expect(refused.status).toBe(401);
  expect(await refused.json()).toMatchObject({ error: "invalid_grant" });
  expect(await subscriptionsAt(open, open.token).list()).toEqual([]);
});

it("more than 500 held deliveries are released to their own receivers, and the listed ones can be delivered again", async () => {
  await using subscribed = await startHttpServer((response) => response.end());
  await using receiver = await startHttpServer((response) => response.end());
  await using sandbox = await startSandbox({ webhookUrl: receiver.url });
  await subscriptionsAt(sandbox, "any").ensure({ url: `${subscribed.url}/` });
  await sandbox.control("POST", "/deliveries/hold");
  const { cardToken } = DEFAULT_CARDS[0];
  for (let count = 0; count < 8; count += 1) {
    await Promise.all(Array.from({ length: 50 }, () => sandbox.control("POST", `/cards/${cardToken}/ready`)));
  }
  const { body: released } = await sandbox.control("POST", "/deliveries/release");
  expect(released.sent).toHaveLength(500);
  const counts = () => [subscribed.requests.length, receiver.requests.length];
  await expect.poll(counts, { timeout: 20_000 }).toEqual([400, 400]);

  for (const { deliveryId } of [released.sent.at(0), released.sent.at(-1)]) {
    expect((await sandbox.control("POST", `/deliveries/${deliveryId}/redeliver`)).status).toBe(200);
  }
  await expect.poll(counts).toEqual([401, 401]);
});

it("a delivery that is listed because it went out again can be delivered once more", async () => {
  await using sandbox = await startSandbox();
  const { cardToken } = DEFAULT_CARDS[0];
  const change = () => sandbox.control("POST", `/cards/${cardToken}/ready`);
  for (let count = 0; count < 10; count += 1) await Promise.all(Array.from({ length: 50 }, change));
  const [{ deliveryId }] = (await sandbox.control("GET", "/deliveries")).body.sent;
  const redeliver = () => sandbox.control("POST", `/deliveries/${deliveryId}/redeliver`);
  expect((await redeliver()).status).toBe(200);
  await change();
  expect((await redeliver()).status).toBe(200);
});
