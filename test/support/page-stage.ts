import type { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import tls from "node:tls";
import { PGlite } from "@electric-sql/pglite";
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from "undici";
import { vi } from "vitest";
import { type Production, type TokenProvider, WiseKioskClient } from "wise-card-kiosk";
import {
  memoryPrintJobStore,
  POSTGRES_PRINT_JOBS_SQL,
  type PostgresDatabase,
  PrintJobs,
} from "wise-card-kiosk/print-jobs";
import type { KioskSimulator } from "wise-card-kiosk/testing";
import { type KioskProductionEvent, KioskWebhooks, type ProductionState } from "wise-card-kiosk/webhooks";
import { makeAuthority } from "./certificates.js";
import { openWiseWithTokens } from "./wise-with-tokens.js";

const PAGE_SUBSCRIPTION_ID = "72195556-e5cb-495e-a010-b37a4f2a3043";
const ACCESS_TOKEN = "access-token";

const certificate = makeAuthority().issue("your-bank");

/** What pages use of a `Pool` of `pg`. */
interface PagePool extends PostgresDatabase {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
  connect(): Promise<Pick<PagePool, "query"> & { release(isClosed?: boolean): void }>;
  on(event: "error", listener: (error: Error) => unknown): unknown;
  on(event: "connect", listener: (connection: Pick<EventEmitter, "on">) => unknown): unknown;
}

/** The names that pages use without declaring them. They come from an earlier block or from the reader's own program. */
interface PageNames {
  readonly kiosk: WiseKioskClient;
  readonly simulator: KioskSimulator;
  readonly card: { readonly profileId: number; readonly cardToken: string };
  readonly jobs: PrintJobs;
  readonly pool: PagePool;
  readonly token: string | TokenProvider;
  readonly screen: { confirm(question: string): Promise<void> };
  readonly customers: {
    loadRefreshToken(profileId: string): string;
    saveRefreshToken(profileId: string, refreshToken: string): Promise<void>;
  };
  readonly events: AsyncIterable<KioskProductionEvent>;
  store(event: KioskProductionEvent): Promise<void>;
  saveState(state: ProductionState): Promise<void>;
  readonly event: KioskProductionEvent;
  readonly stored: ProductionState | null;
  readonly nextKey: string;
  readonly subscriptionIds: readonly string[];
}

/** What the programs of a page need: Wise behind a real HTTP server, and everything that the reader would have. */
export interface PageStage extends AsyncDisposable {
  /** The values of the names. */
  readonly names: PageNames;
  /** The events that `store` has received. */
  readonly received: readonly KioskProductionEvent[];
}

/**
 * Sets the stage. Requests to a Wise host arrive at a simulator. Its kiosk fails the first print of the card and completes the
 * second.
 */
export async function setPageStage(): Promise<PageStage> {
  const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
  const wise = await openWiseWithTokens({
    cards: [{ ...card, outcomes: ["PRD_HOPPER_JAM", "PRODUCED"] }],
    acceptsToken: (token, { profileId }) => token === ACCESS_TOKEN || token === wise.accessTokens.get(profileId),
    // Longer than the client waits before it reads again.
    productionDelayMs: 1000,
    webhooks: { subscriptionId: PAGE_SUBSCRIPTION_ID },
  });
  const { simulator } = wise;
  const stopListening = redirectWiseTo(wise.url);
  vi.spyOn(tls, "connect").mockImplementation(() => {
    throw new Error("A program of the documentation must not connect to another machine");
  });
  const env = {
    WISE_API_TOKEN: ACCESS_TOKEN,
    WISE_CLIENT_ID: "your-bank",
    WISE_CLIENT_SECRET: "client-secret",
    WISE_MTLS_CERT: certificate.cert,
    WISE_MTLS_KEY: certificate.key,
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);

  const webhooks = new KioskWebhooks(simulator.webhookOptions());
  const events = new PassThrough({ objectMode: true });
  const kiosk = new WiseKioskClient({ environment: "sandbox", token: ACCESS_TOKEN });
  const jobs = new PrintJobs({ client: kiosk, store: memoryPrintJobStore() });
  const database = openDatabaseWhenUsed();
  simulator.onDelivery(({ body, headers }) => {
    webhooks
      .unwrap(body, headers)
      .then(async (event) => {
        events.write(event);
        if ("production" in event) await jobs.apply(event);
      })
      .catch((error) => events.destroy(error));
  });
  const received: KioskProductionEvent[] = [];
  const names: PageNames = {
    kiosk,
    simulator,
    card,
    jobs,
    pool: database.pool,
    token: ACCESS_TOKEN,
    screen: { confirm: async () => {} },
    customers: {
      loadRefreshToken: (profileId) => `refresh-${profileId}-1`,
      saveRefreshToken: async () => {},
    },
    events,
    store: async (event) => void received.push(event),
    saveState: async () => {},
    event: productionEvent({ ...card, production: simulator.card(card.cardToken).production as Production }),
    stored: null,
    nextKey: simulator.publicKey,
    subscriptionIds: [PAGE_SUBSCRIPTION_ID],
  };
  return {
    names,
    received,
    async [Symbol.asyncDispose]() {
      stopListening();
      await database[Symbol.asyncDispose]();
      await wise[Symbol.asyncDispose]();
    },
  };
}

/** A PostgreSQL with the table of print jobs. It starts with the first statement, because most programs have none. */
function openDatabaseWhenUsed(): AsyncDisposable & { readonly pool: PagePool } {
  let starting: Promise<PGlite> | undefined;
  const start = async () => {
    const database = await PGlite.create();
    await database.query(POSTGRES_PRINT_JOBS_SQL);
    return database;
  };
  const query: PagePool["query"] = async (text, values) => {
    starting ??= start();
    return (await starting).query(text, values);
  };
  return {
    pool: { query, connect: async () => ({ query, release: () => {} }), on: () => {} },
    async [Symbol.asyncDispose]() {
      await (await starting)?.close();
    },
  };
}

/** Makes undici's global dispatcher connect to this URL instead of a Wise host. Returns a function that undoes it. */
function redirectWiseTo(url: string): () => void {
  const before = getGlobalDispatcher();
  const hosts = /^https:\/\/([a-z-]+\.)?(wise|transferwise|wise-sandbox)\.com$/;
  const agent = new Agent().compose((dispatch) => (options, handler) => {
    const isWise = hosts.test(String(options.origin));
    return dispatch(isWise ? { ...options, origin: url } : options, handler);
  });
  setGlobalDispatcher(agent);
  return () => {
    setGlobalDispatcher(before);
    void agent.destroy();
  };
}

function productionEvent(
  event: Pick<KioskProductionEvent, "profileId" | "cardToken" | "production">,
): KioskProductionEvent {
  return {
    type: "cards#card-production-status-change",
    subscriptionId: PAGE_SUBSCRIPTION_ID,
    schemaVersion: "4.0.0",
    sentAt: new Date().toISOString(),
    clientId: "your-bank",
    deliveryId: null,
    isTest: false,
    ...event,
  };
}
