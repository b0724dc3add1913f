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
