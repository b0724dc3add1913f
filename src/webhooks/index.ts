/**
 * Verified and typed webhook events, and the order of the states that they report.
 *
 * @module wise-card-kiosk/webhooks
 */

export type { Environment } from "../arguments/environment.js";
export { type AnyKioskError, isKioskError } from "../errors/any-kiosk-error.js";
export { KioskArgumentError } from "../errors/argument-error.js";
export type { DecodeIssue } from "../errors/decode-error.js";
export { KioskError } from "../errors/kiosk-error.js";
export {
  KioskWebhookForeignError,
  KioskWebhookPayloadError,
  KioskWebhookSignatureError,
  type WebhookSignatureReason,
} from "../errors/webhook-errors.js";
export type { Production } from "../production/production.js";
export { eventKey } from "./event/event-key.js";
export {
  type AppliedProductionEvent,
  type AppliedProductionRead,
  applyProductionEvent,
  applyProductionRead,
  type ProductionEventOutcome,
  type ProductionState,
  type ProductionStateCard,
} from "./event/production-state.js";
export type {
  KioskEventDetails,
  KioskOtherEvent,
  KioskProductionEvent,
  KioskWebhookEvent,
} from "./event/webhook-event.js";
export type { KioskWebhookContext, KioskWebhookHandler, KioskWebhookHandlerOptions } from "./http/handler.js";
export type { WebhookRawBody } from "./http/raw-body.js";
export type { HeadersLike, RequestLike, ResponseLike, WebHeaders, WebRequest, WebResponse } from "./http/web-types.js";
export type { WebhookHeaders } from "./http/webhook-headers.js";
export { KioskWebhooks } from "./kiosk-webhooks.js";
export type { KioskWebhooksOptions, WebhookSigner } from "./kiosk-webhooks-options.js";
export type { WebhookCryptoKey, WebhookJwk, WebhookPublicKey } from "./signature/public-key.js";
export { WISE_WEBHOOK_KEYS } from "./signature/webhook-keys.js";
