import { STATUS_CODES } from "node:http";
import type { KioskWebhookHandler } from "./handler.js";
import { type LambdaEventFacts, type LambdaHttpEvent, lambdaToWebRequest, parseLambdaEvent } from "./lambda-event.js";
import { checkHandler, type ReadResponse, runHandler } from "./web-request.js";

/** The response in the format that API Gateway, function URLs and Application Load Balancers accept. */
export interface LambdaHttpResult {
  /** The status of the response. */
  statusCode: number;
  /** The status with its reason phrase, such as `200 OK`. Present for a load balancer only. */
  statusDescription?: string;
  /** The headers of the response. Present unless the event has only `multiValueHeaders`. */
  headers?: Record<string, string>;
  /** The same headers as lists. Present if the event has `multiValueHeaders`: a load balancer that sends them ignores `headers`. */
  multiValueHeaders?: Record<string, string[]>;
  /** The body of the response, as text. */
  body: string;
  /** Whether `body` is in Base64: always `false`. */
  isBase64Encoded: boolean;
}

/** A handler for AWS Lambda. It never rejects. */
export type KioskWebhookLambdaHandler = (event: LambdaHttpEvent) => Promise<LambdaHttpResult>;

/**
 * Turns a handler into one for AWS Lambda, behind an API Gateway REST API or HTTP API (payload versions 1.0 and 2.0), a function
 * URL or an Application Load Balancer (with and without multi-value headers).
 *
 * Every event gets a result. If the event is not an HTTP request, or its body is not text, the status is 500 and the `onError`
 * of the handler is called. A GET, such as a health check of a load balancer, gets a 405: set 405 as its success code, or leave
 * health checks disabled, which is the default for Lambda targets.
 *
 * If a function around the handler throws or returns no `Response`, the status is 500, and Node.js prints the error as a
 * `KioskWebhookWarning`, which `process.on("warning", …)` receives.
 *
 * @example
 * ```ts
 * import { KioskWebhooks } from "wise-card-kiosk/webhooks";
 * import { lambdaHandler } from "wise-card-kiosk/webhooks/node";
 *
 * const webhooks = new KioskWebhooks({ environment: "sandbox", subscriptionIds });
 * const handler = lambdaHandler(webhooks.handler({ onProduction: store }));
 * console.log((await handler({ httpMethod: "GET", path: "/", headers: {}, body: null })).statusCode);
 * // → 405
 * ```
 *
 * @throws {KioskArgumentError} if `handler` is not a function.
 */
export function lambdaHandler(handler: KioskWebhookHandler): KioskWebhookLambdaHandler {
  checkHandler(handler);
  return async (event) => {
    const facts = parseLambdaEvent(event);
    return toLambdaResult(await runHandler(handler, lambdaToWebRequest(facts)), facts);
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
