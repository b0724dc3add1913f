import { describeValue, mustBe } from "../../arguments/found-value.js";
import { KioskArgumentError } from "../../errors/argument-error.js";
import type { Production } from "../../production/production.js";
import { nearestMatch } from "../../text/nearest-match.js";
import { CardState } from "../api/card-state.js";
import { type ConnectionOutcome, seenOutcome } from "../api/connection-outcome.js";
import { type CardEffect, endedProduction, type RequestContext, type VisibleCard } from "../api/handle-card-request.js";
import { type HandledRequest, handleRequest, hasChanged, type SimulatorState } from "../api/handle-request.js";
import type { ApplicationState } from "../api/handle-subscription-request.js";
import { type ReceivedRequest, receivedRequest } from "../api/received-request.js";
import type { SimulatedRequest } from "../api/simulated-http.js";
import { isDelayedArrival } from "../faults/fault.js";
import { FaultQueue, type MatchedFault } from "../faults/fault-queue.js";
import { findPrecisionMs, productionEventBodies } from "../webhooks/production-event-body.js";
import { WebhookOutbox } from "../webhooks/webhook-outbox.js";
import { parseSimulatedCard, parseSimulatorOptions } from "./parse-simulator-options.js";
import { SimulatedApplication } from "./simulated-application.js";
import { SimulatorClock } from "./simulator-clock.js";
import type { KioskSimulatorOptions, OnUnhandledRequest, SimulatedCardOptions } from "./simulator-options.js";

/** Callbacks for what happens in a simulator. */
export interface SimulatorObserver {
  /** Called with every request, after its effect. */
  readonly onRequest: (request: ReceivedRequest) => void;
  /** Called with a card that was added or reset, or whose status has changed. */
  readonly onCardChange: (card: CardState) => void;
}

/** The state of a simulator, and everything that changes it. All adapters share it. */
export class SimulatorCore implements SimulatorState {
  readonly faults = new FaultQueue();
  readonly clock = new SimulatorClock();
  readonly outbox = new WebhookOutbox();
  readonly application: SimulatedApplication;
  readonly cards = new Map<string, CardState>();
  readonly requests: ReceivedRequest[] = [];
  /** Returns what is kept of a request. A sandbox keeps less. */
  record = receivedRequest;
  readonly token: string;
  latencyMs = 0;
  readLagMs = 0;
  readonly #options: ReturnType<typeof parseSimulatorOptions>;
  readonly #kiosks: ReadonlySet<string>;
  readonly #cardOptions = new Map<string, SimulatedCardOptions>();
  readonly #observers = new Set<SimulatorObserver>();

  constructor(options: KioskSimulatorOptions) {
    this.#options = parseSimulatorOptions(options);
    this.#kiosks = new Set(this.#options.kiosks);
    this.application = new SimulatedApplication(this.#options.webhooks.clientId, this.outbox);
    this.token = this.#options.token ?? `simulator-${crypto.randomUUID()}`;
    this.reset();
  }

  get subscriptionId(): string {
    return this.#options.webhooks.subscriptionId;
  }

  get kiosks(): readonly string[] {
    return [...this.#kiosks];
  }

  get firstKiosk(): string {
    return this.#options.kiosks[0] ?? "";
  }

  get onUnhandledRequest(): OnUnhandledRequest {
    return this.#options.onUnhandledRequest;
  }

  get now(): Date {
    return this.clock.now;
  }

  /** Restores the initial state. */
  reset(): void {
    this.clock.reset(this.#options.now);
    this.latencyMs = this.#options.latencyMs;
    this.readLagMs = this.#options.readLagMs;
    this.faults.clear();
    this.outbox.clear();
    this.application.clear();
    this.requests.length = 0;
    this.cards.clear();
    this.#cardOptions.clear();
    for (const card of this.#options.cards) this.addCard(card);
  }

  /** Reports what happens from now on. Returns a function that ends that. */
  observe(observer: SimulatorObserver): () => void {
    this.#observers.add(observer);
    return () => this.#observers.delete(observer);
  }

  addCard(options: SimulatedCardOptions): CardState {
    const card = this.#createCard(options);
    if (this.cards.has(card.cardToken)) throw new KioskArgumentError("cardToken", `${card.cardToken} already exists`);
    this.#cardOptions.set(card.cardToken, options);
    this.#putCard(card);
    return card;
  }

  /**
   * Restores the initial state of a card. It sends no webhook.
   *
   * @throws {KioskArgumentError} if there is no such card.
   */
  resetCard(cardToken: string): void {
    const known = this.card(cardToken);
    // Every card was added with options.
    this.#putCard(this.#createCard(this.#cardOptions.get(known.cardToken) as SimulatedCardOptions));
  }

  #createCard(options: SimulatedCardOptions): CardState {
    const { productionDelayMs, webhooks } = this.#options;
    const precisionMs = findPrecisionMs(webhooks.schemaVersion);
    return new CardState(parseSimulatedCard(options, { now: this.now, productionDelayMs, precisionMs }));
  }

  #putCard(card: CardState): void {
    this.cards.set(card.cardToken, card);
    for (const { onCardChange } of this.#observers) onCardChange(card);
  }

  card(cardToken: string): CardState {
    this.clock.catchUp();
    const card = this.cards.get(cardToken);
    if (card !== undefined) return card;
    if (typeof cardToken !== "string") throw mustBe("cardToken", "the token of a card", describeValue(cardToken));
    const nearest = nearestMatch(cardToken, this.cards.keys());
    const advice = nearest === undefined ? "it has no cards" : `did you mean ${nearest}?`;
    throw new KioskArgumentError("cardToken", `${cardToken} is not a card of this simulator; ${advice}`);
  }

  acceptsToken(token: string, profileId: string): boolean {
    return this.#options.acceptsToken?.(token, { profileId }) ?? token === this.token;
  }

  acceptsClientToken(token: string): boolean {
    return this.application.acceptsToken(token, this.now);
  }

  get applicationState(): ApplicationState {
    return this.application.asOf(this.now, this.#options.assumptions.listShowsCreatedAt);
  }

  contextFor(card: CardState): RequestContext {
    const { now, firstKiosk } = this;
    const { assumptions } = this.#options;
    return { kiosks: this.#kiosks, firstKiosk, assumptions, now, occurredAt: card.nextTimestamp(now) };
  }

  readableState(card: CardState): VisibleCard {
    return this.readLagMs === 0 ? card : card.asOf(this.now.getTime() - this.readLagMs);
  }

  /** Handles a request now, or later if its fault delays it, and returns what the sender sees. */
  receive(request: SimulatedRequest, matched: MatchedFault | undefined): ConnectionOutcome {
    this.clock.catchUp();
    if (matched === undefined || !isDelayedArrival(matched.fault)) return this.#respond(request, matched);
    this.clock.after(matched.fault.arrivesAfterMs, () => void this.#respond(request, matched));
    return { kind: "closed" };
  }

  /** Responds to a request as its fault says, records it, and applies its effect unless the fault prevents that. */
  #respond(request: SimulatedRequest, matched: MatchedFault | undefined): ConnectionOutcome {
    const at = this.now;
    const handled = handleRequest(request, this);
    const takesEffect = matched?.takesEffect ?? true;
    const headers = { ...this.#commonHeaders(request), ...handled.response.headers };
    const response = { ...handled.response, headers };
    const outcome = seenOutcome(request.method, response, matched?.fault);
    const tookEffect = takesEffect && hasChanged(handled);
    const isUnauthorized = handled.response.status === 401;
    const received = this.record(request, { at, outcome, fault: matched?.fault, tookEffect, isUnauthorized });
    this.requests.push(received);
    if (takesEffect) this.#applyEffect(handled);
    for (const { onRequest } of this.#observers) onRequest(received);
    return outcome;
  }

  /** Changes the status of a card, whatever the cause, and sends the webhooks. */
  changeStatus(card: CardState, production: Production): void {
    card.transitionTo(production, this.now);
    const { webhooks } = this.#options;
    this.outbox.notify(productionEventBodies(card, production, webhooks, this));
    this.application.notify((subscription) => productionEventBodies(card, production, subscription, this));
    this.#wakeWhenReadable();
    for (const { onCardChange } of this.#observers) onCardChange(card);
  }

  #applyEffect({ effect }: HandledRequest): void {
    switch (effect?.kind) {
      case "card":
        this.#applyCardEffect(effect.cardToken, effect.effect);
        break;
      case "subscribe":
        this.application.subscribe(effect.subscription);
        break;
      case "unsubscribe":
        this.application.unsubscribe(effect.subscriptionId);
        break;
      case "test":
        this.application.sendTest(effect, this);
        break;
      case "issue-token":
        this.application.addToken(effect);
    }
  }

  #applyCardEffect(cardToken: string, effect: CardEffect): void {
    const card = this.cards.get(cardToken);
    if (card === undefined) return;
    if (effect.kind === "refuse") {
      if (effect.scripted) card.outcomes.shift();
      if (this.#options.assumptions.refusalIsRead) card.showRefusal(effect.production, this.now);
      return;
    }
    this.changeStatus(card, effect.production);
    const outcome = effect.kind === "start" ? card.outcomes.shift() : undefined;
    if (typeof outcome === "string") this.endLater(card, effect.production, outcome);
  }

  /** Ends a production with `PRODUCED` or an error code, after the kiosk's delay, unless the card has changed meanwhile. */
  endLater(card: CardState, started: Production | undefined, outcome: string): void {
    this.clock.after(card.productionDelayMs, () => {
      if (card.production !== started || this.cards.get(card.cardToken) !== card) return;
      const errorCode = outcome === "PRODUCED" ? undefined : outcome;
      this.changeStatus(card, endedProduction(started, errorCode, this.contextFor(card)));
    });
  }

  /** Sets a timer for when reads show the change. If only timers are mocked, the clock moves only when one fires. */
  #wakeWhenReadable(): void {
    if (this.readLagMs > 0) this.clock.after(this.readLagMs, () => {});
  }

  #commonHeaders({ headers }: SimulatedRequest): Record<string, string> {
    const correlationId = headers["x-external-correlation-id"];
    return {
      date: this.now.toUTCString(),
      "x-trace-id": crypto.randomUUID().replaceAll("-", ""),
      // Wise ignores longer correlation ids.
      ...(correlationId !== undefined && correlationId.length <= 36
        ? { "x-external-correlation-id": correlationId }
        : {}),
    };
  }
}
