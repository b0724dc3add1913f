export { type KioskWebhookNodeListener, type NodeResponse, nodeListener } from "./node-listener.js";
export type { NodeRequest } from "./node-request.js";
