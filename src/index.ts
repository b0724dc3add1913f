/**
 * The client for Wise's card kiosk collection, what a production means and what to do next, and all errors.
 *
 * @module wise-card-kiosk
 */

export type { Environment } from "./arguments/environment.js";
export type { Exchange, OnExchange } from "./calls/exchange.js";
export type { OnIntent, ProductionIntent } from "./calls/production-intent.js";
export type { ReconciledIntent } from "./calls/reconcile-intent.js";
export type { CardReference } from "./client/card-arguments.js";
export type { CallOptions, WiseKioskClientOptions } from "./client/client-options.js";
export type { ProduceCardRequest } from "./client/produce-card-request.js";
export type { SimulatedStatus, SimulateProductionStatusRequest } from "./client/simulated-status.js";
export { WiseKioskClient } from "./client/wise-kiosk-client.js";
export { parseProduction } from "./decoding/decode-production.js";
export { type AnyKioskError, isKioskError, type KioskErrorCode } from "./errors/any-kiosk-error.js";
export {
  KioskApiError,
  type KioskApiErrorDetails,
  KioskAuthenticationError,
  KioskNotFoundError,
  KioskPermissionError,
  KioskRateLimitError,
  type KioskRateLimitErrorDetails,
  KioskServerError,
  KioskUnprocessableError,
} from "./errors/api-error.js";
export { KioskArgumentError } from "./errors/argument-error.js";
export {
  KioskConnectionError,
  type KioskConnectionErrorDetails,
  KioskTimeoutError,
} from "./errors/connection-error.js";
export { type DecodeIssue, KioskDecodeError, type KioskDecodeErrorDetails } from "./errors/decode-error.js";
export { KioskIntentError } from "./errors/intent-error.js";
export { KioskError, type KioskErrorDetails } from "./errors/kiosk-error.js";
export { mayHaveTakenEffect } from "./errors/may-have-taken-effect.js";
export {
  KioskPrintJobConflictError,
  KioskPrintJobStoreError,
  type KioskPrintJobStoreErrorDetails,
} from "./errors/print-job-errors.js";
export { KioskTokenError } from "./errors/token-error.js";
export { KioskWaitTimeoutError } from "./errors/wait-timeout-error.js";
export {
  KioskWebhookForeignError,
  KioskWebhookPayloadError,
  KioskWebhookSignatureError,
  type WebhookSignatureReason,
} from "./errors/webhook-errors.js";
export type { FollowOptions, WaitOptions } from "./following/follow-options.js";
export type { RefreshedToken } from "./oauth/received-token.js";
export { createRefreshingToken, type RefreshingTokenOptions } from "./oauth/refreshing-token.js";
export type { TokenRequestOptions } from "./oauth/token-request-settings.js";
export type { ApiVersion } from "./options/api-version.js";
export type { EndpointOptions } from "./options/endpoint-options.js";
export type { SendingOptions } from "./options/sending-options.js";
export type {
  PrintJob,
  PrintJobError,
  PrintJobEvidence,
  PrintJobHistoryEntry,
  PrintJobState,
} from "./print-jobs/record/print-job.js";
export { adviceFor, type ProductionAdvice } from "./production/advice-for.js";
export { describeProduction } from "./production/describe-production.js";
export { describeErrorCode } from "./production/error-code-catalogue.js";
export type { ErrorCodeDescription, ErrorCodeKind, NextStep } from "./production/error-code-description.js";
export {
  isProductionErrorCode,
  isRequestErrorCode,
  PRODUCTION_ERROR_CODES,
  type ProductionErrorCode,
  REQUEST_ERROR_CODES,
  type RequestErrorCode,
} from "./production/error-codes.js";
export type { KioskComponent } from "./production/kiosk-component.js";
export type { Operation, WiseOperation } from "./production/operation.js";
export type {
  FailedProduction,
  InProgressProduction,
  ProducedProduction,
  Production,
  ProductionDetails,
  ReadyProduction,
  RefusedProduction,
  UnrecognizedProduction,
} from "./production/production.js";
export { canProduce, isFinal } from "./production/production-flow.js";
export { PRODUCTION_STATUSES, type ProductionStatus } from "./production/production-status.js";
export { isWithinProductionWindow, PRODUCTION_WINDOW_DAYS } from "./production/production-window.js";
export type { TokenContext, TokenProvider } from "./tokens/token-provider.js";
export type {
  DispatchControllerLike,
  DispatcherLike,
  DispatchHandlerLike,
  DispatchOptionsLike,
} from "./transport/dispatcher-like.js";
export type { FetchInitLike, FetchLike, FetchResponseLike } from "./transport/fetch-like.js";
export type { ClientCertificate } from "./transport/mtls-pool.js";
export type { KioskOtherEvent, KioskProductionEvent, KioskWebhookEvent } from "./webhooks/event/webhook-event.js";
