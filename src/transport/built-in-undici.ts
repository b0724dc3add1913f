import type { DispatcherLike } from "./dispatcher-like.js";

/** An undici agent that this package creates and closes. */
export interface AgentLike extends DispatcherLike {
  /** Closes the connections, and fails running requests. */
  destroy(): Promise<void>;
}

/** The exports of undici that this package uses. */
export interface Undici {
  readonly getGlobalDispatcher: () => DispatcherLike;
  readonly Agent: new (options?: object) => AgentLike;
}

/** The key under which every undici, including the one in Node.js, stores the global dispatcher. */
const GLOBAL = Symbol.for("undici.globalDispatcher.1");

/** The key under which newer versions also store it. With undici 8, {@link GLOBAL} holds only a wrapper for older versions. */
const UNWRAPPED = Symbol.for("undici.globalDispatcher.2");

const globals = globalThis as { [GLOBAL]?: DispatcherLike; [UNWRAPPED]?: DispatcherLike };

/** Returns the global dispatcher without undici 8's wrapper for older versions, or `undefined` if no undici has stored it. */
export function unwrappedGlobalDispatcher(): DispatcherLike | undefined {
  return globals[UNWRAPPED];
}

/** Returns the exports that can be recovered from the undici in Node.js, which cannot be imported. Empty if there are none. */
export function builtInUndici(): Partial<Undici> {
  // Reading `Headers` makes Node.js load its undici, which sets the global dispatcher.
  if (globalThis.Headers === undefined) return {};
  const { [GLOBAL]: dispatcher, [UNWRAPPED]: unwrapped = dispatcher } = globals;
  if (dispatcher === undefined) return {};
  const Agent = unwrapped?.constructor as Undici["Agent"];
  const getGlobalDispatcher = () => globals[GLOBAL] ?? dispatcher;
  return Agent.name === "Agent" ? { getGlobalDispatcher, Agent } : { getGlobalDispatcher };
}
