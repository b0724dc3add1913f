import * as z from "zod";

/** Matches text that is not blank. */
const NOT_BLANK = /\S/;

const text = z.string().nullish().catch(null);

/**
 * A subscription as Wise sends it. Only the id is required, because nothing else identifies the subscription. Unknown events,
 * versions and fields are allowed.
 *
 * @see https://docs.wise.com/api-reference/webhook
 */
export const subscriptionBodySchema = z.object({
  id: z.string().regex(NOT_BLANK),
  name: text,
  trigger_on: text,
  delivery: z
    .object({ version: text, url: text, mtls_enabled: z.boolean().nullish().catch(null) })
    .nullish()
    .catch(null),
  scope: z.object({ domain: text, id: text }).nullish().catch(null),
  created_by: z.object({ type: text, id: text }).nullish().catch(null),
  created_at: text,
});

/** The list of an application's subscriptions: a bare array without paging. */
export const subscriptionListSchema = z.array(subscriptionBodySchema);

/** The response to a request for a test notification: the deliveries that were queued. */
export const queuedNotificationsSchema = z.array(
  z.object({ delivery_id: z.string().regex(NOT_BLANK), created_at: text }),
);

/**
 * The body of the request to create a subscription. `mtls_enabled` is described in a guide, but missing in Wise's OpenAPI
 * description.
 *
 * @see https://docs.wise.com/guides/developer/auth-and-security/mtls-for-webhooks
 */
export const createSubscriptionRequestSchema = z.object({
  name: z.string().regex(NOT_BLANK),
  trigger_on: z.string().regex(NOT_BLANK),
  delivery: z.object({
    version: z.string().regex(/^\d+\.\d+\.\d+$/),
    url: z.string().regex(NOT_BLANK),
    mtls_enabled: z.boolean().optional(),
  }),
});
