import { type Environment, isKioskError } from "wise-card-kiosk";
import { createClientCredentialsToken, KioskSubscriptions } from "wise-card-kiosk/subscriptions";

/**
 * Sets up the webhook of a backend. Run it at every deployment: it finds the subscription, or creates it.
 *
 *     WISE_WEBHOOK_URL=https://bank.example/wise npx tsx examples/set-up-webhook.ts
 *
 * It prints `WISE_SUBSCRIPTION_ID=…`, which the backends of these examples read from their environment.
 */
const {
  WISE_ENVIRONMENT = "sandbox",
  WISE_BASE_URL,
  WISE_CLIENT_KEY = "",
  WISE_CLIENT_ID = "",
  WISE_CLIENT_SECRET = "",
  WISE_WEBHOOK_URL = "",
} = process.env;

try {
  const endpoint = { environment: WISE_ENVIRONMENT as Environment, baseUrl: WISE_BASE_URL };
  const token = createClientCredentialsToken({
    ...endpoint,
    clientId: WISE_CLIENT_ID,
    clientSecret: WISE_CLIENT_SECRET,
  });
  const subscriptions = new KioskSubscriptions({ ...endpoint, clientKey: WISE_CLIENT_KEY, token });
  const { subscription, others } = await subscriptions.ensure({ url: WISE_WEBHOOK_URL });
  console.log(`WISE_SUBSCRIPTION_ID=${subscription.id}`);
  for (const { id, delivery } of others) console.error(`Another subscription, ${id}, delivers to ${delivery.url}.`);
} catch (error) {
  const { name, message, cause } = error as Error;
  const because = cause instanceof Error ? `: ${cause.message}` : "";
  console.error((isKioskError(error) ? `${name}: ${message}` : message) + because);
  process.exitCode = 1;
}
