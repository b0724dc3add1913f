import { decodeWithSchema } from "../../decoding/decode-with-schema.js";
import type { SimulatedOperation } from "../../production/operation.js";
import { createSubscriptionRequestSchema } from "../../schemas/subscription.js";
import { PRODUCTION_EVENT_TYPE } from "../../schemas/webhook-event.js";
import { parseJson } from "../../text/parse-json.js";
import { receiverUrlFault } from "../../text/receiver-url.js";
import type { SubscriptionRoute } from "./find-route.js";
import { badRequest, forbidden, notFound } from "./http-errors.js";
import { jsonResponse } from "./json-response.js";
import type { SimulatedRequest, SimulatedResponse } from "./simulated-http.js";
import { type SimulatedSubscription, toWholeSeconds } from "./simulated-subscription.js";

/** The effect of a request on the subscriptions of the application. */
export type SubscriptionEffect =
  | { readonly kind: "subscribe"; readonly subscription: SimulatedSubscription }
  | { readonly kind: "unsubscribe"; readonly subscriptionId: string }
  | { readonly kind: "test"; readonly subscription: SimulatedSubscription; readonly deliveryId: string };

/** Everything on which the response to a request about subscriptions depends. */
export interface ApplicationState {
  /** The client key of the application. */
  readonly clientKey: string;
  /** The only secret with which the token endpoint issues tokens; `undefined` if it accepts any. */
  readonly clientSecret: string | undefined;
  /** In the order in which they were created. */
  readonly subscriptions: ReadonlyMap<string, SimulatedSubscription>;
  /** The simulator's time. */
  readonly now: Date;
  /** Whether a list shows when each subscription was created. */
  readonly listShowsCreatedAt: boolean;
}

/** The response to a request, and its effect on the subscriptions. */
export interface SubscriptionResponse {
  readonly response: SimulatedResponse;
  readonly effect?: SubscriptionEffect;
}

/** The versions of the production event that Wise documents. */
const PRODUCTION_EVENT_VERSIONS: readonly string[] = ["2.0.0", "4.0.0"];

/** Responds to a request about the subscriptions of an application. The token is already accepted. */
export function handleSubscriptionRequest(
  operation: SimulatedOperation | undefined,
  { body }: SimulatedRequest,
  { clientKey, subscriptionId = "" }: SubscriptionRoute,
  state: ApplicationState,
): SubscriptionResponse {
  if (clientKey !== state.clientKey) {
    const message = `The token belongs to the application ${state.clientKey}, not ${clientKey}`;
    return { response: forbidden(message, state.now.toISOString()) };
  }
  if (operation === "listSubscriptions") return { response: jsonResponse(200, listSubscriptions(state)) };
  if (operation === "createSubscription") return createSubscription(body, state);
  const subscription = state.subscriptions.get(subscriptionId);
  if (subscription === undefined) return { response: notFound(`There is no subscription ${subscriptionId}`) };
  switch (operation) {
    case "deleteSubscription":
      return { response: { status: 204, headers: {}, body: "" }, effect: { kind: "unsubscribe", subscriptionId } };
    case "sendTestNotification": {
      const deliveryId = crypto.randomUUID();
      const queued = [{ delivery_id: deliveryId, created_at: toWholeSeconds(state.now) }];
      return { response: jsonResponse(200, queued), effect: { kind: "test", subscription, deliveryId } };
    }
    default:
      return { response: jsonResponse(200, subscription) };
  }
}

function listSubscriptions({ subscriptions, listShowsCreatedAt }: ApplicationState): readonly object[] {
  return [...subscriptions.values()].map(({ created_at, ...rest }) =>
    listShowsCreatedAt ? { ...rest, created_at } : rest,
  );
}

function createSubscription(text: string, { clientKey, now }: ApplicationState): SubscriptionResponse {
  const body = decodeWithSchema(createSubscriptionRequestSchema, parseJson(text));
  if (!body.ok) return { response: badRequest(body.issues, now.toISOString()) };
  const { name, trigger_on, delivery } = body.value;
  const fault = receiverUrlFault(delivery.url, true);
  if (fault !== undefined) {
    return { response: badRequest([{ path: "delivery.url", message: fault }], now.toISOString()) };
  }
  if (trigger_on === PRODUCTION_EVENT_TYPE && !PRODUCTION_EVENT_VERSIONS.includes(delivery.version)) {
    const message = `is not a version of ${PRODUCTION_EVENT_TYPE}: ${PRODUCTION_EVENT_VERSIONS.join(" and ")} are`;
    return { response: badRequest([{ path: "delivery.version", message }], now.toISOString()) };
  }
  const subscription: SimulatedSubscription = {
    id: crypto.randomUUID(),
    name,
    delivery,
    trigger_on,
    scope: { domain: "application", id: clientKey },
    created_by: { type: "application", id: clientKey },
    created_at: toWholeSeconds(now),
  };
  return { response: jsonResponse(200, subscription), effect: { kind: "subscribe", subscription } };
}
