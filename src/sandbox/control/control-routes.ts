import { CARD_ROUTES } from "./card-routes.js";
import type { ControlRoute } from "./control-route.js";
import { DELIVERY_ROUTES } from "./delivery-routes.js";
import { SIMULATOR_ROUTES } from "./simulator-routes.js";

/** Where the control API begins. */
export const CONTROL_PREFIX = "/_sandbox";

/** Paths that need no token, even if the sandbox is open to the network. */
export const WITHOUT_TOKEN: ReadonlySet<string> = new Set([
  `${CONTROL_PREFIX}/health`,
  `${CONTROL_PREFIX}/openapi.json`,
]);

/** The operations of the control API that change or return one part of the sandbox. */
export const CONTROL_ROUTES: readonly ControlRoute[] = [...SIMULATOR_ROUTES, ...CARD_ROUTES, ...DELIVERY_ROUTES];
