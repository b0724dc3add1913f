export const SUBSCRIPTION_ID = "01234567-89ab-cdef-0123-456789abcdef";

/** Changes to the documented body. */
export interface BodyChanges {
  /** Members beside `data`. */
  readonly envelope?: object;
  /** Members of `data`. */
  readonly data?: object;
  /** Members of `data.resource`. */
  readonly resource?: object;
}

/** Returns the documented body of a production event, with changes, as JSON. */
export function productionBody({ envelope, data, resource }: BodyChanges = {}): string {
  return JSON.stringify({
    schema_version: "4.0.0",
    subscription_id: SUBSCRIPTION_ID,
    event_type: "cards#card-production-status-change",
    sent_at: "2024-01-01T12:34:56.123Z",
    ...envelope,
    data: {
      resource: {
        profile_id: 123456,
        type: "card",
        client_id: "your-bank",
        card_token: "35050a4a-9521-426e-8109-1396e3687a3e",
        ...resource,
      },
      status: "PRODUCED",
      kiosk_id: "WIS00001",
      occurred_at: "2024-01-01T12:24:56.789Z",
      error_code: null,
      description: "Card produced",
      ...data,
    },
  });
}

/** The older documented example, verbatim: `profile_id` is a string, and `occurred_at` is not a valid time. */
export const OLDER_EXAMPLE = `{
  "data": {
    "resource": { "type": "card", "profile_id": "123456", "client_id": "your-bank",
                  "card_token": "35050a4a-9521-426e-8109-1396e3687a3e" },
    "status": "PRODUCED", "kiosk_id": "WIS00001", "error_code": null,
    "description": "Card produced", "occurred_at": "2024-01-01T12:24:560Z"
  },
  "subscription_id": "01234567-89ab-cdef-0123-456789abcdef",
  "event_type": "cards#card-production-status-change",
  "schema_version": "2.0.0",
  "sent_at": "2024-01-01T12:34:56Z"
}`;

/** Returns the body of an event of another type, as JSON. */
export function otherBody(envelope: object = {}): string {
  return JSON.stringify({
    schema_version: "4.0.0",
    subscription_id: SUBSCRIPTION_ID,
    event_type: "cards#card-order-status-change",
    sent_at: "2024-01-01T12:34:56.123Z",
    data: { resource: { type: "card-order", id: 1, client_id: "your-bank" }, old_status: "PLACED" },
    ...envelope,
  });
}
