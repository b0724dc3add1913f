import type { CallRequest } from "../calls/call.js";
import type { ApiVersion } from "../options/api-version.js";
import type { BaseUrl } from "../options/base-url.js";

/** The path of a request, and its template. */
type SubscriptionPath = Pick<CallRequest, "origin" | "path" | "route">;

/** The paths of the subscriptions of one application, in one version of the API. */
export interface SubscriptionRoutes {
  /** All subscriptions. */
  readonly all: SubscriptionPath;
  /** One subscription. */
  one(subscriptionId: string): SubscriptionPath;
  /** The test notifications of a subscription. */
  testNotifications(subscriptionId: string): SubscriptionPath;
}

/** Creates the paths of the subscriptions of an application. */
export function createSubscriptionRoutes(
  { origin, prefix }: BaseUrl,
  apiVersion: ApiVersion,
  clientKey: string,
): SubscriptionRoutes {
  const start = apiVersion === "legacy" ? "/v3/applications/" : `/${apiVersion}/applications/`;
  const route = `${start}{clientKey}/subscriptions`;
  const path = `${prefix}${start}${encodeURIComponent(clientKey)}/subscriptions`;
  const oneRoute = `${route}/{subscriptionId}`;
  const onePath = (id: string) => `${path}/${encodeURIComponent(id)}`;
  return {
    all: { origin, route, path },
    one: (id) => ({ origin, route: oneRoute, path: onePath(id) }),
    testNotifications: (id) => ({
      origin,
      route: `${oneRoute}/test-notifications`,
      path: `${onePath(id)}/test-notifications`,
    }),
  };
}
