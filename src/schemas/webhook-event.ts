import * as z from "zod/mini";
import { define } from "./define.js";
import { orNull } from "./or-null.js";
import { nullableText, nullishText, productionSchema, toProduction } from "./production.js";

/** The type of the event that reports a change in the state of a card's production. */
export const PRODUCTION_EVENT_TYPE = "cards#card-production-status-change";

/** The field that every Wise event has: it decides how the rest is decoded. */
export const eventTypeSchema = /* @__PURE__ */ define(() => z.object({ event_type: z.string() }));

/**
 * The fields that all Wise events share. Only `event_type` is required: it decides how the rest is decoded, and an event of an
 * unknown type must not be rejected because of the rest.
 */
export const webhookEnvelopeSchema = /* @__PURE__ */ define(() => {
  const anyText = orNull(z.string());
  return z.object({
    ...eventTypeSchema.shape,
    schema_version: anyText,
    subscription_id: anyText,
    sent_at: anyText,
    data: z.optional(z.unknown()),
  });
});

const PROFILE_ID_ADVICE = "expected an integer from 0 to 9007199254740991, or the same as a string of decimal digits";

/**
 * A number or a string of digits. It may be 0, as in test notifications, so the rule for arguments in `production/profile-id.ts`
 * does not apply. `JSON.parse` rounds a number above the safe range, which would then name another profile. (A fraction that
 * `JSON.parse` rounds to an integer goes undetected.)
 */
const profileIdBodySchema = /* @__PURE__ */ define(() => {
  const params = { error: PROFILE_ID_ADVICE };
  return z.union([z.number(), z.string()], params).check(z.refine(isExactProfileId, params));
});

/**
 * The body of a production event as Wise sends it, the same in all documented schema versions. Only the event type, the profile and
 * the status are required; unknown fields are dropped.
 *
 * @see https://docs.wise.com/api-reference/webhook-event
 */
export const productionEventBodySchema = /* @__PURE__ */ define(() =>
  z.object({
    schema_version: nullishText,
    subscription_id: nullishText,
    event_type: z.literal(PRODUCTION_EVENT_TYPE),
    sent_at: nullishText,
    data: z.object({
      resource: z.object({
        profile_id: profileIdBodySchema,
        type: nullishText,
        client_id: nullishText,
        card_token: nullishText,
      }),
      status: z.string(),
      kiosk_id: nullishText,
      occurred_at: nullishText,
      error_code: nullishText,
      description: nullishText,
    }),
  }),
);

/** The decoded body of a production event. Wise's signature covers all of it. */
const decodedProductionEventSchema = /* @__PURE__ */ define(() =>
  z.object({
    schemaVersion: nullableText,
    subscriptionId: nullableText,
    sentAt: nullableText,
    profileId: z.number().check(z.refine(isExactProfileId, { error: PROFILE_ID_ADVICE })),
    cardToken: nullableText,
    clientId: nullableText,
    production: productionSchema,
  }),
);

/**
 * Decodes the body of a production event, and encodes an event as such a body. Missing and `null` fields both become `null`.
 *
 * @see https://docs.wise.com/api-reference/webhook-event
 */
export const productionEventSchema = /* @__PURE__ */ define(() =>
  z.codec(productionEventBodySchema, decodedProductionEventSchema, {
    decode: (body) => toEvent(body, (production) => production),
    encode: toEventBody,
  }),
);

type EventBody = z.output<typeof productionEventBodySchema>;
type EventWithProductionBody = z.input<typeof decodedProductionEventSchema>;

function isExactProfileId(value: number | string): boolean {
  return /^\d+$/.test(String(value)) && Number.isSafeInteger(Number(value));
}

type ProductionBody = EventWithProductionBody["production"];

function toEvent<P>(
  { schema_version, subscription_id, sent_at, data }: EventBody,
  convertProduction: (body: ProductionBody) => P,
) {
  const { resource, status, kiosk_id, occurred_at, error_code, description } = data;
  return {
    schemaVersion: schema_version ?? null,
    subscriptionId: subscription_id ?? null,
    sentAt: sent_at ?? null,
    profileId: Number(resource.profile_id),
    cardToken: resource.card_token ?? null,
    clientId: resource.client_id ?? null,
    production: convertProduction({
      status,
      kioskId: kiosk_id,
      occurredAt: occurred_at,
      errorCode: error_code,
      description,
    }),
  };
}

/** Returns the event in a body, as {@link productionEventSchema} decodes it, but without another check of the result. */
export function toProductionEvent(body: EventBody): z.output<typeof decodedProductionEventSchema> {
  return toEvent(body, toProduction);
}

function toEventBody(event: EventWithProductionBody): EventBody {
  const { status, kioskId, occurredAt, errorCode, description } = event.production;
  return {
    schema_version: event.schemaVersion,
    subscription_id: event.subscriptionId,
    event_type: PRODUCTION_EVENT_TYPE,
    sent_at: event.sentAt,
    data: {
      resource: {
        profile_id: event.profileId,
        type: "card",
        client_id: event.clientId,
        card_token: event.cardToken,
      },
      status,
      kiosk_id: kioskId,
      occurred_at: occurredAt,
      error_code: errorCode,
      description,
    },
  };
}
