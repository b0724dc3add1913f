import * as z from "zod";
import type { Production } from "../../production/production.js";
import { productionEventSchema } from "../../schemas/webhook-event.js";
import { nearestDate } from "../../time/nearest-date.js";

/** A schema version of the event that Wise documents. Times have whole seconds in `2.0.0`, and milliseconds in `4.0.0`. */
export type WebhookSchemaVersion = "2.0.0" | "4.0.0";

/** Returns the precision of the times in a schema version, in milliseconds. */
export function findPrecisionMs(schemaVersion: WebhookSchemaVersion): number {
  return schemaVersion === "2.0.0" ? 1000 : 1;
}

/** The subscription that the simulator sends webhooks for. */
export interface WebhookSubscription {
  readonly schemaVersion: WebhookSchemaVersion;
  readonly subscriptionId: string;
  readonly clientId: string;
}

/**
 * Returns a function for the times at which an event is sent. Each one is later than the one before, even if the clock is stopped:
 * at Wise, a minute or more passes until an event is sent again.
 */
export function timesOfSending(clock: { readonly now: Date }, precisionMs: number): () => Date {
  let lastMs = Number.NEGATIVE_INFINITY;
  return () => {
    lastMs = Math.max(clock.now.getTime(), lastMs + precisionMs);
    return nearestDate(lastMs);
  };
}

/** Returns a function for the bodies of the event that reports the new status of a card, as JSON text. */
export function productionEventBodies(
  card: { readonly profileId: string; readonly cardToken: string },
  production: Production,
  subscription: WebhookSubscription,
  clock: { readonly now: Date },
): () => string {
  const sentAt = timesOfSending(clock, findPrecisionMs(subscription.schemaVersion));
  return () => productionEventBody(card, production, subscription, sentAt());
}

function productionEventBody(
  { profileId, cardToken }: { readonly profileId: string; readonly cardToken: string },
  production: Production,
  { schemaVersion, subscriptionId, clientId }: WebhookSubscription,
  sentAt: Date,
): string {
  const inVersion = (time: string) => (findPrecisionMs(schemaVersion) === 1 ? time : time.replace(/\.\d+(?=Z$)/, ""));
  const { occurredAt } = production;
  const body = z.encode(productionEventSchema, {
    schemaVersion,
    subscriptionId,
    sentAt: inVersion(sentAt.toISOString()),
    profileId: Number(profileId),
    cardToken,
    clientId,
    production: { ...production, occurredAt: occurredAt === null ? null : inVersion(occurredAt) },
  });
  return JSON.stringify(body);
}
