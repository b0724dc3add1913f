import { expect, it } from "vitest";
import { isSimulatedPath, nearestRoute } from "../../src/testing/api/find-route.js";

const GRANT = "grant_type=client_credentials";

it.each([
  ["/v9/spend/profiles/1/cards/2/production", ""],
  ["/v3/applications/your-bank/subscriptions", ""],
  ["/v9/applications/your-bank/subscriptions?page=1", ""],
  ["/v3/applications/your-bank/subscriptions/first-one", ""],
  ["/v3/applications/your-bank/subscriptions/first-one/test-notifications", ""],
  ["/oauth/token", GRANT],
  ["/gateway/oauth/token#part", GRANT],
])("the simulator handles a request to %s with the body '%s'", (path, body) => {
  expect(isSimulatedPath(path, body)).toBe(true);
});

it.each([
  ["/v3/spend/profiles/1/cards/2/productions", ""],
  ["/v3/applications//subscriptions", ""],
  ["/v3/applications/your-bank/subscriptions/", ""],
  ["/v3/applications/your-bank/subscriptionsX", ""],
  ["/v3/applications/your-bank/subscriptions/first-one/deliveries", ""],
  ["/oauth/tokens", GRANT],
  ["/oauth/token", "grant_type=refresh_token"],
  ["/oauth/token", { grant_type: "client_credentials" }],
  ["/oauth/token", undefined],
])("the simulator does not handle a request to %s with the body '%s'", (path, body) => {
  expect(isSimulatedPath(path, body)).toBe(false);
});

it.each([
  ["/oauth/tokens", "/oauth/token"],
  ["/v3/OAuth2/authorize", "/oauth/token"],
  ["/2026Q5/spend/profiles/1/cards/2/production", "/2026Q3/spend/profiles/{profileId}/cards/{cardToken}/production"],
  ["/v9/simulation/spend/profiles/1/cards/2", "/v1/simulation/spend/profiles/{profileId}/cards/{cardToken}/production"],
  ["/v9/application/a/subscription", "/v3/applications/{clientKey}/subscriptions"],
  ["/2026Q5/applications/a/subscriptions?page=1#end", "/2026Q3/applications/{clientKey}/subscriptions"],
])("the nearest path of %s is %s", (path, nearest) => {
  expect(nearestRoute(path)).toBe(nearest);
});

const LONG = "1".repeat(150);
const NAMES = "simulation-spend-profiles-profileId-cards-cardToken-production";

it.each([
  ["/2027Q5/spend/profiles/", NAMES, "/cards/", "subscriptions-subscriptionId-test-notifications", "/production"],
  ["/v4/spend/profiles/", "application-1", "/cards/", "oauth-1", "/production"],
  ["/2027Q5/applications/", LONG, "/subscriptions/", LONG, "/test-notifications"],
  ["/v4/applications/", "oauth-1", "/subscriptions/", NAMES, ""],
])("the nearest path depends on no id: %s%s%s%s%s", (before, first, between, second, after) => {
  const nearest = nearestRoute(before + first + between + second + after);
  expect(nearest).toBe(nearestRoute(`${before}1${between}2${after}`));
  expect(nearest).toContain(between);
});
