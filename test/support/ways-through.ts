import { type Agent, setGlobalDispatcher, fetch as undiciFetch } from "undici";
import type { WiseKioskClientOptions } from "../../src/index.js";

/** Returns the options with which a client sends through an agent. */
export type Through = (agent: Agent) => Pick<WiseKioskClientOptions, "dispatcher" | "fetch">;

/** The ways in which a client can send through one agent. The first one sets the global dispatcher. */
export const WAYS: readonly (readonly [string, Through])[] = [
  [
    "the default dispatcher",
    (agent) => {
      setGlobalDispatcher(agent);
      return {};
    },
  ],
  ["a dispatcher", (dispatcher) => ({ dispatcher })],
  ["a fetch", (dispatcher) => ({ fetch: (url, init) => undiciFetch(url, { ...init, dispatcher }) })],
];
