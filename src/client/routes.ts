import type { ApiVersion } from "../options/api-version.js";

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

/** Returns the paths of a version of the API. */
export function createRoutes(apiVersion: ApiVersion): Routes {
  const isLegacy = apiVersion === "legacy";
  return {
    production: createRoute(`/${isLegacy ? "v3" : apiVersion}/${PRODUCTION}`),
    simulation: createRoute(`/${isLegacy ? "v1" : apiVersion}/simulation/${PRODUCTION}`),
  };
}

function createRoute(route: string): Routes[keyof Routes] {
  const [start, middle, end] = route.split(/\{\w+\}/);
  return (profileId, cardToken) => ({
    route,
    path: `${start}${profileId}${middle}${encodeURIComponent(cardToken)}${end}`,
  });
}
