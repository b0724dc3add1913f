import type { Pool } from "pg";
import { type Environment, WiseKioskClient } from "wise-card-kiosk";
import { type OnPrintJobChange, PrintJobs, postgresPrintJobStore } from "wise-card-kiosk/print-jobs";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";
import { findToken } from "./bank.js";

const {
  WISE_ENVIRONMENT = "sandbox",
  WISE_BASE_URL,
  WISE_TIMEOUT_MS = "10000",
  WISE_RECONCILE_WINDOW_MS = "10000",
  WISE_SUBSCRIPTION_ID = "",
  WISE_WEBHOOK_KEY,
} = process.env;

const environment = WISE_ENVIRONMENT as Environment;

/** How long a request may take, and how long a read may lag after it. Use shorter times only with a simulator. */
export const timing = { timeoutMs: Number(WISE_TIMEOUT_MS), reconcileWindowMs: Number(WISE_RECONCILE_WINDOW_MS) };

/** Creates the client and the print jobs. One client serves all customers, for the lifetime of the process. */
export function connectToWise(pool: Pool, onChange: OnPrintJobChange) {
  const client = new WiseKioskClient({
    environment,
    baseUrl: WISE_BASE_URL,
    token: ({ profileId }) => findToken(pool, profileId),
    ...timing,
  });
  const jobs = new PrintJobs({ client, store: postgresPrintJobStore(pool), onChange });
  return { client, jobs };
}

/** Verifies webhooks. `WISE_WEBHOOK_KEY` is the key of a simulator; without it, Wise's published key is used. */
export const webhooks = new KioskWebhooks({
  ...(WISE_WEBHOOK_KEY === undefined ? { environment } : { publicKeys: [WISE_WEBHOOK_KEY] }),
  subscriptionIds: [WISE_SUBSCRIPTION_ID],
});
