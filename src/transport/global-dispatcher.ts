import { KioskArgumentError } from "../errors/argument-error.js";
import { unwrappedGlobalDispatcher } from "./built-in-undici.js";
import type { DispatcherLike } from "./dispatcher-like.js";
import { loadUndici } from "./load-undici.js";
import { isRetryAgent } from "./retrying-dispatcher.js";

/** Returns the current global dispatcher, whether the user set it with undici 6 to 8 or Node.js set it with its own undici. */
export type GetGlobalDispatcher = () => DispatcherLike;

/**
 * Loads undici if no one has yet, and returns a function that returns the current global dispatcher.
 *
 * The function throws a `KioskArgumentError` if that is a `RetryAgent`, which could print a card twice.
 *
 * @throws {KioskArgumentError} if there is no undici at all.
 */
export async function loadGlobalDispatcher(): Promise<GetGlobalDispatcher> {
  const getGlobalDispatcher = await loadUndici("getGlobalDispatcher", {
    argument: "dispatcher",
    fault: "must be given",
  });
  let checked: DispatcherLike | undefined;
  return () => {
    const dispatcher = getGlobalDispatcher();
    if (dispatcher === checked) return dispatcher;
    if (isRetryAgent(dispatcher) || isRetryAgent(unwrappedGlobalDispatcher() ?? dispatcher)) {
      throw new KioskArgumentError(
        "dispatcher",
        "must be given, because undici's global dispatcher is a RetryAgent, which could print a card twice",
      );
    }
    checked = dispatcher;
    return dispatcher;
  };
}
