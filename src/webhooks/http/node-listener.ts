import type { KioskWebhookHandler } from "./handler.js";
import { type NodeRequest, nodeToWebRequest } from "./node-request.js";
import { checkHandler, type ReadResponse, runHandler, warn } from "./web-request.js";

/** The parts of a response that a listener uses: a `ServerResponse` of `node:http`, and so a response of Express, has them. */
export interface NodeResponse {
  /** Whether the headers have been sent. */
  readonly headersSent: boolean;
  /** Sends the status and the headers. */
  writeHead(status: number, headers: Record<string, string>): unknown;
  /** Sends the body and ends the response. */
  end(body: Uint8Array): unknown;
  /** Closes the connection. */
  destroy(): unknown;
}

/** A listener for `node:http`, Express, NestJS, and the raw requests of Fastify. It never rejects. */
export type KioskWebhookNodeListener = (request: NodeRequest, response: NodeResponse) => Promise<void>;

/**
 * Turns a handler into a listener for `node:http` and Express. In Fastify, call it with `request.raw` and `reply.raw` after
 * `reply.hijack()`, in a scope without a body parser.
 *
 * It reads the raw body from `req.rawBody` or `req.body`, if that is bytes or a string, and otherwise from the request
 * itself. If a body parser has read the request and kept neither, the response is 500, and the `onError` of the handler is
 * called with an error that says what to change. A request that cannot be read gets a 500 too: every request gets a response.
 *
 * If a function around the handler throws or returns no `Response`, the response is 500, and Node.js prints the error as a
 * `KioskWebhookWarning`, which `process.on("warning", …)` receives. It does the same if something else has responded.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { KioskWebhooks } from "wise-card-kiosk/webhooks";
 * import { nodeListener } from "wise-card-kiosk/webhooks/node";
 *
 * const webhooks = new KioskWebhooks({ environment: "sandbox", subscriptionIds });
 * const handler = webhooks.handler({ onProduction: async (event) => { if (!event.isTest) await store(event); } });
 * createServer(nodeListener(handler)).listen(3000);
 * ```
 *
 * @throws {KioskArgumentError} if `handler` is not a function.
 */
export function nodeListener(handler: KioskWebhookHandler): KioskWebhookNodeListener {
  checkHandler(handler);
  return async (request, response) => {
    try {
      sendResult(await runHandler(handler, nodeToWebRequest(request)), response);
    } catch (error) {
      if (!response.headersSent) response.destroy();
      warn(error);
    }
  };
}

function sendResult({ status, headers, body }: ReadResponse, response: NodeResponse): void {
  response.writeHead(status, { ...Object.fromEntries(headers), "content-length": String(body.length) });
  response.end(body);
}
