import * as z from "zod";
import type { Production } from "../../production/production.js";
import { productionEventSchema } from "../../schemas/webhook-event.js";

/** A version of the event that Wise documents. In `2.0.0` times have whole seconds, in `4.0.0` milliseconds. */
export type WebhookSchemaVersion = "2.0.0" | "4.0.0";

/** How precise the times of a version are, in milliseconds. */
export function findPrecisionMs(schemaVersion: WebhookSchemaVersion): number {
  return schemaVersion === "2.0.0" ? 1000 : 1;
}

/** Whom the simulated Wise sends its webhooks to. */
export interface WebhookSubscription {
  readonly schemaVersion: WebhookSchemaVersion;
  readonly subscriptionId: string;
  readonly clientId: string;
}

/** The body of the event that reports the new status of a card. */
export function productionEventBody(
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
