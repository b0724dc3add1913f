import { decodeIssues, listIssues } from "../../decoding/decode-issues.js";
import type { DecodeIssue } from "../../errors/decode-error.js";
import { KioskWebhookPayloadError } from "../../errors/webhook-errors.js";
import { PRODUCTION_EVENT_TYPE, productionEventSchema, webhookEnvelopeSchema } from "../../schemas/webhook-event.js";
import { parseJson } from "../../text/parse-json.js";
import type { EventOrigin } from "./event-origin.js";
import type { KioskWebhookEvent } from "./webhook-event.js";

/** What is known of a delivery from its unsigned headers. */
export interface DeliveryInfo {
  readonly deliveryId: string | null;
  readonly isTest: boolean;
}

/** A body of which only what all events have in common has been read. */
export interface ParsedEnvelope {
  readonly origin: EventOrigin;
  /**
   * Reads the rest. The event type decides first: a known one with a malformed body is an error, never another event.
   *
   * @throws {KioskWebhookPayloadError} if it is not a body that this event can have.
   */
  readonly read: (delivery: DeliveryInfo) => KioskWebhookEvent;
}

/**
 * Reads from a body what all events have in common.
 *
 * @throws {KioskWebhookPayloadError} if it is not an event of Wise's at all.
 */
export function parseEnvelope(bytes: Uint8Array): ParsedEnvelope {
  const body = parseBody(bytes);
  const envelope = webhookEnvelopeSchema.safeParse(body);
  if (!envelope.success) throw payloadError(decodeIssues(envelope.error.issues));
  const { event_type, schema_version = null, subscription_id = null, sent_at = null, data } = envelope.data;
  return {
    origin: { subscriptionId: subscription_id, clientId: clientIdIn(data) },
    read: (delivery) => {
      if (event_type !== PRODUCTION_EVENT_TYPE) {
        const details = { subscriptionId: subscription_id, schemaVersion: schema_version, sentAt: sent_at };
        return { type: "other", eventType: event_type, data, ...details, ...delivery };
      }
      const event = productionEventSchema.safeParse(body);
      if (!event.success) throw payloadError(decodeIssues(event.error.issues));
      return { type: event_type, ...event.data, ...delivery };
    },
  };
}

function parseBody(bytes: Uint8Array): unknown {
  const body = parseJson(new TextDecoder().decode(bytes));
  if (body !== undefined) return body;
  throw payloadError([{ path: "", message: "not JSON" }]);
}

/** Where events of cards carry the client, known type or not. */
function clientIdIn(data: unknown): string | null {
  const clientId = property(property(data, "resource"), "client_id");
  return typeof clientId === "string" ? clientId : null;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function payloadError(issues: readonly DecodeIssue[]): KioskWebhookPayloadError {
  return new KioskWebhookPayloadError(`Not the body of an event of Wise's: ${listIssues(issues)}`, issues);
}
