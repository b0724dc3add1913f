import type { DispatcherLike } from "./dispatcher-like.js";

type Dispatch = DispatcherLike["dispatch"];

/** What is known of each dispatcher, as long as it has this `dispatch`. */
const examined = new WeakMap<DispatcherLike, { readonly dispatch: Dispatch; readonly takes: boolean }>();

/**
 * Returns whether a dispatcher is an `Agent` of undici 6 or 7 that nothing wraps, outside or inside. It works with handlers of
 * the older generation: undici 7 wraps one of the newer generation, and parses all header fields for it, which takes a fifth of the
 * time of a request.
 */
export function takesOlderHandlers(dispatcher: DispatcherLike): boolean {
  try {
    const { dispatch } = dispatcher;
    const known = examined.get(dispatcher);
    if (known?.dispatch === dispatch) return known.takes;
    // If the examination throws, it would do so for every request.
    examined.set(dispatcher, { dispatch, takes: false });
    const takes = isPlainAgent(dispatcher) && reportsToOlderHandlers(dispatch, dispatcher);
    examined.set(dispatcher, { dispatch, takes });
    return takes;
  } catch {
    return false;
  }
}

/**
 * Returns whether a dispatcher is itself an `Agent`, with the `dispatch` that all dispatchers of one undici inherit. A composed,
 * patched or derived one is not. An interceptor or a `factory` in its options may wrap handlers inside it.
 */
function isPlainAgent(dispatcher: DispatcherLike): boolean {
  const agent = Object.getPrototypeOf(dispatcher);
  const base = Object.getPrototypeOf(agent);
  if (agent.constructor.name !== "Agent" || base.constructor.name !== "DispatcherBase") return false;
  if (base.dispatch !== dispatcher.dispatch) return false;
  const usualFactory = findHidden(Reflect.construct(agent.constructor, []), "factory");
  const isUsual = typeof usualFactory === "function" && findHidden(dispatcher, "factory") === usualFactory;
  return isUsual && findHidden<{ interceptors?: unknown }>(dispatcher, "options")?.interceptors === undefined;
}

/** Returns the value of the own symbol with a description, as undici hides its fields. */
function findHidden<T>(dispatcher: object, description: string): T | undefined {
  const symbol = Object.getOwnPropertySymbols(dispatcher).find((each) => each.description === description);
  return symbol && Reflect.get(dispatcher, symbol);
}

/** Offers no request at all, which undici 6 and 7 report to `onError`. Undici 8 does not know that method, and throws. */
function reportsToOlderHandlers(dispatch: Dispatch, dispatcher: DispatcherLike): boolean {
  let reported = false;
  const onError = () => {
    reported = true;
  };
  Reflect.apply(dispatch, dispatcher, [null, { onError }]);
  return reported;
}
