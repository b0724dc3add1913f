import { once } from "node:events";
import { createServer as createHttpServer, type Server as HttpServer } from "node:http";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import type { Dice } from "../../support/dice.js";
import { wise } from "../../support/signed-delivery.js";
import { mustHold, refuseSecrets } from "../check-outcome.js";
import type { FuzzTarget } from "../fuzz-target.js";
import type { GeneratedResponse } from "../http-responses.js";
import { mutate } from "../mutations.js";
import { callResponse, checkCall } from "./client.js";
import { generateDelivery, isReallySigned } from "./deliveries.js";

let nextBytes: Buffer = Buffer.alloc(0);
let wiseUrl: Promise<string> | undefined;

/** Starts, once, a server that sends the next bytes to each request and then closes the connection. */
function wiseServer(): Promise<string> {
  wiseUrl ??= listen(
    createServer((socket) => {
      socket.on("error", () => {});
      socket.once("data", () => socket.end(nextBytes));
    }),
  );
  return wiseUrl;
}

async function listen(server: Server | HttpServer): Promise<string> {
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Responses as bytes on a real connection, through undici. */
export const connectionTarget: FuzzTarget = {
  name: "connection",
  share: 8,
  run: async (dice, secrets) => {
    const isDamaged = dice.chance(0.3);
    const whole = onTheWire(callResponse(dice, secrets, isDamaged), dice);
    nextBytes = isDamaged ? mutate(whole, dice, [whole]) : whole;
    const sending = dice.chance(0.7) ? {} : { fetch: (url: string, init: object) => fetch(url, init) };
    await checkCall(dice, secrets, { baseUrl: await wiseServer(), timeoutMs: 2000, ...sending });
  },
};

/** Returns the bytes of a response: with a length or in chunks, or with a length that is wrong. */
function onTheWire({ status, headers, body }: GeneratedResponse, dice: Dice): Buffer {
  const isChunked = dice.chance(0.2);
  const length = dice.chance(0.9) ? body.length : dice.pick([0, -1, body.length + 5, 1e20, "0x10", ""]);
  const framing = isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
  const fields = headers.map(([name, value]) => `${name}: ${value}`);
  const head = [`HTTP/1.1 ${status} ${dice.pick(["OK", "", "\u00ff"])}`, ...fields, framing, "", ""].join("\r\n");
  const content = isChunked
    ? Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from("\r\n0\r\n\r\n")])
    : body;
  return Buffer.concat([Buffer.from(head, "latin1"), content]);
}

const webhooks = new KioskWebhooks({ publicKeys: [wise.publicKey] });
let accepted = 0;
let errors: unknown[] = [];
let bankUrl: Promise<string> | undefined;

function bankServer(): Promise<string> {
  const accept = () => {
    accepted += 1;
  };
  const onError = (error: unknown) => void errors.push(error);
  const handler = webhooks.handler({ onProduction: accept, onOther: accept, onError });
  bankUrl ??= listen(createHttpServer(nodeListener(handler)));
  return bankUrl;
}

/** Deliveries as bytes on a real connection, to a real server. */
export const serverTarget: FuzzTarget = {
  name: "server",
  share: 8,
  run: async (dice, secrets) => {
    const delivery = generateDelivery(dice, secrets);
    const fields = delivery.headers.map(([name, value]) => `${name}: ${value}`);
    const framing = ["Host: bank.example", "Connection: close", `Content-Length: ${delivery.body.length}`];
    const head = ["POST /wise HTTP/1.1", ...fields, ...framing, "", ""].join("\r\n");
    const whole = Buffer.concat([Buffer.from(head, "latin1"), delivery.body]);
    const isDamaged = dice.chance(0.3);
    const before = accepted;
    errors = [];
    const response = await exchange(await bankServer(), isDamaged ? mutate(whole, dice, [whole]) : whole, isDamaged);
    refuseSecrets([response, ...errors], secrets);
    if (response !== "")
      mustHold(/^HTTP\/1\.1 (200|400|405|413|417|431|500|503) /.test(response), response.slice(0, 100));
    if (isDamaged) return;
    mustHold(response !== "", "a request without a response");
    mustHold(accepted === before || isReallySigned(delivery), "a delivery without a signature was accepted");
  },
};

/** Sends bytes, and returns what comes back until the connection is closed: by the server, or else by this side. */
async function exchange(url: string, bytes: Buffer, closes: boolean): Promise<string> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  let response = "";
  socket.on("data", (chunk) => {
    response += chunk.toString("latin1");
  });
  socket.on("error", () => {});
  if (closes) socket.end(bytes);
  else socket.write(bytes);
  await once(socket, "close");
  return response;
}
