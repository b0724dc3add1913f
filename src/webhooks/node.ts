/**
 * The webhook handler for `node:http`, frameworks based on it, and AWS Lambda.
 *
 * @module wise-card-kiosk/webhooks/node
 */

export type { LambdaHttpEvent } from "./http/lambda-event.js";
export { type KioskWebhookLambdaHandler, type LambdaHttpResult, lambdaHandler } from "./http/lambda-handler.js";
export { type KioskWebhookNodeListener, type NodeResponse, nodeListener } from "./http/node-listener.js";
export type { NodeRequest } from "./http/node-request.js";
