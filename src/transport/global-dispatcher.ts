import { KioskArgumentError } from "../errors/argument-error.js";
import { unwrappedGlobalDispatcher } from "./built-in-undici.js";
import type { DispatcherLike } from "./dispatcher-like.js";
import { loadUndici } from "./load-undici.js";
import { isRetryAgent } from "./retrying-dispatcher.js";

/**
 * Returns the current global dispatcher, whether the user set it with undici 6 to 8 or Node.js set it with its own undici.
 *
 * @throws {KioskArgumentError} if it is a `RetryAgent`, which could print a card twice, or if there is no undici at all.
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
      "must be given, because undici's global dispatcher is a RetryAgent, which could print a card twice",
    );
  }
  return dispatcher;
}
