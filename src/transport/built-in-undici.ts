import type { DispatcherLike } from "./dispatcher-like.js";

/** An agent that this package creates, and closes. */
export interface AgentLike extends DispatcherLike {
  close(): Promise<void>;
}

/** What this package uses of undici. */
export interface Undici {
  readonly getGlobalDispatcher: () => DispatcherLike;
  readonly Agent: new (options?: object) => AgentLike;
}

/** Where every undici, including that of Node.js, keeps the global dispatcher. */
const GLOBAL = Symbol.for("undici.globalDispatcher.1");

/** Where undici 8, and a Node.js that contains it, keeps the global dispatcher; older ones find a wrapper of it in the other place. */
const UNWRAPPED = Symbol.for("undici.globalDispatcher.2");

const globals = globalThis as { [GLOBAL]?: DispatcherLike; [UNWRAPPED]?: DispatcherLike };

/** Returns the global dispatcher without the wrapper for older versions of undici, if there is one. */
export function unwrappedGlobalDispatcher(): DispatcherLike | undefined {
  return globals[UNWRAPPED];
}

/** Returns what can be had of the undici that is built into Node.js, which is no module that could be imported. */
export function builtInUndici(): Partial<Undici> {
  // Reading `Headers` makes Node.js load its undici, which then sets the global dispatcher.
  if (globalThis.Headers === undefined) return {};
  const { [GLOBAL]: dispatcher, [UNWRAPPED]: unwrapped = dispatcher } = globals;
  if (dispatcher === undefined) return {};
  const Agent = unwrapped?.constructor as Undici["Agent"];
  const getGlobalDispatcher = () => dispatcher;
  return Agent.name === "Agent" ? { getGlobalDispatcher, Agent } : { getGlobalDispatcher };
}
