import { type HttpHandler, http } from "msw";
import { describeValue, mustBe } from "../arguments/found-value.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { isClientCredentialsGrant, SIMULATED_PATH, TOKEN_PATH } from "./api/find-route.js";
import type { KioskSimulator } from "./kiosk-simulator.js";

/**
 * Returns MSW request handlers that respond from a simulator: `setupServer(...kioskHandlers(simulator))`. Faults, read lag and
 * latency are those of the simulator. Requests to other paths go to your other handlers and to MSW's `onUnhandledRequest`.
 *
 * Clients send through undici, which MSW does not intercept: call `sendThroughGlobalFetch()` as well.
 *
 * @example
 * ```ts
 * import { setupServer } from "msw/node";
 * import { createKioskSimulator } from "wise-card-kiosk/testing";
 * import { kioskHandlers, sendThroughGlobalFetch } from "wise-card-kiosk/testing/msw";
 *
 * const server = setupServer(...kioskHandlers(createKioskSimulator({ cards: [card], token: String(token) })));
 * server.listen();
 * const hold = sendThroughGlobalFetch();
 * console.log((await kiosk.getProductionStatus(card)).status);
 * // → READY
 * hold.restore();
 * server.close();
 * ```
 *
 * @throws {KioskArgumentError} if `simulator` is not a simulator.
 * @see https://mswjs.io/docs/api/setup-server
 */
export function kioskHandlers(simulator: KioskSimulator): HttpHandler[] {
  if (typeof simulator?.fetch !== "function") {
    throw mustBe("simulator", "a simulator returned by createKioskSimulator()", describeValue(simulator));
  }
  const respond = async (request: Request) => {
    try {
      return await simulator.fetch(request);
    } catch (error) {
      if (error instanceof KioskArgumentError) throw error;
      return networkError(error);
    }
  };
  return [
    http.all(SIMULATED_PATH, ({ request }) => respond(request)),
    http.post(TOKEN_PATH, async ({ request }) => {
      // Other grants, such as a refresh, are left to the user's own handlers.
      return isClientCredentialsGrant(await request.clone().text()) ? respond(request) : undefined;
    }),
  ];
}

/**
 * Returns a response that MSW turns into a network error. MSW makes this object the `cause` of the caller's error, so the code is
 * where `fetch` puts it.
 */
function networkError(error: unknown): Response {
  const { code, syscall } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  return Object.assign(Response.error(), { code, syscall });
}
