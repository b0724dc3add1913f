import type * as z from "zod/mini";
import { type Decoded, decodeWithSchema } from "../decoding/decode-with-schema.js";
import { queuedNotificationsSchema, subscriptionBodySchema, subscriptionListSchema } from "../schemas/subscription.js";
import type { KioskSubscription, QueuedTestNotification } from "./kiosk-subscription.js";

/** Decodes a subscription from a parsed body. */
export function decodeSubscription(value: unknown): Decoded<KioskSubscription> {
  return mapValue(decodeWithSchema(subscriptionBodySchema, value), toSubscription);
}

/** Decodes a list of subscriptions from a parsed body. One that it shows twice, such as at the edge of two pages, counts once. */
export function decodeSubscriptionList(value: unknown): Decoded<readonly KioskSubscription[]> {
  return mapValue(decodeWithSchema(subscriptionListSchema, value), (list) => [
    ...new Map(list.map((body) => [body.id, toSubscription(body)])).values(),
  ]);
}

/** Decodes the test notifications that were queued from a parsed body. */
export function decodeQueuedNotifications(value: unknown): Decoded<readonly QueuedTestNotification[]> {
  return mapValue(decodeWithSchema(queuedNotificationsSchema, value), (queued) =>
    queued.map(({ delivery_id, created_at }) => ({ deliveryId: delivery_id, createdAt: created_at ?? null })),
  );
}

function mapValue<T, U>(decoded: Decoded<T>, toValue: (value: T) => U): Decoded<U> {
  return decoded.ok ? { ok: true, value: toValue(decoded.value) } : decoded;
}

function toSubscription(body: z.output<typeof subscriptionBodySchema>): KioskSubscription {
  const { id, name, trigger_on, delivery, scope, created_by, created_at } = body;
  return {
    id,
    name: name ?? null,
    triggerOn: trigger_on ?? null,
    delivery: {
      version: delivery?.version ?? null,
      url: delivery?.url ?? null,
      mtlsEnabled: delivery?.mtls_enabled ?? null,
    },
    scope: scope ? { domain: scope.domain ?? null, id: scope.id ?? null } : null,
    createdBy: created_by ? { type: created_by.type ?? null, id: created_by.id ?? null } : null,
    createdAt: created_at ?? null,
  };
}
