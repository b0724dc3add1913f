import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import { deliver, listen, serve } from "./loopback.js";
import { productionBody, SUBSCRIPTION_ID, signedHeaders, wise } from "./signed-delivery.js";

/** The URL of the webhook that a started example serves. */
async function urlOf(server: Server): Promise<string> {
  if (!server.listening) await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}/wise`;
}

/** What a gateway in front of AWS Lambda does. */
function gateway(isBase64Encoded: boolean): Server {
  return createServer(async (request, response) => {
    const { handler } = await import("../../examples/webhooks/aws-lambda.js");
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString(isBase64Encoded ? "base64" : "utf8");
    const requestContext = { http: { method: String(request.method) } };
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const result = await handler({ requestContext, headers, ...(body !== "" && { body }), isBase64Encoded });
    response.writeHead(result.statusCode, result.headers).end(result.body);
  });
}

const examples: Readonly<Record<string, () => Promise<string>>> = {
  "node:http": async () => urlOf((await import("../../examples/webhooks/node-http.js")).server),
  Express: async () => urlOf((await import("../../examples/webhooks/express.js")).server),
  "Express behind express.json()": async () =>
    urlOf((await import("../../examples/webhooks/express-behind-json.js")).server),
  Fastify: async () => urlOf((await import("../../examples/webhooks/fastify.js")).server),
  Hono: async () => urlOf((await import("../../examples/webhooks/hono.js")).server as Server),
  "Next.js": async () => serve(nodeListener((await import("../../examples/webhooks/next-route.js")).POST)),
  "AWS Lambda": () => listen(gateway(false)),
  "AWS Lambda with Base64": () => listen(gateway(true)),
};

/** Errors of deliveries that are meant to fail go to the console in the examples. */
const heard = vi.fn();

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("PORT", "0");
  vi.stubEnv("WISE_SUBSCRIPTION_ID", SUBSCRIPTION_ID);
  vi.stubEnv("WEBHOOK_PUBLIC_KEY", wise.publicKey.replaceAll("\n", "\\n"));
  vi.spyOn(console, "error").mockImplementation(heard);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  heard.mockReset();
});

describe.each(Object.entries(examples))("the example for %s", (_, start) => {
  it("takes a signed delivery, in any letters, and remembers the card", async () => {
    const url = await start();
    const { states } = await import("../../examples/webhooks/receiver.js");
    const started = productionBody({ data: { status: "IN_PROGRESS", description: "Käse 💳" } });
    for (const body of [productionBody(), started, productionBody()]) {
      const answer = await deliver(url, body);
      expect([answer.status, await answer.text()]).toEqual([200, '{"status":"ok"}']);
    }
    expect([...states.values()].map(({ production }) => production.status)).toEqual(["PRODUCED"]);
    expect(heard).not.toHaveBeenCalled();
  });

  it("refuses what Wise has not signed, and what is not a POST", async () => {
    const url = await start();
    const { states } = await import("../../examples/webhooks/receiver.js");
    expect((await deliver(url, productionBody(), signedHeaders("another body"))).status).toBe(503);
    expect((await deliver(url, productionBody(), {})).status).toBe(503);
    expect((await fetch(url)).status).toBe(405);
    expect((await deliver(url, "x".repeat(2 ** 21))).status).toBe(413);
    expect(states.size).toBe(0);
    expect(heard).toHaveBeenCalled();
  });
});

it("the examples believe Wise's sandbox where no key is given", async () => {
  vi.stubEnv("WEBHOOK_PUBLIC_KEY", undefined);
  const { webhooks } = await import("../../examples/webhooks/receiver.js");
  const body = productionBody();
  await expect(webhooks.verify(body, signedHeaders(body))).rejects.toMatchObject({ reason: "mismatch" });
});
