import * as z from "zod/mini";
import { define } from "./define.js";
import { orNull } from "./or-null.js";
import { NOT_BLANK } from "./requests.js";

/** Matches the schema version of an event, such as `4.0.0`. */
export const SCHEMA_VERSION_PATTERN = /^\d+\.\d+\.\d+$/;

/** Returns a schema for text that matches a pattern. The message is the same in whatever language the process configured zod. */
const textLike = (pattern: RegExp, error: string) => z.string().check(z.regex(pattern, { error }));

const nonBlankText = /* @__PURE__ */ define(() => textLike(NOT_BLANK, "expected text that is not blank"));

const anyText = /* @__PURE__ */ define(() => orNull(z.string()));

/**
 * A subscription as Wise sends it. Only the id is required, because nothing else identifies the subscription. Unknown events,
 * versions and fields are allowed.
 *
 * @see https://docs.wise.com/api-reference/webhook
 */
export const subscriptionBodySchema = /* @__PURE__ */ define(() =>
  z.object({
    id: nonBlankText,
    name: anyText,
    trigger_on: anyText,
    delivery: orNull(z.object({ version: anyText, url: anyText, mtls_enabled: orNull(z.boolean()) })),
    scope: orNull(z.object({ domain: anyText, id: anyText })),
    created_by: orNull(z.object({ type: anyText, id: anyText })),
    created_at: anyText,
  }),
);

/** The list of an application's subscriptions: a bare array without paging. */
export const subscriptionListSchema = /* @__PURE__ */ define(() => z.array(subscriptionBodySchema));

/** The response to a request for a test notification: the deliveries that were queued. */
export const queuedNotificationsSchema = /* @__PURE__ */ define(() =>
  z.array(z.object({ delivery_id: nonBlankText, created_at: anyText })),
);

/**
 * The body of the request to create a subscription. `mtls_enabled` is described in a guide, but missing in Wise's OpenAPI
 * description.
 *
 * @see https://docs.wise.com/guides/developer/auth-and-security/mtls-for-webhooks
 */
export const createSubscriptionRequestSchema = /* @__PURE__ */ define(() =>
  z.object({
    name: nonBlankText,
    trigger_on: nonBlankText,
    delivery: z.object({
      version: textLike(SCHEMA_VERSION_PATTERN, "expected a version such as 4.0.0"),
      url: nonBlankText,
      mtls_enabled: z.optional(z.boolean()),
    }),
  }),
);
