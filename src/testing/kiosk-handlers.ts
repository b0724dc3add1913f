import { type HttpHandler, http } from "msw";
import { describeValue, mustBe } from "../arguments/found-value.js";
import type { KioskSimulator } from "./kiosk-simulator.js";

/** The paths of the kiosk collection, on any host, behind any prefix. */
const KIOSK_PATH = /\/spend\/profiles\/[^/]+\/cards\/[^/]+\/production$/;

/**
 * Returns a simulator as request handlers of MSW: `setupServer(...kioskHandlers(simulator))`. Faults, lag and latency are those
 * of the simulator. Requests to other paths are left to your other handlers and to `onUnhandledRequest`.
 *
 * Clients send through undici, which MSW does not see: call {@link sendThroughGlobalFetch} as well.
 *
 * @throws {KioskArgumentError} if `simulator` is not a simulator.
 * @see https://mswjs.io/docs/api/setup-server
 */
export function kioskHandlers(simulator: KioskSimulator): HttpHandler[] {
  if (typeof simulator?.fetch !== "function") {
    throw mustBe("simulator", "what `createKioskSimulator` returned", describeValue(simulator));
  }
  return [
    http.all(KIOSK_PATH, async ({ request }) => {
      try {
        return await simulator.fetch(request);
      } catch (error) {
        return networkError(error);
      }
    }),
  ];
}

/**
 * A response that MSW treats as a failure of the network. MSW makes this object the `cause` of the error that the caller gets, so
 * its code is found where `fetch` has it.
 */
function networkError(error: unknown): Response {
  const { code, syscall } = ((error as Error).cause ?? {}) as NodeJS.ErrnoException;
  return Object.assign(Response.error(), { code, syscall });
}
