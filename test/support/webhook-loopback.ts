import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { productionBody } from "./event-bodies.js";
import { signedHeaders } from "./signed-delivery.js";

/** Opens a server on loopback until the test ends, and returns its URL. */
export async function listen(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

/** Opens a server with this listener on loopback until the test ends, and returns its URL. */
export function serve(listener: RequestListener): Promise<string> {
  return listen(createServer(listener));
}

/** Delivers as Wise does: a signed POST. */
export function deliver(url: string, body = productionBody(), headers = signedHeaders(body)): Promise<Response> {
  return fetch(url, { method: "POST", headers, body });
}
