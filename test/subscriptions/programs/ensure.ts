import { createClientCredentialsToken, KioskSubscriptions } from "wise-card-kiosk/subscriptions";

/** Sets up the webhook, and prints the id of the subscription and whether this process created it. */
const { WISE_URL: baseUrl = "", RECEIVER_URL: url = "" } = process.env;
const token = createClientCredentialsToken({ baseUrl, clientId: "client-1", clientSecret: crypto.randomUUID() });
const { subscription, created } = await new KioskSubscriptions({ baseUrl, clientKey: "your-bank", token }).ensure({
  url,
});
process.stdout.write(`${subscription.id} ${created}`);
