/** An in-memory simulator of Wise's card kiosk collection, and what else a test of an integration needs. */
export type {
  AssumedAnswer,
  GivenAssumptions,
  KioskSimulatorAssumptions,
  ProduceAssumption,
} from "./assumptions.js";
export { createKioskSimulator } from "./create-kiosk-simulator.js";
export type { DeliveryAttempt, DeliveryTarget, DeliveryTargetOptions } from "./delivery-target.js";
export type { DelayedArrival, Fault, FaultInjection, FaultyAnswer, InjectedFault } from "./fault.js";
export type { SimulatorFetch, SimulatorFetchInit } from "./fetch-door.js";
export type { ErrorFixture, ErrorFixtureChanges, ErrorFixtures } from "./fixtures/error-fixtures.js";
export type { ProductionFixtureChanges, ProductionFixtures } from "./fixtures/production-fixtures.js";
export type {
  ProductionEventBody,
  ProductionEventChanges,
  WebhookFixture,
  WebhookFixtures,
} from "./fixtures/webhook-fixtures.js";
export { type Fixtures, fixtures } from "./fixtures.js";
export type { KioskOperation } from "./kiosk-operation.js";
export type {
  DeliverOptions,
  KioskSimulator,
  SimulatorClientOptions,
  SimulatorWebhooksOptions,
} from "./kiosk-simulator.js";
export type { ListenOptions } from "./listen-options.js";
export type { LoopbackServer } from "./loopback-server.js";
export type { OnUnhandledRequest } from "./on-unhandled-request.js";
export type { WebhookSchemaVersion } from "./production-event-body.js";
export type { ReceivedRequest } from "./received-request.js";
export { signWebhook, type WebhookPrivateKey } from "./sign-webhook.js";
export type { SimulatedCard } from "./simulated-card.js";
export type { SimulatedResponse } from "./simulated-http.js";
export type { SimulatedOutcome, SimulatedRefusal } from "./simulated-outcome.js";
export type {
  AcceptsToken,
  KioskSimulatorOptions,
  SimulatedCardOptions,
  SimulatorWebhookOptions,
} from "./simulator-options.js";
export type { HeldDeliveries, OnDelivery, WebhookDelivery } from "./webhook-delivery.js";
