import { expect, it, onTestFinished } from "vitest";
import { KioskSubscriptions } from "wise-card-kiosk/subscriptions";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { runExample } from "../support/run-example.js";

it("examples/set-up-webhook.ts sets up the webhook once, and prints the same id each time", {
  timeout: 60_000,
}, async () => {
  const simulator = createKioskSimulator();
  const server = await simulator.listen();
  onTestFinished(() => server.close());
  const env = {
    WISE_BASE_URL: server.url,
    WISE_CLIENT_KEY: "your-bank",
    WISE_CLIENT_ID: "client-1",
    WISE_CLIENT_SECRET: "secret-of-client-1",
    WISE_WEBHOOK_URL: "https://bank.example/wise",
  };
  const [first, second] = [
    await runExample("set-up-webhook.ts", { env }),
    await runExample("set-up-webhook.ts", { env }),
  ];
  const [subscription] = await new KioskSubscriptions(simulator.subscriptionOptions()).list();
  const printed = { exitCode: 0, stderr: "", stdout: `WISE_SUBSCRIPTION_ID=${subscription?.id}\n` };
  expect([first, second]).toMatchObject([printed, printed]);
  const refused = await runExample("set-up-webhook.ts", { env: { ...env, WISE_WEBHOOK_URL: "http://bank.example" } });
  expect(refused).toMatchObject({ exitCode: 1, stdout: "" });
  expect(refused.stderr).toContain("must begin with https://");
  const body = '{"error":"invalid_grant"}';
  simulator.injectFault({ operation: "requestToken", fault: { httpStatus: 401, body } });
  const unknown = await runExample("set-up-webhook.ts", { env });
  expect(unknown).toMatchObject({ exitCode: 1, stdout: "" });
  expect(unknown.stderr).toMatch(/^KioskTokenError: .*: requestToken: Wise responded with HTTP 401: invalid_grant\n$/);
});
