import { describe, expect, it, onTestFinished, vi } from "vitest";
import { type KioskWebhookHandlerOptions, KioskWebhooks } from "wise-card-kiosk/webhooks";
import { type LambdaHttpEvent, type LambdaHttpResult, lambdaHandler } from "wise-card-kiosk/webhooks/node";
import { productionBody } from "../support/event-bodies.js";
import { EVENTS, type GatewayRequest } from "../support/lambda-events.js";
import { signedHeaders, wise } from "../support/signed-delivery.js";

function watched(options: Partial<KioskWebhookHandlerOptions> = {}) {
  const onProduction = vi.fn(options.onProduction ?? (() => {}));
  const onError = vi.fn(options.onError ?? (() => {}));
  const webhooks = new KioskWebhooks({ publicKeys: [wise.publicKey] });
  return { handler: lambdaHandler(webhooks.handler({ ...options, onProduction, onError })), onProduction, onError };
}

/** Creates a delivery as Wise sends it. */
function request(body: string | Uint8Array = productionBody(), more: Partial<GatewayRequest> = {}): GatewayRequest {
  return {
    method: "POST",
    path: "/wise",
    headers: Object.entries(signedHeaders(body)),
    body: Buffer.from(body),
    ...more,
  };
}

function joinHeaders({ headers, multiValueHeaders }: LambdaHttpResult): Record<string, string | undefined> {
  if (headers !== undefined) return headers;
  return Object.fromEntries(Object.entries(multiValueHeaders ?? {}).map(([name, values]) => [name, values.join()]));
}

describe.each(Object.entries(EVENTS))("lambdaHandler behind %s", (name, makeEvent) => {
  const isLoadBalancer = name.includes("Load Balancer");

  it.each([
    ["as text", false],
    ["as Base64", true],
  ])("accepts a delivery with the body %s", async (_, isBase64Encoded) => {
    const { handler, onProduction, onError } = watched();
    const body = productionBody({ data: { description: "Käse 💳" } });
    const result = await handler(makeEvent(request(body), isBase64Encoded));
    expect(result).toMatchObject({ statusCode: 200, body: '{"status":"ok"}', isBase64Encoded: false });
    expect(onProduction).toHaveBeenCalledOnce();
    expect(onProduction.mock.calls[0]?.[0].production.description).toBe("Käse 💳");
    expect(onProduction.mock.calls[0]?.[0].deliveryId).toBe(signedHeaders(body)["X-Delivery-Id"]);
    expect(onProduction.mock.calls[0]?.[1].headers.get("x-delivery-id")).toBe(signedHeaders(body)["X-Delivery-Id"]);
    expect(onError).not.toHaveBeenCalled();
  });

  it("verifies a binary body in Base64", async () => {
    const { handler } = watched({ invalidSignatureStatus: 418 });
    const bytes = Uint8Array.of(0xff, 0xfe, 0, 1);
    expect((await handler(makeEvent(request(bytes), true))).statusCode).toBe(500);
    expect((await handler(makeEvent(request(bytes, { body: bytes.subarray(1) }), true))).statusCode).toBe(418);
  });

  it.each(["GET", "HEAD", "OPTIONS", "PUT"])("responds to a %s without a body with 405", async (method) => {
    const { handler, onProduction, onError } = watched();
    const probe = request("", { method, headers: [["User-Agent", "ELB-HealthChecker/2.0"]] });
    for (const isBase64Encoded of [false, true]) {
      const result = await handler(makeEvent(probe, isBase64Encoded));
      expect(result.statusCode).toBe(405);
      expect(joinHeaders(result)).toMatchObject({ allow: "POST" });
    }
    expect(onProduction).not.toHaveBeenCalled();
    expect(onError).toHaveBeenCalledTimes(2);
  });

  it("responds to a POST without a body as to any unsigned request", async () => {
    const { handler, onError } = watched();
    expect((await handler(makeEvent(request(""), false))).statusCode).toBe(503);
    expect((await handler(makeEvent(request("", { headers: [] }), true))).statusCode).toBe(503);
    expect(onError.mock.calls.map(([error]) => (error as { reason: string }).reason)).toEqual(["mismatch", "missing"]);
  });

  it("rejects a signature that appears twice", async () => {
    const { handler, onProduction, onError } = watched();
    const { headers, ...delivery } = request();
    const result = await handler(makeEvent({ ...delivery, headers: [...headers, ...headers] }, false));
    const isSeen = name !== "an Application Load Balancer";
    expect(result.statusCode).toBe(isSeen ? 503 : 200);
    expect(onProduction).toHaveBeenCalledTimes(isSeen ? 0 : 1);
    if (isSeen) expect(onError.mock.calls[0]?.[0]).toMatchObject({ reason: "malformed" });
  });

  it("rejects a body above 1 MiB", async () => {
    const { handler } = watched();
    const body = productionBody();
    for (const isBase64Encoded of [false, true]) {
      const large = makeEvent(request(body + " ".repeat(2 ** 20)), isBase64Encoded);
      expect((await handler(large)).statusCode).toBe(413);
    }
    const largest = makeEvent(request(body + " ".repeat(2 ** 20 - body.length)), true);
    expect((await handler(largest)).statusCode).toBe(200);
  });

  it("formats the result in the style of the event", async () => {
    const ok = makeEvent(request(), false);
    const refused = makeEvent(request("forged", { headers: [] }), false);
    for (const [event, statusCode, reasonPhrase] of [
      [ok, 200, " OK"],
      [refused, 418, " I'm a Teapot"],
      [refused, 599, ""],
    ] as const) {
      const result = await watched(event === refused ? { invalidSignatureStatus: statusCode } : {}).handler(event);
      expect(result.statusCode).toBe(statusCode);
      expect("headers" in result).toBe("headers" in event);
      expect("multiValueHeaders" in result).toBe("multiValueHeaders" in event);
      expect(joinHeaders(result)).toMatchObject({ "content-type": "application/json" });
      expect(result.statusDescription).toBe(isLoadBalancer ? `${statusCode}${reasonPhrase}` : undefined);
      expect(JSON.parse(JSON.stringify(result))).toStrictEqual(result);
    }
  });

  it("passes method, path and headers to the handler", async () => {
    const requests: Request[] = [];
    const handler = lambdaHandler(async (received) => {
      requests.push(received);
      return new Response("käse", { status: 202, headers: { "X-Answer": "yes" } });
    });
    const headers = [
      ["X-Question", "well"],
      ["Cookie", "a=1"],
    ] as const;
    const result = await handler(makeEvent(request("x", { path: "/hooks/wise", headers }), false));
    expect(result).toMatchObject({ statusCode: 202, body: "käse" });
    expect(joinHeaders(result)).toMatchObject({ "x-answer": "yes" });
    expect(requests[0]).toMatchObject({ method: "POST", url: "http://localhost/hooks/wise" });
    expect(requests[0]?.headers.get("x-question")).toBe("well");
    expect(requests[0]?.headers.get("cookie")).toBe("a=1");
  });

  it("responds with 500 if a callback throws", async () => {
    const { handler, onError } = watched({ onProduction: () => Promise.reject(new Error("database down")) });
    expect((await handler(makeEvent(request(), false))).statusCode).toBe(500);
    expect(String(onError.mock.calls[0]?.[0])).toBe("Error: database down");
  });
});

describe("an event that is not an HTTP request", () => {
  const throwing = new Proxy({}, { get: () => expect.unreachable("hostile") });

  it.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a string", "POST"],
    ["an array", []],
    ["an empty object", {}],
    ["an event of a queue", { Records: [{ body: productionBody(), eventSource: "aws:sqs" }] }],
    ["an event of a schedule", { "detail-type": "Scheduled Event", detail: {} }],
    ["a method that is not a string", { httpMethod: 5 }],
    ["a context that is a string", { requestContext: "http" }],
    ["a context without a method", { requestContext: { http: {} } }],
    ["an event that cannot be read", throwing],
  ])("responds with 500 to %s, and calls onError", async (_, event) => {
    const { handler, onProduction, onError } = watched();
    expect(await handler(event as LambdaHttpEvent)).toMatchObject({
      statusCode: 500,
      headers: { "content-type": "application/json" },
    });
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: "ERR_ARGUMENT", argument: "event" }),
      expect.anything(),
    );
    expect(onProduction).not.toHaveBeenCalled();
  });
});

describe("a malformed HTTP event", () => {
  const body = productionBody();
  const headers = signedHeaders(body);

  it.each<[string, number, object]>([
    ["no headers", 503, { body }],
    ["null as headers", 503, { body, headers: null, multiValueHeaders: null }],
    ["null as headers and body, as in the test console", 503, { headers: null, body: null }],
    ["headers that are a string", 503, { body, headers: "X-Signature-SHA256" }],
    ["null as a header value", 503, { body, headers: { ...headers, "X-Signature-SHA256": null } }],
    ["an object as a header value", 503, { body, headers: { ...headers, "X-Signature-SHA256": {} } }],
    [
      "an array as a header value",
      200,
      { body, headers: { ...headers, "X-Signature-SHA256": [headers["X-Signature-SHA256"]] } },
    ],
    ["headers and empty multi-value headers", 200, { body, headers, multiValueHeaders: {} }],
    ["one header in two letter cases", 200, { body, headers, multiValueHeaders: listed(lowerCased(headers)) }],
    [
      "invalid header names and values",
      200,
      { body, headers: { ...headers, "a b": "c", "": "d", ä: "e", "X-F": "Łódź\0\r\n" } },
    ],
    ["invalid cookies", 200, { body, headers, cookies: [Symbol.iterator.description, 5, null] }],
    ["an invalid path", 200, { body, headers, path: "//[" }],
    ["no path", 200, { body, headers, path: null }],
    ["a parsed body", 500, { body: JSON.parse(body), headers }],
    ["a number as the body", 500, { body: 5, headers }],
    [
      "isBase64Encoded as a string",
      503,
      { body: Buffer.from(body).toString("base64"), headers, isBase64Encoded: "true" },
    ],
    ["invalid Base64", 503, { body, headers, isBase64Encoded: true }],
  ])("handles an event with %s: status %i", async (_, statusCode, more) => {
    const { handler, onError } = watched();
    const event = { httpMethod: "POST", path: "/wise", ...more } as LambdaHttpEvent;
    expect((await handler(event)).statusCode).toBe(statusCode);
    expect(onError).toHaveBeenCalledTimes(statusCode === 200 ? 0 : 1);
  });

  it("passes no headers to the handler if they are strings instead of records", async () => {
    const { handler, onError } = watched();
    const event = { httpMethod: "POST", headers: "X-Signature-SHA256", multiValueHeaders: "X-Signature-SHA256" };
    const result = await handler(event as unknown as LambdaHttpEvent);
    expect([...(onError.mock.calls[0]?.[1].headers ?? ["none"])]).toEqual([]);
    expect(result).toHaveProperty("headers");
    expect(result).not.toHaveProperty("multiValueHeaders");
  });

  it.each([undefined, null, 5, "//["])("passes the root as the URL to the handler if the path is %s", async (path) => {
    const urls: string[] = [];
    const handler = lambdaHandler(async ({ url }) => {
      urls.push(url);
      return new Response();
    });
    await handler({ httpMethod: "POST", path } as LambdaHttpEvent);
    expect(urls).toEqual(["http://localhost/"]);
  });

  it("reports a parsed body to onError with advice for AWS Lambda", async () => {
    const { handler, onError } = watched();
    await handler({ httpMethod: "POST", headers, body: JSON.parse(body) });
    expect(onError.mock.calls[0]?.[0]).toMatchObject({ argument: "rawBody" });
    expect(String(onError.mock.calls[0]?.[0])).toContain("AWS Lambda: without a body parser, lambdaHandler");
  });
});

describe("a custom handler", () => {
  it.each<[string, () => Promise<unknown>]>([
    ["rejects", () => Promise.reject(new Error("mine"))],
    ["returns nothing", async () => undefined],
    [
      "returns a response with a body that fails",
      async () => new Response(new ReadableStream({ pull: (c) => c.error(1) })),
    ],
  ])("responds with 500 and warns if a custom handler %s", async (_, handler) => {
    const emitWarning = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    onTestFinished(() => emitWarning.mockRestore());
    const result = await lambdaHandler(handler as () => Promise<Response>)({ httpMethod: "POST", body: "x" });
    expect(result).toMatchObject({ statusCode: 500, headers: { "content-type": "application/json" } });
    expect(JSON.parse(result.body)).toMatchObject({ status: "error" });
    expect(emitWarning).toHaveBeenCalledExactlyOnceWith(expect.any(String), expect.anything());
  });

  it("rejects a handler that is not a function", () => {
    expect(() => lambdaHandler(undefined as never)).toThrow(expect.objectContaining({ argument: "handler" }));
  });
});

function lowerCased(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

function listed(headers: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
}
