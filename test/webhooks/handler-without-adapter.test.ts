import express from "express";
import { Hono } from "hono";
import { expect, it, vi } from "vitest";
import { KioskArgumentError, KioskWebhooks } from "wise-card-kiosk/webhooks";
import { productionBody } from "../support/event-bodies.js";
import { signedHeaders, wise } from "../support/signed-delivery.js";
import { catchRejection } from "../support/transports.js";
import { deliver, serve } from "../support/webhook-loopback.js";

const ADVICE =
  "request must be a Request: pass c.req.raw in Hono, or wrap the handler in nodeListener or lambdaHandler of wise-card-kiosk/webhooks/node";

function createHandler() {
  const onProduction = vi.fn();
  const handler = new KioskWebhooks({ publicKeys: [wise.publicKey] }).handler({ onProduction });
  return { handler: handler as (request: unknown) => Promise<unknown>, onProduction };
}

it.each<[string, unknown]>([
  ["nothing", undefined],
  ["null", null],
  ["an event of API Gateway", { httpMethod: "POST", headers: { get: "x" }, body: "{}" }],
])("rejects with advice if the argument of the handler is %s", async (_what, request) => {
  const error = await catchRejection(createHandler().handler(request));
  expect(error).toBeInstanceOf(KioskArgumentError);
  expect(error).toMatchObject({ argument: "request", message: ADVICE });
});

it("rejects with advice if the handler is the listener of a Node.js server", async () => {
  const { handler, onProduction } = createHandler();
  const url = await serve((request, response) => {
    handler(request).catch(({ message }) => response.writeHead(500).end(message));
  });
  const response = await deliver(url);
  expect([response.status, await response.text()]).toEqual([500, ADVICE]);
  expect(onProduction).not.toHaveBeenCalled();
});

it("makes Express respond with 500 if the handler is its listener", async () => {
  const { handler } = createHandler();
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  const url = await serve(express().post("/", handler));
  expect((await deliver(url)).status).toBe(500);
  logged.mockRestore();
});

it("advises c.req.raw if the handler gets the context of Hono, and accepts that", async () => {
  const { handler, onProduction } = createHandler();
  const app = new Hono()
    .post("/context", handler as never)
    .post("/raw", (c) => handler(c.req.raw) as Promise<Response>);
  app.onError(({ message }, c) => c.text(message, 500));
  const body = productionBody();
  const deliverTo = (path: string) => app.request(path, { method: "POST", headers: signedHeaders(body), body });
  expect(await (await deliverTo("/context")).text()).toBe(ADVICE);
  expect((await deliverTo("/raw")).status).toBe(200);
  expect(onProduction).toHaveBeenCalledOnce();
});
