import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";
import { lambdaHandler, nodeListener } from "wise-card-kiosk/webhooks/node";
import { productionBody } from "./event-bodies.js";
import { delivery, signedHeaders, wise } from "./signed-delivery.js";

/** Defines the webhook tests for the globals of a test environment, which can belong to another realm. */
export function itReceivesWebhooks(): void {
  const body = productionBody({ data: { description: "Käse 💳" } });
  const watched = () => {
    const onProduction = vi.fn();
    const onError = vi.fn();
    const webhooks = new KioskWebhooks({ publicKeys: [wise.publicKey] });
    return { webhooks, handler: webhooks.handler({ onProduction, onError }), onProduction, onError };
  };

  it("unwrap accepts the body in every form", async () => {
    const { webhooks } = watched();
    const bytes = new TextEncoder().encode(body);
    for (const rawBody of [body, bytes, bytes.buffer as ArrayBuffer, Buffer.from(body)]) {
      for (const headers of [signedHeaders(body), new Headers(signedHeaders(body))]) {
        const event = await webhooks.unwrap(rawBody, headers);
        expect(event).toMatchObject({ production: { description: "Käse 💳" }, deliveryId: expect.any(String) });
      }
    }
  });

  it("a handler responds to a Request", async () => {
    const { handler, onProduction } = watched();
    expect((await handler(delivery(body))).status).toBe(200);
    expect(onProduction).toHaveBeenCalledOnce();
    expect((await handler(delivery(body, signedHeaders("another")))).status).toBe(503);
  });

  it("nodeListener responds over real HTTP", async () => {
    const { handler, onProduction } = watched();
    const listener = nodeListener(handler);
    const server = createServer((request, response) => void listener(request, response)).listen(0, "127.0.0.1");
    onTestFinished(() => void server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const request = httpRequest({
      host: "127.0.0.1",
      port,
      method: "POST",
      headers: signedHeaders(body),
      agent: false,
    });
    request.end(body);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    response.resume();
    expect([response.statusCode, response.headers["content-type"]]).toEqual([200, "application/json"]);
    expect(onProduction).toHaveBeenCalledOnce();
  });

  it("lambdaHandler responds to an event, and to one that is not a request", async () => {
    const { handler, onProduction, onError } = watched();
    const lambda = lambdaHandler(handler);
    const event = { httpMethod: "POST", path: "/wise", headers: signedHeaders(body), body };
    const headers = { "content-type": "application/json" };
    expect(await lambda(event)).toMatchObject({ statusCode: 200, headers, body: '{"status":"ok"}' });
    expect(await lambda({})).toMatchObject({ statusCode: 500, headers });
    expect(onProduction).toHaveBeenCalledOnce();
    expect(onError).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ argument: "event" }), expect.anything());
  });
}
