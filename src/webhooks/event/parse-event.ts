import { listIssues } from "../../decoding/decode-issues.js";
import { decodeWithSchema } from "../../decoding/decode-with-schema.js";
import type { DecodeIssue } from "../../errors/decode-error.js";
import { KioskWebhookPayloadError } from "../../errors/webhook-errors.js";
import {
  eventTypeSchema,
  PRODUCTION_EVENT_TYPE,
  productionEventBodySchema,
  toProductionEvent,
} from "../../schemas/webhook-event.js";
import { parseJson } from "../../text/parse-json.js";
import type { EventOrigin } from "./event-origin.js";
import type { KioskWebhookEvent } from "./webhook-event.js";

/** What the unsigned headers of a delivery say. */
export interface DeliveryInfo {
  /** The `X-Delivery-Id` header; `null` if it is missing. */
  readonly deliveryId: string | null;
  /** Whether the `X-Test-Notification` header is `true`. */
  readonly isTest: boolean;
}

/** A body with its envelope parsed: the part that all events share. */
export interface ParsedEnvelope {
  /** The subscription and client in the body. */
  readonly origin: EventOrigin;
  /**
   * Parses the rest of the body. The event type decides first: a known type with a malformed body is an error, never an event of
   * type `other`.
   *
   * @throws {KioskWebhookPayloadError} if the body does not match the schema of the event.
   */
  readonly read: (delivery: DeliveryInfo) => KioskWebhookEvent;
}

/**
 * Parses the envelope of a body: the part that all Wise events share.
 *
 * @throws {KioskWebhookPayloadError} if the body is not a Wise event.
 */
export function parseEnvelope(bytes: Uint8Array): ParsedEnvelope {
  const body = parseBody(bytes);
  const typed = decodeWithSchema(eventTypeSchema, body);
  if (!typed.ok) throw payloadError(typed.issues);
  const { event_type } = typed.value;
  const data = getField(body, "data");
  const subscriptionId = getText(body, "subscription_id");
  return {
    // All card events have the client id in the same place, even those of unknown types.
    origin: { subscriptionId, clientId: getText(getField(data, "resource"), "client_id") },
    read: (delivery) => {
      if (event_type !== PRODUCTION_EVENT_TYPE) {
        const schemaVersion = getText(body, "schema_version");
        const details = { subscriptionId, schemaVersion, sentAt: getText(body, "sent_at") };
        return { type: "other", eventType: event_type, data, ...details, ...delivery };
      }
      const event = decodeWithSchema(productionEventBodySchema, body);
      if (!event.ok) throw payloadError(event.issues);
      return { type: event_type, ...toProductionEvent(event.value), ...delivery };
    },
  };
}

function parseBody(bytes: Uint8Array): unknown {
  const body = parseJson(new TextDecoder().decode(bytes));
  if (body !== undefined) return body;
  throw payloadError([{ path: "", message: "not JSON" }]);
}

/** Returns a field as `webhookEnvelopeSchema` decodes it: `null` if it is missing or not text. */
function getText(value: unknown, name: string): string | null {
  const field = getField(value, name);
  return typeof field === "string" ? field : null;
}

function getField(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function payloadError(issues: readonly DecodeIssue[]): KioskWebhookPayloadError {
  return new KioskWebhookPayloadError(`Not a valid Wise webhook event: ${listIssues(issues)}`, issues);
}
