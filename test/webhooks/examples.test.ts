import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { createKioskSimulator, type KioskSimulator } from "wise-card-kiosk/testing";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import { productionBody } from "../support/event-bodies.js";
import { EVENTS } from "../support/lambda-events.js";
import { signedHeaders } from "../support/signed-delivery.js";
import { deliver, listen, serve } from "../support/webhook-loopback.js";

/** Returns the URL of the webhook that a started example serves. */
async function findUrl(server: Server): Promise<string> {
  if (!server.listening) await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}/wise`;
}

/** Creates a server that does what a gateway in front of AWS Lambda does. */
function gateway(kind: keyof typeof EVENTS, isBase64Encoded: boolean): Server {
  return createServer(async (request, response) => {
    const { handler } = await import("../../examples/webhooks/aws-lambda.js");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "", url: path = "", headers } = request;
    const pairs = Object.entries(headers).map(([name, value]) => [name, String(value)] as const);
    const event = EVENTS[kind]({ method, path, headers: pairs, body: Buffer.concat(chunks) }, isBase64Encoded);
    const result = await handler(event);
    response.writeHead(result.statusCode, result.headers ?? result.multiValueHeaders).end(result.body);
  });
}

const examples: Readonly<Record<string, () => Promise<string>>> = {
  "node:http": async () => findUrl((await import("../../examples/webhooks/node-http.js")).server),
  Express: async () => findUrl((await import("../../examples/webhooks/express.js")).server),
  "Express behind express.json()": async () =>
    findUrl((await import("../../examples/webhooks/express-behind-json.js")).server),
  NestJS: async () => findUrl((await import("../../examples/webhooks/nestjs.js")).server),
  Fastify: async () => findUrl((await import("../../examples/webhooks/fastify.js")).server),
  Hono: async () => findUrl((await import("../../examples/webhooks/hono.js")).server as Server),
  "Next.js": async () => serve(nodeListener((await import("../../examples/webhooks/next-route.js")).POST)),
  "AWS Lambda behind API Gateway": () => listen(gateway("API Gateway HTTP API, payload 2.0", false)),
  "AWS Lambda behind a load balancer": () =>
    listen(gateway("an Application Load Balancer with multi-value headers", true)),
};

const CARD = "35050a4a-9521-426e-8109-1396e3687a3e";

const start = async (example: () => Promise<string>) => {
  const url = await example();
  const { states } = await import("../../examples/webhooks/receiver.js");
  return { url, states };
};

describe.each(Object.entries(examples))("the example for %s", (name, example) => {
  let simulator: KioskSimulator;
  /** Called with what the example logs about rejected deliveries. */
  const logged = vi.fn();

  beforeEach(() => {
    simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: CARD }] });
    const { publicKeys, subscriptionIds } = simulator.webhookOptions();
    vi.resetModules();
    vi.stubEnv("PORT", "0");
    vi.stubEnv("WEBHOOK_PUBLIC_KEY", String(publicKeys[0]).replaceAll("\n", "\\n"));
    vi.stubEnv("WISE_SUBSCRIPTION_ID", subscriptionIds[0]);
    vi.spyOn(console, "error").mockImplementation(logged);
  });

  afterEach(() => {
    vi.unstubAllEnvs();
    vi.restoreAllMocks();
    logged.mockReset();
  });

  it(`handles simulator deliveries that arrive twice and out of order, with the example for ${name}`, async () => {
    const { url, states } = await start(example);
    const target = simulator.deliverTo(url);
    const held = simulator.holdDeliveries();
    simulator.card(CARD).fail("PRD_HOPPER_JAM").produce().complete();
    held.release((deliveries) => [...deliveries.toReversed(), ...deliveries]);
    await target.settled();
    expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual(Array.from({ length: 6 }, () => 200));
    expect([...states.values()].map(({ production }) => production.status)).toEqual(["PRODUCED"]);
    expect(logged).not.toHaveBeenCalled();
  });

  it(`keeps multi-byte characters intact, with the example for ${name}`, async () => {
    const { url, states } = await start(example);
    const target = simulator.deliverTo(url);
    simulator.deliver(productionBody({ data: { description: "Käse 💳" } }));
    await target.settled();
    expect([...states.values()].map(({ production }) => production.description)).toEqual(["Käse 💳"]);
  });

  it(`ignores a test notification, with the example for ${name}`, async () => {
    const { url, states } = await start(example);
    const target = simulator.deliverTo(url);
    simulator.deliver(productionBody(), { isTest: true });
    await target.settled();
    expect(target.attempts).toMatchObject([{ httpStatus: 200 }]);
    expect(states.size).toBe(0);
  });

  it(`rejects unsigned deliveries, large bodies and other methods, with the example for ${name}`, async () => {
    const { url, states } = await start(example);
    expect((await deliver(url, productionBody(), signedHeaders("by another key"))).status).toBe(503);
    expect((await deliver(url, productionBody(), {})).status).toBe(503);
    expect((await fetch(url)).status).toBe(405);
    expect((await deliver(url, "x".repeat(2 ** 21))).status).toBe(413);
    expect(states.size).toBe(0);
    expect(logged).toHaveBeenCalled();
  });
});

it("trusts Wise's sandbox key if the examples are configured without a key", async () => {
  vi.resetModules();
  const { webhooks } = await import("../../examples/webhooks/receiver.js");
  const body = productionBody();
  await expect(webhooks.verify(body, signedHeaders(body))).rejects.toMatchObject({ reason: "mismatch" });
});
