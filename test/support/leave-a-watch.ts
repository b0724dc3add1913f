/**
 * Watches a card, leaves the watch, and must then exit. Prints the statuses that it has seen, as JSON.
 *
 * Arguments: the base URL, what the watch is doing when it is left (`reading` or `waiting`), and how it is left (`return`, `abort`,
 * `end` or `abandon`).
 */
import { type KioskWebhookEvent, WiseKioskClient } from "wise-card-kiosk";

const [, , baseUrl = "", stuck = "", left = ""] = process.argv;
const card = { profileId: 1, cardToken: "card" };
const kiosk = new WiseKioskClient({ baseUrl, token: "token" });
const controller = new AbortController();

let reportProduced = () => {};

/** Yields an event for a produced card once `reportProduced` is called, and nothing until then. */
async function* events(): AsyncGenerator<KioskWebhookEvent> {
  await new Promise<void>((resolve) => {
    reportProduced = resolve;
  });
  const details = { kioskId: null, occurredAt: null, errorCode: null, description: null };
  const ids = { clientId: null, subscriptionId: null, schemaVersion: null, sentAt: null, deliveryId: null };
  const production = { status: "PRODUCED", ...details } as const;
  yield { type: "cards#card-production-status-change", ...card, production, ...ids, isTest: false };
}

const intervalMs = stuck === "reading" ? 20 : 600_000;
const states = kiosk.watchProduction(card, { intervalMs, events: events(), signal: controller.signal });
const seen = [(await states.next()).value?.status];
if (left !== "abandon") {
  const next = states.next();
  next.then(({ value }) => seen.push(value?.status)).catch(() => seen.push("left" as never));
  await new Promise((resolve) => setTimeout(resolve, 300));
  if (left === "return") await states.return?.();
  if (left === "abort") controller.abort();
  if (left === "end") reportProduced();
  await next.catch(() => {});
}
process.stdout.write(JSON.stringify(seen));
