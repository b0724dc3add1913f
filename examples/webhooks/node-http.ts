import { createServer } from "node:http";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import { callbacks, webhooks } from "./receiver.js";

const { PORT = "3000" } = process.env;

/** Plain `node:http`, with a route of its own for the webhook. */
const receive = nodeListener(webhooks.handler(callbacks));

export const server = createServer((request, response) => {
  if (request.url === "/wise") return receive(request, response);
  response.writeHead(404).end();
});

server.listen(Number(PORT));
