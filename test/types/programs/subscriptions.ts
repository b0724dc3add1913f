import { isKioskError, type TokenProvider, WiseKioskClient } from "wise-card-kiosk";
import {
  createClientCredentialsToken,
  type EnsuredSubscription,
  type KioskSubscription,
  KioskSubscriptions,
  type SubscriptionTokenProvider,
} from "wise-card-kiosk/subscriptions";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import type { Equal, Expect } from "./equal.js";

export type Ensured = [
  Expect<Equal<EnsuredSubscription["subscription"], KioskSubscription>>,
  Expect<Equal<KioskSubscription["createdAt"], string | null>>,
];

const credentials = { clientId: "client-1", clientSecret: "secret" };
const token: SubscriptionTokenProvider = createClientCredentialsToken({ environment: "sandbox", ...credentials });

export async function setsUp(userToken: TokenProvider): Promise<string | undefined> {
  const subscriptions = new KioskSubscriptions({ environment: "sandbox", clientKey: "your-bank", token });
  new KioskSubscriptions(createKioskSimulator().subscriptionOptions());
  // @ts-expect-error The token of a customer does not work for subscriptions.
  new KioskSubscriptions({ environment: "sandbox", clientKey: "your-bank", token: userToken });
  // @ts-expect-error The token of the application does not work for cards.
  new WiseKioskClient({ environment: "sandbox", token });
  // @ts-expect-error The URL is required.
  await subscriptions.ensure({ name: "Kiosks" });
  try {
    const { subscription } = await subscriptions.ensure({
      url: "https://bank.example",
      version: "5.0.0",
      name: undefined,
    });
    // @ts-expect-error A subscription does not change.
    subscription.name = "other";
    return subscription.id;
  } catch (error) {
    if (isKioskError(error) && error.code === "ERR_NOT_FOUND") return error.errorCode ?? undefined;
    throw error;
  }
}
