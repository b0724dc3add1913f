import { STATUS_CODES } from "node:http";
import type { KioskWebhookHandler } from "./handler.js";
import { type LambdaEventFacts, type LambdaHttpEvent, parseLambdaEvent, webRequestOfEvent } from "./lambda-event.js";
import { checkHandler, type ReadResponse, respond } from "./web-request.js";

/** The response as API Gateway, function URLs and Application Load Balancers take it. */
export interface LambdaHttpResult {
  statusCode: number;
  /** Status and reason. Only for a load balancer. */
  statusDescription?: string;
  /** Present unless the event has `multiValueHeaders` alone. */
  headers?: Record<string, string>;
  /** Present if the event has `multiValueHeaders`: a load balancer that sends those ignores `headers`. */
  multiValueHeaders?: Record<string, string[]>;
  body: string;
  isBase64Encoded: boolean;
}

/** A handler for AWS Lambda. It never rejects. */
export type KioskWebhookLambdaHandler = (event: LambdaHttpEvent) => Promise<LambdaHttpResult>;

/**
 * Turns a handler into one for AWS Lambda, behind an API Gateway REST API or HTTP API (payload versions 1.0 and 2.0), a function
 * URL or an Application Load Balancer (with and without multi-value headers).
 *
 * Every event gets a result. One that stands for no HTTP request, or whose body is not text, gets a 500, and `onError` of the
 * handler is told. A GET, such as a health check of a load balancer, gets a 405: set 405 as its success code, or leave health
 * checks disabled, which is the default for Lambda functions.
 *
 * @example
 * export const handler = lambdaHandler(webhooks.handler({ onProduction }));
 *
 * @throws {KioskArgumentError} if `handler` is not a function.
 */
export function lambdaHandler(handler: KioskWebhookHandler): KioskWebhookLambdaHandler {
  checkHandler(handler);
  return async (event) => {
    const facts = parseLambdaEvent(event);
    return toLambdaResult(await respond(handler, webRequestOfEvent(facts)), facts);
  };
}

function toLambdaResult({ status, headers, body }: ReadResponse, event: LambdaEventFacts): LambdaHttpResult {
  const { multiValueHeaders, isOfLoadBalancer } = event;
  const isMultiValueOnly = multiValueHeaders !== undefined && event.headers === undefined;
  return {
    statusCode: status,
    ...(isOfLoadBalancer && { statusDescription: `${status} ${STATUS_CODES[status] ?? ""}`.trimEnd() }),
    ...(!isMultiValueOnly && { headers: Object.fromEntries(headers) }),
    ...(multiValueHeaders !== undefined && {
      multiValueHeaders: Object.fromEntries(headers.map(([name, value]) => [name, [value]])),
    }),
    body: new TextDecoder().decode(body),
    isBase64Encoded: false,
  };
}
