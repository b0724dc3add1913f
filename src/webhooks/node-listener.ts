import { KioskArgumentError } from "../errors/argument-error.js";
import type { KioskWebhookHandler } from "./handler.js";
import { type NodeRequest, webRequestOf } from "./node-request.js";
import type { WebResponse } from "./web-types.js";

/** What a listener needs of a response: `ServerResponse` of `node:http`, and so the responses of Express, have it. */
export interface NodeResponse {
  readonly headersSent: boolean;
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: Uint8Array): unknown;
  destroy(): unknown;
}

/** A listener for `node:http`, Express, and the raw requests of Fastify. It never rejects. */
export type KioskWebhookNodeListener = (request: NodeRequest, response: NodeResponse) => Promise<void>;

/**
 * Makes of a handler a listener for `node:http` and Express. In Fastify, give it `request.raw` and `reply.raw` after
 * `reply.hijack()`.
 *
 * It takes the raw body from `req.rawBody`, from `req.body` where that is a `Buffer` or a string, or else from the request
 * itself. Behind a body parser that kept neither it answers 500, and `onError` of the handler hears what to change.
 *
 * @example
 * http.createServer(nodeListener(webhooks.handler({ onProduction })));
 * app.post("/wise", nodeListener(webhooks.handler({ onProduction })));
 *
 * @throws {KioskArgumentError} where `handler` is not a function.
 */
export function nodeListener(handler: KioskWebhookHandler): KioskWebhookNodeListener {
  if (typeof handler !== "function") {
    throw new KioskArgumentError("handler", "has to be a function: what the method handler of KioskWebhooks gives");
  }
  return async (request, response) => {
    try {
      await send(await handler(await webRequestOf(request)), response);
    } catch {
      if (!response.headersSent) response.destroy();
    }
  };
}

async function send(answer: WebResponse, response: NodeResponse): Promise<void> {
  const body = new Uint8Array(await answer.arrayBuffer());
  const headers = { ...Object.fromEntries(answer.headers), "content-length": String(body.length) };
  response.writeHead(answer.status, headers);
  response.end(body);
}
