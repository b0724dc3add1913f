import { Buffer } from "node:buffer";
import { KioskArgumentError } from "../../errors/argument-error.js";
import { rawBodyError } from "./raw-body.js";
import { toWebRequest } from "./web-request.js";
import type { WebRequest } from "./web-types.js";

/**
 * The relevant part of the event of an API Gateway REST API or HTTP API (payload versions 1.0 and 2.0), a Lambda function URL or
 * an Application Load Balancer (with and without multi-value headers).
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/lambda-functions.html
 */
export interface LambdaHttpEvent {
  /** The method, except in payload version 2.0, which has it at `requestContext.http.method`. */
  readonly httpMethod?: string | undefined;
  /** The path, except in payload version 2.0. */
  readonly path?: string | undefined;
  /** The path in payload version 2.0. */
  readonly rawPath?: string | undefined;
  /** The headers, with one value each. */
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined;
  /** The headers with all their values, if the sender supports that. They take precedence over `headers`. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[] | undefined>> | null | undefined;
  /** The cookies in payload version 2.0, which leaves them out of the headers. */
  readonly cookies?: readonly string[] | null | undefined;
  /** The body: text, or Base64 if `isBase64Encoded` is `true`. */
  readonly body?: string | null | undefined;
  /** Whether `body` is in Base64. */
  readonly isBase64Encoded?: boolean | undefined;
  /** The context: it contains the method in payload version 2.0, and `elb` if a load balancer sends the event. */
  readonly requestContext?: object | undefined;
}

/** The facts in an event, each read once. Nothing about them is guaranteed: anything may invoke a function, with any event. */
export interface LambdaEventFacts {
  readonly method: unknown;
  readonly path: unknown;
  readonly headers: Readonly<Record<string, unknown>> | undefined;
  readonly multiValueHeaders: Readonly<Record<string, unknown>> | undefined;
  readonly cookies: unknown;
  readonly body: unknown;
  readonly isBase64Encoded: unknown;
  /** Whether an Application Load Balancer sent the event. */
  readonly isOfLoadBalancer: boolean;
}

/** Reads the facts in an event, whatever the event is. If it cannot be read, the facts are empty. */
export function parseLambdaEvent(event: unknown): LambdaEventFacts {
  try {
    return findFacts(event);
  } catch {
    return findFacts(undefined);
  }
}

function findFacts(event: unknown): LambdaEventFacts {
  const { httpMethod, path, rawPath, headers, multiValueHeaders, cookies, body, isBase64Encoded, requestContext } =
    toRecord(event) ?? {};
  const { http, elb } = toRecord(requestContext) ?? {};
  return {
    method: httpMethod ?? toRecord(http)?.["method"],
    path: path ?? rawPath,
    headers: toRecord(headers),
    multiValueHeaders: toRecord(multiValueHeaders),
    cookies,
    body,
    isBase64Encoded,
    isOfLoadBalancer: elb !== undefined,
  };
}

/**
 * Returns the HTTP request that an event describes.
 *
 * @throws {KioskArgumentError} if it is not an HTTP event.
 */
export async function lambdaToWebRequest(event: LambdaEventFacts): Promise<WebRequest> {
  const { method, path, cookies } = event;
  if (typeof method !== "string") {
    throw new KioskArgumentError(
      "event",
      "must be an HTTP event from API Gateway, a function URL or an Application Load Balancer: check what invokes this function",
    );
  }
  const headers = { ...(Array.isArray(cookies) && { cookie: cookies.join("; ") }), ...collectHeaders(event) };
  return toWebRequest({ method, url: path, headers }, async () => decodeEventBody(event));
}

/** Merges both kinds of headers. A single-value header counts only if there is no multi-value header of that name. */
function collectHeaders({ headers = {}, multiValueHeaders = {} }: LambdaEventFacts): Record<string, unknown> {
  const names = new Set(Object.keys(multiValueHeaders).map((name) => name.toLowerCase()));
  const others = Object.entries(headers).filter(([name]) => !names.has(name.toLowerCase()));
  return { ...Object.fromEntries(others), ...multiValueHeaders };
}

function decodeEventBody({ body, isBase64Encoded }: LambdaEventFacts): Uint8Array<ArrayBuffer> {
  if (body !== undefined && body !== null && typeof body !== "string") throw rawBodyError();
  return new Uint8Array(Buffer.from(body ?? "", isBase64Encoded === true ? "base64" : "utf8"));
}

function toRecord(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : undefined;
}
