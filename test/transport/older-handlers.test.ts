import { Agent, interceptors, MockAgent, Pool, ProxyAgent } from "undici";
import { Agent as Agent6 } from "undici-6";
import { expect, it, vi } from "vitest";
import type { DispatcherLike } from "../../src/transport/dispatcher-like.js";
import { takesOlderHandlers } from "../../src/transport/older-handlers.js";

const FACTORY = Symbol("factory");
const usualFactory = () => {};

/** Returns an agent whose `dispatch` no test has used before. */
function newAgent(dispatch: (...given: never[]) => unknown, factory: unknown = usualFactory): object {
  class DispatcherBase {}
  Object.assign(DispatcherBase.prototype, { dispatch });
  return new (class Agent extends DispatcherBase {
    [FACTORY] = factory;
  })();
}

const refuseRequest = (options: unknown, { onError }: { onError: (error: Error) => void }) =>
  onError(new Error(`opts must be an object, not ${options}.`));

/** Treats a missing request as undici 8 does. Undici 8 itself does not load under every supported Node.js. */
function refuseInUndici8(options: unknown, handler: { onResponseError?: (controller: null, error: Error) => void }) {
  const error = new Error(`opts must be an object, not ${options}.`);
  if (handler.onResponseError === undefined) throw error;
  handler.onResponseError(null, error);
}

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

/** Returns a dispatcher with classes of these names, which is otherwise like an Agent. */
function named(name: string, baseName: string): object {
  const Base = Object.defineProperty(class {}, "name", { value: baseName });
  Object.assign(Base.prototype, { dispatch: refuseRequest });
  class Derived extends Base {
    [FACTORY] = usualFactory;
  }
  return new (Object.defineProperty(Derived, "name", { value: name }))();
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
  ["an Agent of undici 7 with a pool of bounded size", true, new Agent({ connections: 64 })],
  ["an Agent of undici 7 with a factory", false, new Agent({ factory: (origin) => new Pool(origin) })],
  ["a Pool, which may have a factory", false, new Pool("http://127.0.0.1:1")],
  ["a ProxyAgent, which has a dispatch of its own", false, new ProxyAgent("http://127.0.0.1:1")],
  ["an Agent of undici 6", true, new Agent6()],
  ["an Agent of undici 6 with a factory", false, new Agent6({ factory: (origin) => new Pool(origin) as never })],
  ["an Agent of undici 6 with interceptors", false, new Agent6({ interceptors: { Agent: [] } as never })],
  ["an Agent of undici 6 with interceptors of its pools", false, new Agent6({ interceptors: { Pool: [] } as never })],
  ["an Agent that reports to an older handler", true, newAgent(vi.fn(refuseRequest))],
  ["an Agent that reports nothing", false, newAgent(vi.fn())],
  ["an Agent without the factory that undici has", false, newAgent(vi.fn(refuseRequest), null)],
  ["an Agent that knows only newer handlers, as of undici 8", false, newAgent(vi.fn(refuseInUndici8))],
  ["an Agent of another base", false, named("Agent", "OtherBase")],
  ["another dispatcher of the same base", false, named("OtherAgent", "DispatcherBase")],
  ["a composed Agent", false, new Agent().compose(interceptors.dump())],
  ["a patched Agent", false, patched()],
  ["a class that extends Agent with a dispatch of its own", false, new Overriding()],
  ["a MockAgent", false, new MockAgent()],
  ["an object with a dispatch", false, { dispatch: () => true }],
  ["an object with the dispatch of an Agent", false, { dispatch: new Overriding().dispatch }],
  ["an object without a prototype", false, Object.assign(Object.create(null), { dispatch: () => true })],
  ["an object without a dispatch", false, {}],
  ["an object that cannot be read", false, unreadable],
])("%s gets a handler of the older generation: %s", (_what, expected, dispatcher) => {
  expect(takesOlderHandlers(dispatcher as DispatcherLike)).toBe(expected);
  expect(takesOlderHandlers(dispatcher as DispatcherLike)).toBe(expected);
});

it("an Agent that is patched after its first use gets no handler of the older generation any more", () => {
  const agent = new Agent();
  expect(takesOlderHandlers(agent as unknown as DispatcherLike)).toBe(true);
  Object.assign(agent, { dispatch: patched().dispatch });
  expect(takesOlderHandlers(agent as unknown as DispatcherLike)).toBe(false);
});

it.each<[string, (...given: never[]) => unknown]>([
  ["reports to an older handler", refuseRequest],
  ["throws, as of undici 8", refuseInUndici8],
])("a dispatch that %s is examined once, with no request at all", (_how, respond) => {
  const dispatch = vi.fn(respond);
  const dispatcher = newAgent(dispatch) as DispatcherLike;
  for (let count = 0; count < 3; count += 1) takesOlderHandlers(dispatcher);
  expect(dispatch.mock.calls).toEqual([[null, { onError: expect.any(Function) }]]);
});
