import { describe, expect, it, onTestFinished } from "vitest";
import { createClientCredentialsToken, KioskSubscriptions } from "wise-card-kiosk/subscriptions";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { startPrism } from "../support/prism.js";
import { catchRejection } from "../support/transports.js";

const DESCRIPTION = new URL("subscriptions-description.json", import.meta.url);
const UNKNOWN_ID = "01234567-89ab-cdef-0123-456789abcdef";

/** Each returns the URL of a server of the five operations and of the token endpoint. */
const SERVERS = {
  "the simulator": async () => {
    const server = await createKioskSimulator().listen();
    onTestFinished(() => server.close());
    return server.url;
  },
  "Prism with the description": async () => {
    const prism = await startPrism(DESCRIPTION);
    onTestFinished(() => prism[Symbol.asyncDispose]());
    return prism.url;
  },
  "the simulator behind Prism, which compares both directions with the description": async () => {
    const server = await createKioskSimulator().listen();
    const prism = await startPrism(DESCRIPTION, server.url);
    onTestFinished(async () => {
      await prism[Symbol.asyncDispose]();
      await server.close();
    });
    return prism.url;
  },
};

describe.each(Object.entries(SERVERS))("%s", (_name, start) => {
  it("responds to every operation on subscriptions as documented", { timeout: 120_000 }, async () => {
    const baseUrl = await start();
    const token = createClientCredentialsToken({ baseUrl, clientId: "your-client-id", clientSecret: "any-secret" });
    const subscriptions = new KioskSubscriptions({ baseUrl, clientKey: "your-bank", token, maxRetries: 0 });
    const created = await subscriptions.create({
      url: "https://your.webhook.url/12345",
      name: "Webhook Subscription #1",
    });
    expect(created).toMatchObject({
      name: "Webhook Subscription #1",
      triggerOn: "cards#card-production-status-change",
      delivery: { version: "4.0.0", url: "https://your.webhook.url/12345", mtlsEnabled: null },
      scope: { domain: "application", id: "your-bank" },
      createdBy: { type: "application" },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
    expect(await subscriptions.get(created.id)).toEqual(created);
    expect(await subscriptions.list()).toEqual([{ ...created, createdAt: null }]);
    expect(await subscriptions.sendTest(created.id)).toEqual([
      { deliveryId: expect.stringMatching(/^[0-9a-f-]{36}$/), createdAt: expect.any(String) },
    ]);
    await subscriptions.delete(created.id);
  });
});

it("Prism refuses what the description does not allow, so these tests can detect it", {
  timeout: 120_000,
}, async () => {
  await using prism = await startPrism(DESCRIPTION);
  const subscriptions = new KioskSubscriptions({
    baseUrl: prism.url,
    clientKey: "your-bank",
    token: "token",
    maxRetries: 0,
  });
  expect(await catchRejection(subscriptions.get("not-a-uuid"))).toMatchObject({ httpStatus: 422 });
  expect(await subscriptions.get(UNKNOWN_ID)).toMatchObject({ name: "Webhook Subscription #1" });
});
