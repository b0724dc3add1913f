import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeProduction } from "../../src/decoding/decode-production.js";
import { PRODUCTION_STATUSES } from "../../src/production/production-status.js";
import { productionEventSchema, productionSchema, webhookEnvelopeSchema } from "../../src/schemas/index.js";
import { PRODUCTION_EVENT_TYPE } from "../../src/schemas/webhook-event.js";
import { parseEnvelope } from "../../src/webhooks/event/parse-event.js";

const status = fc.oneof(fc.constantFrom(...PRODUCTION_STATUSES, "UNRECOGNIZED", "PAUSED"), fc.string());
const text = fc.oneof(fc.string(), fc.constant(null));
/** Mostly valid, so that whole bodies are often valid. */
const field = fc.oneof({ weight: 30, arbitrary: text }, { weight: 1, arbitrary: fc.jsonValue() });

const body = fc.record(
  {
    status: fc.oneof(status, field),
    kioskId: field,
    occurredAt: field,
    errorCode: field,
    description: field,
    rawStatus: field,
  },
  { requiredKeys: [], noNullPrototype: true },
);

const resource = fc.record(
  { profile_id: fc.oneof(fc.nat(), fc.nat().map(String), field), client_id: field, card_token: field, type: field },
  { requiredKeys: ["profile_id"], noNullPrototype: true },
);
const data = fc.record(
  { resource, status, kiosk_id: field, occurred_at: field, error_code: field, description: field },
  { requiredKeys: ["resource", "status"], noNullPrototype: true },
);
const event = fc.record(
  {
    schema_version: field,
    subscription_id: field,
    event_type: fc.constant(PRODUCTION_EVENT_TYPE),
    sent_at: field,
    data,
  },
  { requiredKeys: ["event_type", "data"], noNullPrototype: true },
);

it("the client decodes a body as productionSchema does", () => {
  fc.assert(
    fc.property(body, (value) => {
      const decoded = decodeProduction(value);
      const { success, data: expected, error } = productionSchema.safeParse(value);
      expect(decoded.ok).toBe(success);
      if (decoded.ok) expect(decoded.value).toStrictEqual(expected);
      else expect(decoded.issues.map(({ path }) => path)).toEqual(error?.issues.map(({ path }) => path.join(".")));
    }),
  );
});

it("the webhooks decode a production event as productionEventSchema does", () => {
  fc.assert(
    fc.property(event, (value) => {
      const delivery = { deliveryId: null, isTest: false };
      const read = () => parseEnvelope(new TextEncoder().encode(JSON.stringify(value))).read(delivery);
      const { success, data: expected } = productionEventSchema.safeParse(value);
      if (success) expect(read()).toStrictEqual({ type: PRODUCTION_EVENT_TYPE, ...expected, ...delivery });
      else expect(read).toThrow("Not a valid Wise webhook event");
    }),
    { numRuns: 300 },
  );
});

it("the webhooks decode the fields that all events share as webhookEnvelopeSchema does", () => {
  const envelope = fc.record(
    { event_type: fc.string(), schema_version: field, subscription_id: field, sent_at: field, data: fc.jsonValue() },
    { requiredKeys: ["event_type"], noNullPrototype: true },
  );
  fc.assert(
    fc.property(envelope, (value) => {
      fc.pre(value.event_type !== PRODUCTION_EVENT_TYPE);
      const event = parseEnvelope(new TextEncoder().encode(JSON.stringify(value))).read({
        deliveryId: null,
        isTest: false,
      });
      const expected = webhookEnvelopeSchema.parse(JSON.parse(JSON.stringify(value)));
      expect(event).toMatchObject({
        type: "other",
        eventType: expected.event_type,
        schemaVersion: expected.schema_version ?? null,
        subscriptionId: expected.subscription_id ?? null,
        sentAt: expected.sent_at ?? null,
      });
      expect(event.type === "other" && event.data).toEqual(expected.data);
    }),
  );
});
