import type { KioskWebhookHandler } from "./handler.js";
import { type NodeRequest, nodeToWebRequest } from "./node-request.js";
import { checkHandler, type ReadResponse, respond } from "./web-request.js";

/** What a listener needs of a response: `ServerResponse` of `node:http`, and so the responses of Express, have it. */
export interface NodeResponse {
  readonly headersSent: boolean;
  writeHead(status: number, headers: Record<string, string>): unknown;
  end(body: Uint8Array): unknown;
  destroy(): unknown;
}

/** A listener for `node:http`, Express, NestJS, and the raw requests of Fastify. It never rejects. */
export type KioskWebhookNodeListener = (request: NodeRequest, response: NodeResponse) => Promise<void>;

/**
 * Turns a handler into a listener for `node:http` and Express. In Fastify, call it with `request.raw` and `reply.raw` after
 * `reply.hijack()`.
 *
 * It takes the raw body from `req.rawBody`, from `req.body` if that is a `Buffer` or a string, or else from the request itself.
 * Behind a body parser that kept neither it responds with 500, and `onError` of the handler is told what to change. The same
 * goes for a request that cannot be read: every request gets a response.
 *
 * @example
 * http.createServer(nodeListener(webhooks.handler({ onProduction })));
 * app.post("/wise", nodeListener(webhooks.handler({ onProduction })));
 *
 * @throws {KioskArgumentError} if `handler` is not a function.
 */
export function nodeListener(handler: KioskWebhookHandler): KioskWebhookNodeListener {
  checkHandler(handler);
  return async (request, response) => {
    try {
      send(await respond(handler, nodeToWebRequest(request)), response);
    } catch {
      if (!response.headersSent) response.destroy();
    }
  };
}

function send({ status, headers, body }: ReadResponse, response: NodeResponse): void {
  response.writeHead(status, { ...Object.fromEntries(headers), "content-length": String(body.length) });
  response.end(body);
}
