import { Agent, MockAgent, ProxyAgent } from "undici";
import {
  type CallOptions,
  createRefreshingToken,
  type Production,
  type ProductionIntent,
  type ReconciledIntent,
  type TokenProvider,
  WiseKioskClient,
} from "wise-card-kiosk";
import type { KioskWebhookEvent } from "wise-card-kiosk/webhooks";
import type { Equal, Expect } from "./equal.js";

const token: TokenProvider = ({ profileId, operation, rejectedToken, signal }) => {
  signal?.throwIfAborted();
  return Promise.resolve(`${profileId} ${operation} ${rejectedToken ?? ""}`);
};

export const kiosk = new WiseKioskClient({ environment: "sandbox", token });

export const taken = [
  new WiseKioskClient({ environment: "production", token: "token", apiVersion: "2026Q3", maxRetries: 0 }),
  new WiseKioskClient({ baseUrl: new URL("http://127.0.0.1"), token, fetch: globalThis.fetch }),
  new WiseKioskClient({ baseUrl: "http://127.0.0.1", token, dispatcher: new Agent() }),
  new WiseKioskClient({ environment: "sandbox", token, dispatcher: new MockAgent() }),
  new WiseKioskClient({ environment: "sandbox", token, dispatcher: new ProxyAgent("http://127.0.0.1") }),
  new WiseKioskClient({ environment: "sandbox", token, mtls: { cert: "", key: new Uint8Array() } }),
  new WiseKioskClient({ environment: "sandbox", token, onExchange: ({ operation }) => void operation }),
];

export const refused = [
  // @ts-expect-error An environment or a base URL is needed.
  new WiseKioskClient({ token }),
  // @ts-expect-error A token is needed.
  new WiseKioskClient({ environment: "sandbox" }),
  // @ts-expect-error There is no such environment.
  new WiseKioskClient({ environment: "staging", token }),
  // @ts-expect-error A year has four quarters.
  new WiseKioskClient({ environment: "sandbox", token, apiVersion: "2026Q5" }),
  // @ts-expect-error A duration is a number of milliseconds.
  new WiseKioskClient({ environment: "sandbox", token, timeoutMs: "30s" }),
  // @ts-expect-error There is no such option.
  new WiseKioskClient({ environment: "sandbox", token, retries: 3 }),
  // @ts-expect-error A dispatcher has dispatch().
  new WiseKioskClient({ environment: "sandbox", token, dispatcher: {} }),
  // @ts-expect-error A token provider returns a string.
  new WiseKioskClient({ environment: "sandbox", token: () => 17 }),
];

declare const database: { query(text: string, values: unknown[]): Promise<{ readonly rowCount: number }> };

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };

export async function calls(options: CallOptions): Promise<void> {
  const production = await kiosk.produceCard({ ...card, kioskId: "WIS00001" }, options);
  await kiosk.produceCard({ ...card, profileId: "123456", kioskId: "WIS00001", previous: production });
  await kiosk.produceCard({ ...card, kioskId: "WIS00001", onIntent: async (intent) => void JSON.stringify(intent) });
  await kiosk.produceCard({ ...card, kioskId: "WIS00001", onIntent: (intent: ProductionIntent) => intent.requests });
  await kiosk.produceCard({ ...card, kioskId: "WIS00001", onIntent: undefined, previous: undefined });
  await kiosk.reconcileProduction(JSON.parse("{}"), options);
  await kiosk.getProductionStatus({ ...card, profileId: 123456n }, { signal: AbortSignal.timeout(1000) });
  await kiosk.simulateProductionStatus({ ...card, status: "PRODUCED" });
  await kiosk.simulateProductionStatus({ ...card, status: "PRODUCTION_ERROR", errorCode: "PRT_RIBBON_ENDED" });
  await kiosk.simulateProductionStatus({ ...card, status: "PRODUCTION_ERROR", errorCode: "NEW_AT_WISE" });
}

export async function misuse(): Promise<void> {
  // @ts-expect-error A kiosk is needed.
  await kiosk.produceCard(card);
  // @ts-expect-error A card is not an intent.
  await kiosk.reconcileProduction(card);
  // @ts-expect-error A profile id is needed.
  await kiosk.getProductionStatus({ ...card, profileId: null });
  // @ts-expect-error Only the end of a production can be simulated.
  await kiosk.simulateProductionStatus({ ...card, status: "IN_PROGRESS" });
  // @ts-expect-error A produced card has no error code.
  await kiosk.simulateProductionStatus({ ...card, status: "PRODUCED", errorCode: "PRT_RIBBON_ENDED" });
  // @ts-expect-error There is no such option.
  await kiosk.getProductionStatus(card, { timeout: 1000 });
}

export type Results = [
  Expect<Equal<Awaited<ReturnType<WiseKioskClient["produceCard"]>>, Production>>,
  Expect<Equal<Awaited<ReturnType<WiseKioskClient["getProductionStatus"]>>, Production>>,
  Expect<Equal<Awaited<ReturnType<WiseKioskClient["simulateProductionStatus"]>>, void>>,
  Expect<Equal<Awaited<ReturnType<WiseKioskClient["reconcileProduction"]>>, ReconciledIntent>>,
  Expect<Equal<ReconciledIntent["outcome"], "ours" | "not-taken" | "unknown">>,
];

export async function follows(events: AsyncIterable<KioskWebhookEvent>): Promise<Production | undefined> {
  const last: Production = await kiosk.waitForProduction(card, { until: ["PRODUCED"], maxWaitMs: 1000, events });
  await kiosk.waitForProduction(card, { previous: last, until: ({ status }) => status === "PRODUCED" });
  // @ts-expect-error There is no such status.
  await kiosk.waitForProduction(card, { until: ["DONE"] });
  await kiosk.waitForProduction(card, { onChange: ({ status }) => database.query("UPDATE …", [status]) });
  for await (const production of kiosk.watchProduction(card)) return production;
  return undefined;
}

export const refreshing: TokenProvider = createRefreshingToken({
  environment: "sandbox",
  clientId: "client",
  clientSecret: "secret",
  refreshToken: "refresh",
  // What a database returns is awaited, and ignored.
  onRefresh: ({ refreshToken }) => database.query("UPDATE …", [refreshToken]),
});

// @ts-expect-error Refreshed tokens must be stored.
createRefreshingToken({ environment: "sandbox", clientId: "client", clientSecret: "secret", refreshToken: "refresh" });
