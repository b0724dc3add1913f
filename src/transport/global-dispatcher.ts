import { KioskArgumentError } from "../errors/argument-error.js";
import type { DispatcherLike } from "./dispatcher-like.js";
import { isRetryAgent } from "./retrying-dispatcher.js";

/** Where undici 8 and the Node.js that has it keep what they were given; undici 6 and 7 see it through a wrapper. */
const UNWRAPPED = Symbol.for("undici.globalDispatcher.2");

/**
 * The global dispatcher of this moment, whoever set it: the user with undici 6 to 8, or Node.js with the undici of its own.
 *
 * undici is loaded here and not before, because most of the time that it takes to import this package would go into it.
 */
export async function globalDispatcher(): Promise<DispatcherLike> {
  const { getGlobalDispatcher } = await import("undici");
  const dispatcher = getGlobalDispatcher() as DispatcherLike;
  const unwrapped = (globalThis as { [UNWRAPPED]?: DispatcherLike })[UNWRAPPED] ?? dispatcher;
  if (isRetryAgent(dispatcher) || isRetryAgent(unwrapped)) {
    throw new KioskArgumentError(
      "dispatcher",
      "is undici's global one, and that is a RetryAgent, which would print a card twice; give the client another one",
    );
  }
  return dispatcher;
}
