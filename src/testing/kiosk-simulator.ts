import type { FaultInjection, InjectedFault } from "./fault.js";
import type { SimulatorFetch } from "./fetch-door.js";
import type { LoopbackServer } from "./loopback-server.js";
import type { ReceivedRequest } from "./received-request.js";
import type { SimulatedCard } from "./simulated-card.js";
import type { SimulatedCardOptions } from "./simulator-options.js";

/** What a `WiseKioskClient` needs to talk to a simulator. */
export interface SimulatorClientOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly fetch: SimulatorFetch;
}

/**
 * Wise's card kiosk collection in memory: cards, kiosks and the documented answers, for tests.
 *
 * It can be reached in several ways, and behaves the same in all of them.
 */
export interface KioskSimulator {
  /** Answers as Wise would, whatever the host. For clients that are given a `fetch`, and as a stand-in for the global one. */
  readonly fetch: SimulatorFetch;
  /**
   * A dispatcher for undici 6 to 8 and for Node.js: `setGlobalDispatcher(simulator.dispatcher)`, or the client's option. It
   * answers as Wise would, whatever the host; for other requests see `onUnhandledRequest`.
   *
   * Its type is open because undici wants the class of its own version here. It has `dispatch` and nothing else.
   */
  // biome-ignore lint/suspicious/noExplicitAny: no other type can be given to every version of setGlobalDispatcher
  readonly dispatcher: any;
  /** Opens a real HTTP server on a free port of 127.0.0.1. */
  listen(): Promise<LoopbackServer>;
  /** Options for `new WiseKioskClient(…)`: a base URL that leads nowhere, the token and `fetch`. */
  clientOptions(): SimulatorClientOptions;

  /**
   * The hand on a card.
   *
   * @throws {KioskArgumentError} where there is no such card; the message names the nearest one.
   */
  card(cardToken: string): SimulatedCard;
  /**
   * Adds a card.
   *
   * @throws {KioskArgumentError} where an option is not valid, or the card is there already.
   */
  addCard(card: SimulatedCardOptions): SimulatedCard;

  /**
   * Lets something go wrong: in the next request, or in those that the injection names. Several injections wait in line, and
   * a request meets the first one that is meant for it.
   *
   * At the port of `listen()` a refused connection is a real one: the port is closed until a connection was refused. Which
   * operation it was for can not be known there, so the next connection is refused whatever `operation` says. Refused
   * connections are counted where they are made in the same process; another process finds the port closed until the fault
   * is removed.
   *
   * @throws {KioskArgumentError} where the injection is not valid.
   */
  injectFault(injection: FaultInjection): InjectedFault;
  /**
   * Checks that every injected fault was met, at the end of a test.
   *
   * @throws {Error} that names those that were not.
   */
  assertNoPendingFaults(): void;

  /** Every request received so far, the first one first. Tokens are left out. */
  readonly requests: readonly ReceivedRequest[];
  /** The simulator's time. It follows the system's clock; once set, it stands still until it is moved. */
  get now(): Date;
  set now(time: Date | string);
  /** Moves the simulator's clock on, and lets happen what is due by then. */
  advanceTime(ms: number): void;
  /** How long each answer takes, in milliseconds. */
  latencyMs: number;
  /** Puts everything back to how it was when the simulator was made. */
  reset(): void;
}
