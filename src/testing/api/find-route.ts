import type { SimulatedOperation } from "../../production/operation.js";
import { nearestMatch } from "../../text/nearest-match.js";

/** The operation for each method that a path allows. */
type AllowedOperations = Readonly<Partial<Record<string, SimulatedOperation>>>;

/** The path of a card. */
export interface CardRoute {
  readonly kind: "card";
  /** The profile id, percent-decoded. */
  readonly profileId: string;
  /** The card token, percent-decoded. */
  readonly cardToken: string;
  readonly operations: AllowedOperations;
}

/** The path of the subscriptions of an application, or of one of them. */
export interface SubscriptionRoute {
  readonly kind: "subscription";
  /** The client key, percent-decoded. */
  readonly clientKey: string;
  /** The id of the subscription, percent-decoded; `undefined` if the path names none. */
  readonly subscriptionId: string | undefined;
  readonly operations: AllowedOperations;
}

/** The path of the token endpoint. */
interface TokenRoute {
  readonly kind: "token";
  readonly operations: AllowedOperations;
}

/** What a path names, and the operations on it. */
type SimulatedRoute = CardRoute | SubscriptionRoute | TokenRoute;

/** Any prefix except another version: Wise has no `/2026Q3/v3/…`. */
const PREFIX = String.raw`(?<!/v\d+|/\d{4}Q\d)/`;

const QUARTER = String.raw`\d{4}Q[1-4]`;
const CARD = "/spend/profiles/(?<profileId>[^/]+)/cards/(?<cardToken>[^/]+)/production$";
const SUBSCRIPTIONS = `(?:v3|${QUARTER})/applications/(?<clientKey>[^/]+)/subscriptions`;
const ONE_SUBSCRIPTION = `${SUBSCRIPTIONS}/(?<subscriptionId>[^/]+)`;

/** Both generations of paths. */
const FORMS: readonly { readonly pattern: RegExp; readonly operations: AllowedOperations }[] = [
  {
    pattern: new RegExp(`${PREFIX}(?:v3|${QUARTER})${CARD}`),
    operations: { GET: "getProductionStatus", PUT: "produceCard" },
  },
  {
    pattern: new RegExp(`${PREFIX}(?:v1|${QUARTER})/simulation${CARD}`),
    operations: { POST: "simulateProductionStatus" },
  },
  {
    pattern: new RegExp(`${PREFIX}${SUBSCRIPTIONS}$`),
    operations: { GET: "listSubscriptions", POST: "createSubscription" },
  },
  {
    pattern: new RegExp(`${PREFIX}${ONE_SUBSCRIPTION}$`),
    operations: { GET: "getSubscription", DELETE: "deleteSubscription" },
  },
  {
    pattern: new RegExp(`${PREFIX}${ONE_SUBSCRIPTION}/test-notifications$`),
    operations: { POST: "sendTestNotification" },
  },
  { pattern: /(?<!\/v\d+|\/\d{4}Q[^1-4])\/oauth\/token$/, operations: { POST: "requestToken" } },
];

const CARD_TEMPLATES = [
  "/v3/spend/profiles/{profileId}/cards/{cardToken}/production",
  "/v1/simulation/spend/profiles/{profileId}/cards/{cardToken}/production",
  "/2026Q3/spend/profiles/{profileId}/cards/{cardToken}/production",
  "/2026Q3/simulation/spend/profiles/{profileId}/cards/{cardToken}/production",
] as const;

const SUBSCRIPTION_TEMPLATES = [
  "/v3/applications/{clientKey}/subscriptions",
  "/v3/applications/{clientKey}/subscriptions/{subscriptionId}",
  "/v3/applications/{clientKey}/subscriptions/{subscriptionId}/test-notifications",
  "/2026Q3/applications/{clientKey}/subscriptions",
] as const;

/** Returns the route for a path, or `undefined` if Wise has no such path. */
export function findRoute(path: string): SimulatedRoute | undefined {
  const pathname = findPathname(path);
  for (const { pattern, operations } of FORMS) {
    const matched = pattern.exec(pathname);
    if (matched !== null) return toRoute(matched.groups ?? {}, operations);
  }
  return undefined;
}

function toRoute(named: Record<string, string>, operations: AllowedOperations): SimulatedRoute | undefined {
  const values = Object.entries(named).map(([name, segment]) => [name, percentDecoded(segment)] as const);
  if (values.some(([, value]) => value === undefined)) return undefined;
  const { profileId = "", cardToken, clientKey, subscriptionId } = Object.fromEntries(values);
  if (cardToken !== undefined) return { kind: "card", profileId, cardToken, operations };
  if (clientKey !== undefined) return { kind: "subscription", clientKey, subscriptionId, operations };
  return { kind: "token", operations };
}

/** Matches the paths of the kiosk collection and of subscriptions, after any prefix. */
export const SIMULATED_PATH =
  /\/spend\/profiles\/[^/]+\/cards\/[^/]+\/production$|\/applications\/[^/]+\/subscriptions(\/[^/]+(\/test-notifications)?)?$/;

/** Matches the token endpoint, after any prefix. */
export const TOKEN_PATH = /\/oauth\/token$/;

/**
 * Returns whether a request is meant for the operations that are simulated, even if Wise has no such path, for example because of
 * its version. Other grants of the token endpoint, such as a refresh, are not.
 *
 * @param body the body. At the token endpoint it must be text.
 */
export function isSimulatedPath(path: string, body: unknown): boolean {
  return isTokenPath(path) ? isClientCredentialsGrant(body) : SIMULATED_PATH.test(findPathname(path));
}

/** Returns whether a path ends as that of the token endpoint does. */
export function isTokenPath(path: string): boolean {
  return TOKEN_PATH.test(findPathname(path));
}

/** Returns whether the body of a request to the token endpoint asks for a token of the application itself. */
export function isClientCredentialsGrant(body: unknown): boolean {
  return typeof body === "string" && new URLSearchParams(body).get("grant_type") === "client_credentials";
}

/** Returns the path template that is most similar to a path. */
export function nearestRoute(path: string): string {
  const templateLike = findPathname(path)
    .replace(/(?<=\/profiles\/)[^/]+/, "{profileId}")
    .replace(/(?<=\/cards\/)[^/]+/, "{cardToken}")
    .replace(/(?<=\/applications\/)[^/]+/, "{clientKey}")
    .replace(/(?<=\/subscriptions\/)[^/]+/, "{subscriptionId}");
  if (/oauth/i.test(templateLike)) return "/oauth/token";
  const templates = /application|subscription/i.test(templateLike) ? SUBSCRIPTION_TEMPLATES : CARD_TEMPLATES;
  return nearestMatch(templateLike, templates) ?? templates[0];
}

/** Returns a path without its query. */
export function findPathname(path: string): string {
  return path.replace(/[?#].*/s, "");
}

function percentDecoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
