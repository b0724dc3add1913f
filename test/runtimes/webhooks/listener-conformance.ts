import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { isKioskError, KioskWebhooks } from "wise-card-kiosk/webhooks";
import { lambdaHandler, nodeListener } from "wise-card-kiosk/webhooks/node";
import { productionBody } from "../../support/event-bodies.js";
import { type Cases, equal } from "./assert.js";
import { signer } from "./signing.js";

const MIB = 2 ** 20;

/** Starts a receiver on loopback. */
async function receiver(
  around: (listener: ReturnType<typeof nodeListener>) => RequestListener = (listener) => listener,
) {
  const wise = await signer();
  const reported: string[] = [];
  const handler = new KioskWebhooks({ publicKeys: [wise.pem] }).handler({
    onProduction: ({ production }) => reported.push(production.status),
    onError: (error) =>
      reported.push(isKioskError(error) && error.code === "ERR_ARGUMENT" ? error.argument : String(error)),
  });
  const server = createServer(around(nodeListener(handler)));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    reported,
    port,
    headers: wise.headers,
    /** Sends a request, and returns the status and the body of the response. */
    async send(method: string, body: string | Uint8Array, headers: Record<string, string> = {}): Promise<string> {
      const request = httpRequest({ host: "127.0.0.1", port, method, headers });
      request.end(body);
      const [response] = (await once(request, "response")) as [IncomingMessage];
      let text = "";
      for await (const chunk of response) text += chunk;
      return `${response.statusCode} ${text}`;
    },
    async close(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** Returns the UTF-8 bytes of a text as characters, for `btoa`. */
function encoded(text: string): string {
  return String.fromCharCode(...new TextEncoder().encode(text));
}

/** What `/webhooks/node` promises on any runtime that has `node:http`. */
export const listenerConformance: Cases = {
  async "a delivery gets a response"() {
    const { send, headers, reported, close } = await receiver();
    const body = productionBody();
    equal(await send("POST", body, await headers(body)), '200 {"status":"ok"}');
    equal(
      await send("POST", `${body} `, await headers(body)),
      '503 {"status":"error","message":"the signature does not match the body"}',
    );
    equal(await send("GET", ""), '405 {"status":"error","message":"only POST is accepted"}');
    equal(reported.length, 3);
    await close();
  },

  async "a body above 1 MiB gets the status 413"() {
    const { send, close } = await receiver();
    for (const size of [MIB + 1, 3 * MIB]) equal((await send("POST", new Uint8Array(size))).slice(0, 4), "413 ");
    await close();
  },

  async "a body that a parser has consumed gets the status 500, and onError reports what to change"() {
    const { send, headers, reported, close } = await receiver((listener) => async (request, response) => {
      let text = "";
      for await (const chunk of request) text += chunk;
      await listener(Object.assign(request, { body: JSON.parse(text) }), response);
    });
    const body = productionBody();
    equal((await send("POST", body, await headers(body))).slice(0, 4), "500 ");
    equal(reported, ["rawBody"]);
    await close();
  },

  async "a body that a parser has kept is accepted"() {
    const { send, headers, close } = await receiver((listener) => async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      await listener(Object.assign(request, { body: {}, rawBody: Buffer.concat(chunks) }), response);
    });
    const body = productionBody();
    equal(await send("POST", body, await headers(body)), '200 {"status":"ok"}');
    await close();
  },

  async "a request with headers that Headers rejects gets a response"() {
    const { send, headers, close } = await receiver((listener) => async (request, response) => {
      Object.assign(request.headers, {
        "x-user": "Łukasz 💳",
        "x-line": "a\r\nb",
        "x-zero": "\0",
        "x y": "z",
        "x-number": 5,
      });
      await listener(request, response);
    });
    const body = productionBody();
    equal(await send("POST", body, await headers(body)), '200 {"status":"ok"}');
    await close();
  },

  async "events of AWS Lambda get their results, and so do other values"() {
    const wise = await signer();
    const errors: unknown[] = [];
    const onError = (error: unknown) => errors.push(error);
    const handler = new KioskWebhooks({ publicKeys: [wise.pem], onError }).handler({ onProduction() {} });
    const lambda = lambdaHandler(handler);
    const body = productionBody({ data: { description: "Käse 💳" } });
    const headers = await wise.headers(body);
    const listed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
    const http = { http: { method: "POST" } };
    equal(
      await lambda({ requestContext: http, rawPath: "/", headers, body: btoa(encoded(body)), isBase64Encoded: true }),
      {
        statusCode: 200,
        headers: { "content-type": "application/json" },
        body: '{"status":"ok"}',
        isBase64Encoded: false,
      },
    );
    equal(await lambda({ requestContext: { elb: {} }, httpMethod: "POST", multiValueHeaders: listed, body }), {
      statusCode: 200,
      statusDescription: "200 OK",
      multiValueHeaders: { "content-type": ["application/json"] },
      body: '{"status":"ok"}',
      isBase64Encoded: false,
    });
    equal((await lambda({ httpMethod: "GET", path: "/", headers: null, body: null })).statusCode, 405);
    equal((await lambda({})).statusCode, 500);
    equal(errors.length, 2);
  },

  async "an error of a function around the handler is emitted as a warning"() {
    const fault = async () => {
      throw new Error("the audit table is down");
    };
    const warned = once(process, "warning");
    equal((await lambdaHandler(fault)({ httpMethod: "POST" })).statusCode, 500);
    const [{ name, detail }] = await warned;
    equal(name, "KioskWebhookWarning");
    equal(detail.split("\n")[0], "Error: the audit table is down");
  },

  async "a sender that disconnects does not stop the listener"() {
    const { send, headers, reported, port, close } = await receiver();
    const socket = connect(port, "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "connect");
    socket.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf of it");
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    for (let waits = 0; reported.length === 0 && waits < 100; waits += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    equal(reported, ["Error: The connection was closed before the body was complete"]);
    const body = productionBody();
    equal(await send("POST", body, await headers(body)), '200 {"status":"ok"}');
    await close();
  },
};
