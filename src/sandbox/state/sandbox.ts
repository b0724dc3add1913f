import type { CardState } from "../../testing/api/card-state.js";
import type { ReceivedRequest } from "../../testing/api/received-request.js";
import { SimulatorCore } from "../../testing/simulator/simulator-core.js";
import type { KioskSimulatorOptions } from "../../testing/simulator/simulator-options.js";
import { DeliveryLog, type OnDeliveryNews } from "./delivery-log.js";
import { HiddenCredentials } from "./hidden-credentials.js";
import { InjectedFaults } from "./injected-faults.js";
import { recordBriefly } from "./record-briefly.js";

/** How many requests a sandbox remembers, so that memory does not grow during a long run. */
const REMEMBERED_REQUESTS = 1000;

/** The initial state of a sandbox. */
export interface InitialState {
  readonly simulator: KioskSimulatorOptions;
  /** Whether each print becomes `PRODUCED` without further action. */
  readonly auto: boolean;
  /** The receiver of the webhooks; `null` if there is none. */
  readonly webhookUrl: string | null;
  /** Whether the control API shows the access token. It must not if it is open to the network. */
  readonly showsToken: boolean;
}

/** A simulator with a journal, a receiver of its webhooks, and listeners for every change. */
export class Sandbox {
  readonly core: SimulatorCore;
  readonly faults: InjectedFaults;
  readonly deliveries: DeliveryLog;
  readonly credentials: HiddenCredentials;
  readonly #initial: InitialState;
  readonly #listeners = new Set<() => void>();
  /** Cards whose last outcome comes from {@link auto}. */
  readonly #scripted = new WeakSet<CardState>();
  #auto: boolean;

  /** @throws {KioskArgumentError} if the initial state is invalid; the message names the first problem. */
  constructor(initial: InitialState, onDeliveryNews: OnDeliveryNews) {
    this.#initial = initial;
    this.#auto = initial.auto;
    this.core = new SimulatorCore(initial.simulator);
    // Otherwise anyone in the network could subscribe a URL, and so have the sandbox post to programs of this machine.
    if (!initial.showsToken) this.core.application.clientSecret = this.core.token;
    this.credentials = new HiddenCredentials(this.core.token);
    this.core.record = (request, result) => recordBriefly(request, result, this.credentials);
    this.faults = new InjectedFaults(this.core.faults);
    this.core.faults.onChange(() => this.changed());
    this.deliveries = new DeliveryLog(this.core, (sent, attempt) => {
      onDeliveryNews(sent, attempt);
      this.changed();
    });
    this.deliveries.deliverTo(initial.webhookUrl);
    this.#scriptNextPrints();
    this.core.observe({ onRequest: () => this.#requestReceived(), onCardChange: () => this.#cardChanged() });
  }

  /** The newest requests, oldest first. */
  get requests(): readonly ReceivedRequest[] {
    return this.core.requests;
  }

  /** Whether each print that begins becomes `PRODUCED`, unless the card's own script says otherwise. */
  get auto(): boolean {
    return this.#auto;
  }

  set auto(auto: boolean) {
    this.#auto = auto;
    this.#scriptNextPrints();
  }

  /** The access token; `null` if the control API must not show it. */
  get shownToken(): string | null {
    return this.#initial.showsToken ? this.core.token : null;
  }

  /** Lets a print that the control API has started end by itself if {@link auto} is on, as one that a request has started. */
  printStarted(cardToken: string): void {
    if (!this.#auto) return;
    const card = this.core.card(cardToken);
    // A scripted refusal waits for the next request.
    const [next] = card.outcomes;
    if (typeof next === "string") card.outcomes.shift();
    this.core.endLater(card, card.production, typeof next === "string" ? next : "PRODUCED");
    this.#scriptNextPrints();
  }

  /** Restores the initial state of everything. */
  reset(): void {
    this.faults.clear();
    this.#auto = this.#initial.auto;
    this.deliveries.deliverTo(this.#initial.webhookUrl);
    this.core.reset();
    this.changed();
  }

  /** Calls `listener` after every change. Returns a function that removes the listener. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Calls the listeners. */
  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  /** Stops all timers and deliveries. */
  stop(): void {
    this.deliveries.stop();
    this.core.application.giveUp();
    this.core.clock.reset(undefined);
  }

  #cardChanged(): void {
    this.#scriptNextPrints();
    if (this.core.readLagMs > 0) this.core.clock.after(this.core.readLagMs, () => this.changed());
    this.changed();
  }

  #requestReceived(): void {
    this.#scriptNextPrints();
    this.core.requests.splice(0, this.core.requests.length - REMEMBERED_REQUESTS);
    this.changed();
  }

  #scriptNextPrints(): void {
    for (const card of this.core.cards.values()) {
      if (this.#auto && card.outcomes.length === 0) {
        card.outcomes.push("PRODUCED");
        this.#scripted.add(card);
      } else if (!this.#auto && this.#scripted.delete(card)) {
        card.outcomes.pop();
      }
    }
  }
}
