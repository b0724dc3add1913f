/**
 * Tests your integration without Wise: it simulates the endpoints for card kiosks, holds sample data, and signs webhooks.
 *
 * @module wise-card-kiosk/testing
 */

export type { SimulatedOperation as KioskOperation } from "../production/operation.js";
export type {
  FailedProduction,
  InProgressProduction,
  ProducedProduction,
  Production,
  ReadyProduction,
  RefusedProduction,
  UnrecognizedProduction,
} from "../production/production.js";
export type { SimulatorFetch, SimulatorFetchInit } from "./adapters/fetch-adapter.js";
export type { ListenOptions } from "./adapters/listen-options.js";
export type { LoopbackServer } from "./adapters/loopback-server.js";
export type {
  AssumedResponse,
  GivenAssumptions,
  KioskSimulatorAssumptions,
  ProduceAssumption,
} from "./api/assumptions.js";
export type { ReceivedRequest } from "./api/received-request.js";
export type { SimulatedCard, SimulatedOutcome, SimulatedRefusal } from "./api/simulated-card.js";
export type { SimulatedResponse } from "./api/simulated-http.js";
export { createKioskSimulator } from "./create-kiosk-simulator.js";
export type {
  DelayedArrival,
  Fault,
  FaultInjection,
  FaultResponse,
  InjectedFault,
} from "./faults/fault.js";
export type { ErrorFixture, ErrorFixtureChanges, ErrorFixtures } from "./fixtures/error-fixtures.js";
export type { ProductionFixtureChanges, ProductionFixtures } from "./fixtures/production-fixtures.js";
export type {
  ProductionEventBody,
  ProductionEventChanges,
  WebhookFixture,
  WebhookFixtures,
} from "./fixtures/webhook-fixtures.js";
export { type Fixtures, fixtures } from "./fixtures.js";
export type {
  DeliverOptions,
  KioskSimulator,
  SimulatorClientOptions,
  SimulatorSubscriptionOptions,
  SimulatorWebhooksOptions,
} from "./kiosk-simulator.js";
export { checkPrintJobStore } from "./print-jobs/check-print-job-store.js";
export type {
  AcceptsToken,
  KioskSimulatorOptions,
  OnUnhandledRequest,
  SimulatedCardOptions,
  SimulatorWebhookOptions,
} from "./simulator/simulator-options.js";
export type { DeliveryAttempt, DeliveryTarget, DeliveryTargetOptions } from "./webhooks/delivery-target.js";
export type { WebhookSchemaVersion } from "./webhooks/production-event-body.js";
export { signWebhook, type WebhookPrivateKey } from "./webhooks/sign-webhook.js";
export type { HeldDeliveries, OnDelivery, WebhookDelivery } from "./webhooks/webhook-delivery.js";
