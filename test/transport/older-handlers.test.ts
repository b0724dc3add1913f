import { Agent, interceptors, MockAgent, Pool, ProxyAgent } from "undici";
import { Agent as Agent6 } from "undici-6";
import { expect, it } from "vitest";
import type { DispatcherLike } from "../../src/transport/dispatcher-like.js";
import { takesOlderHandlers } from "../../src/transport/older-handlers.js";

/** Treats a request that is none as undici 8 does, which does not load under every supported Node.js. */
class DispatcherBase {
  dispatch(options: unknown, handler: { onResponseError?: (controller: null, error: Error) => void }): boolean {
    const error = new Error(`opts must be an object, not ${options}.`);
    if (typeof handler.onResponseError !== "function") throw error;
    handler.onResponseError(null, error);
    return false;
  }
}

class NewerAgent extends DispatcherBase {}

class Overriding extends Agent {
  override dispatch(...given: Parameters<Agent["dispatch"]>): boolean {
    return super.dispatch(...given);
  }
}

function patched(): Agent {
  const agent = new Agent();
  const dispatch = agent.dispatch.bind(agent);
  return Object.assign(agent, { dispatch: (...given: Parameters<Agent["dispatch"]>) => dispatch(...given) });
}

const unreadable = new Proxy(
  {},
  {
    get() {
      throw new Error("This cannot be read");
    },
  },
);

it.each<[string, boolean, object]>([
  ["an Agent of undici 7", true, new Agent()],
  ["a Pool of undici 7", true, new Pool("http://127.0.0.1:1")],
  ["a ProxyAgent, which has a dispatch of its own", false, new ProxyAgent("http://127.0.0.1:1")],
  ["an Agent of undici 6", true, new Agent6()],
  ["an Agent that knows only newer handlers, as of undici 8", false, new NewerAgent()],
  ["a composed Agent", false, new Agent().compose(interceptors.dump())],
  ["a patched Agent", false, patched()],
  ["a class that extends Agent with a dispatch of its own", false, new Overriding()],
  ["a MockAgent", false, new MockAgent()],
  ["an object with a dispatch", false, { dispatch: () => true }],
  ["an object with the dispatch of an Agent", false, { dispatch: new Overriding().dispatch }],
  ["an object without a dispatch", false, {}],
  ["an object that cannot be read", false, unreadable],
])("%s gets a handler of the older generation: %s", (_what, expected, dispatcher) => {
  expect(takesOlderHandlers(dispatcher as DispatcherLike)).toBe(expected);
  expect(takesOlderHandlers(dispatcher as DispatcherLike)).toBe(expected);
});
