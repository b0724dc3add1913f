import type { LambdaHttpEvent } from "wise-card-kiosk/webhooks/node";

/** A request as a gateway receives it. */
export interface GatewayRequest {
  readonly method: string;
  /** The path, without a query. */
  readonly path: string;
  /** In the order and letter case in which they arrived. A name may occur twice. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

type MakeEvent = (request: GatewayRequest, isBase64Encoded: boolean) => LambdaHttpEvent;

/** Creates the event by which each AWS gateway describes a request, after the examples in its documentation. */
export const EVENTS = {
  "API Gateway REST API": (request, isBase64Encoded) => ({
    resource: "/wise",
    path: request.path,
    httpMethod: request.method,
    headers: lastValues(request),
    multiValueHeaders: allValues(request),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: {
      accountId: "123456789012",
      stage: "prod",
      httpMethod: request.method,
      path: `/prod${request.path}`,
    },
    body: encodeBody(request, isBase64Encoded) ?? null,
    isBase64Encoded,
  }),
  "API Gateway HTTP API, payload 1.0": (request, isBase64Encoded) => ({
    version: "1.0",
    resource: "/wise",
    path: request.path,
    httpMethod: request.method,
    headers: lastValues(lowerCased(request)),
    multiValueHeaders: allValues(lowerCased(request)),
    queryStringParameters: null,
    requestContext: { accountId: "123456789012", httpMethod: request.method },
    body: encodeBody(request, isBase64Encoded) ?? null,
    isBase64Encoded,
  }),
  "API Gateway HTTP API, payload 2.0": (request, isBase64Encoded) => eventOfVersion2(request, isBase64Encoded),
  "a function URL": (request, isBase64Encoded) => eventOfVersion2(request, isBase64Encoded),
  "an Application Load Balancer": (request, isBase64Encoded) => ({
    requestContext: {
      elb: { targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/wise/1" },
    },
    httpMethod: request.method,
    path: request.path,
    queryStringParameters: {},
    headers: lastValues(lowerCased(request)),
    body: encodeBody(request, isBase64Encoded) ?? "",
    isBase64Encoded,
  }),
  "an Application Load Balancer with multi-value headers": (request, isBase64Encoded) => ({
    requestContext: {
      elb: { targetGroupArn: "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/wise/1" },
    },
    httpMethod: request.method,
    path: request.path,
    multiValueQueryStringParameters: {},
    multiValueHeaders: allValues(lowerCased(request)),
    body: encodeBody(request, isBase64Encoded) ?? "",
    isBase64Encoded,
  }),
} as const satisfies Record<string, MakeEvent>;

/** Returns an event that has `body` and `cookies` only if the request has them. */
function eventOfVersion2(request: GatewayRequest, isBase64Encoded: boolean): LambdaHttpEvent {
  const body = encodeBody(request, isBase64Encoded);
  const cookies = request.headers.filter(([name]) => name.toLowerCase() === "cookie").map(([, value]) => value);
  const event = {
    version: "2.0",
    routeKey: "$default",
    rawPath: request.path,
    rawQueryString: "",
    ...(cookies.length > 0 && { cookies }),
    headers: joinedValues(lowerCased(request)),
    requestContext: {
      accountId: "123456789012",
      http: { method: request.method, path: request.path, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "" },
      stage: "$default",
    },
    ...(body !== undefined && { body }),
    isBase64Encoded,
  };
  return event;
}

function encodeBody({ body }: GatewayRequest, isBase64Encoded: boolean): string | undefined {
  return body.length === 0 ? undefined : Buffer.from(body).toString(isBase64Encoded ? "base64" : "utf8");
}

function lowerCased(request: GatewayRequest): GatewayRequest {
  return { ...request, headers: request.headers.map(([name, value]) => [name.toLowerCase(), value]) };
}

function allValues({ headers }: GatewayRequest): Record<string, string[]> {
  const values: Record<string, string[]> = {};
  for (const [name, value] of headers) values[name] = [...(values[name] ?? []), value];
  return values;
}

function lastValues({ headers }: GatewayRequest): Record<string, string> {
  return Object.fromEntries(headers);
}

function joinedValues(request: GatewayRequest): Record<string, string> {
  const { cookie: _, ...values } = allValues(request);
  return Object.fromEntries(Object.entries(values).map(([name, all]) => [name, all.join(",")]));
}
