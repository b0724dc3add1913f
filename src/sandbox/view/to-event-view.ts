import { toProfileId } from "../../production/profile-id.js";
import type { WebhookDelivery } from "../../testing/webhooks/webhook-delivery.js";
import type { SentDelivery } from "../state/delivery-log.js";
import type { DeliveryView, EventView } from "./view-schemas.js";

interface EventData {
  readonly status?: unknown;
  readonly error_code?: unknown;
  readonly resource?: { readonly profile_id?: unknown; readonly card_token?: unknown };
}

/** Returns an event as the control API shows it. */
export function toEventView({ deliveryId, body, headers }: WebhookDelivery): EventView {
  const { data }: { data: EventData } = JSON.parse(body);
  return {
    deliveryId,
    profileId: toProfileId(data.resource?.profile_id) ?? null,
    cardToken: textOrNull(data.resource?.card_token),
    status: textOrNull(data.status),
    errorCode: textOrNull(data.error_code),
    body,
    headers,
  };
}

/** Returns a delivery as the control API shows it. */
export function toDeliveryView({ delivery, at, url, attempts }: SentDelivery): DeliveryView {
  return {
    ...toEventView(delivery),
    at,
    url,
    attempts: attempts.map(({ at, attempt, httpStatus = null, failure = null, durationMs }) => ({
      at,
      attempt,
      httpStatus,
      failure,
      durationMs,
    })),
  };
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
