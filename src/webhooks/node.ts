export type { LambdaHttpEvent } from "./lambda-event.js";
export { type KioskWebhookLambdaHandler, type LambdaHttpResult, lambdaHandler } from "./lambda-handler.js";
export { type KioskWebhookNodeListener, type NodeResponse, nodeListener } from "./node-listener.js";
export type { NodeRequest } from "./node-request.js";
