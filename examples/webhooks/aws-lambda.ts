import { lambdaHandler } from "wise-card-kiosk/webhooks/node";
import { callbacks, webhooks } from "./receiver.js";

/** AWS Lambda behind API Gateway, a function URL or an Application Load Balancer. */
export const handler = lambdaHandler(webhooks.handler(callbacks));
