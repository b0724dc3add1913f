import { CARD_ROUTES } from "./card-routes.js";
import type { ControlRoute } from "./control-route.js";
import { DELIVERY_ROUTES } from "./delivery-routes.js";
import { SIMULATOR_ROUTES } from "./simulator-routes.js";

/** Where the control API begins. */
export const CONTROL_PREFIX = "/_sandbox";

/** The operations of the control API that change or return one part of the sandbox. */
export const CONTROL_ROUTES: readonly ControlRoute[] = [...SIMULATOR_ROUTES, ...CARD_ROUTES, ...DELIVERY_ROUTES];
