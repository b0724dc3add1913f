import { mustBe, quoteValue } from "../arguments/found-value.js";

/**
 * The version of Wise's API: `legacy` for paths with a version for each resource (`/v3/spend/…`), or a quarter such as
 * `2026Q3` (`/2026Q3/spend/…`).
 *
 * @see https://docs.wise.com/guides/developer/global-versioning
 */
export type ApiVersion = "legacy" | `${number}Q${1 | 2 | 3 | 4}`;

/** The path of a request. */
interface Route {
  /** The path template, as in `/v3/spend/profiles/{profileId}/cards/{cardToken}/production`. */
  readonly route: string;
  /** The path with the values of its parameters. */
  readonly path: string;
}

/** The paths of one version of the API. */
export interface Routes {
  /** For `produceCard` and `getProductionStatus`. */
  production(profileId: string, cardToken: string): Route;
  /** For `simulateProductionStatus`. */
  simulation(profileId: string, cardToken: string): Route;
}

const PRODUCTION = "spend/profiles/{profileId}/cards/{cardToken}/production";

/**
 * Returns the paths of a version of the API.
 *
 * @throws {KioskArgumentError} if the version is invalid.
 */
export function createRoutes(apiVersion: unknown): Routes {
  if (apiVersion !== "legacy" && !(typeof apiVersion === "string" && /^\d{4}Q[1-4]$/.test(apiVersion))) {
    throw mustBe("apiVersion", "'legacy' or a quarter such as '2026Q3'", quoteValue(apiVersion));
  }
  const production = apiVersion === "legacy" ? `/v3/${PRODUCTION}` : `/${apiVersion}/${PRODUCTION}`;
  const simulation =
    apiVersion === "legacy" ? `/v1/simulation/${PRODUCTION}` : `/${apiVersion}/simulation/${PRODUCTION}`;
  return { production: createRoute(production), simulation: createRoute(simulation) };
}

function createRoute(route: string): Routes[keyof Routes] {
  const [start, middle, end] = route.split(/\{\w+\}/);
  return (profileId, cardToken) => ({
    route,
    path: `${start}${profileId}${middle}${encodeURIComponent(cardToken)}${end}`,
  });
}
