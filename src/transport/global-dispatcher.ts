import { KioskArgumentError } from "../errors/argument-error.js";
import { unwrappedGlobalDispatcher } from "./built-in-undici.js";
import type { DispatcherLike } from "./dispatcher-like.js";
import { loadUndici } from "./load-undici.js";
import { isRetryAgent } from "./retrying-dispatcher.js";

/**
 * Returns the current global dispatcher, whether the user set it with undici 6 to 8, or Node.js with its own undici.
 *
 * @throws {KioskArgumentError} if it would print a card twice, or there is no undici at all.
 */
export async function globalDispatcher(): Promise<DispatcherLike> {
  const getGlobalDispatcher = await loadUndici("getGlobalDispatcher", {
    argument: "dispatcher",
    fault: "must be given",
  });
  const dispatcher = getGlobalDispatcher();
  if (isRetryAgent(dispatcher) || isRetryAgent(unwrappedGlobalDispatcher() ?? dispatcher)) {
    throw new KioskArgumentError(
      "dispatcher",
      "is undici's global one, and that is a RetryAgent, which would print a card twice; give the client another one",
    );
  }
  return dispatcher;
}
