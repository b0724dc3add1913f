import Fastify, { type FastifyInstance } from "fastify";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import { callbacks, webhooks } from "./receiver.js";

const { PORT = "3000" } = process.env;

const receive = nodeListener(webhooks.handler(callbacks));

/** Fastify: within this plugin no body is parsed, so that the listener reads it from the raw request. */
async function wiseWebhook(scope: FastifyInstance): Promise<void> {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
  scope.all("/wise", (request, reply) => {
    reply.hijack();
    return receive(request.raw, reply.raw);
  });
}

const app = Fastify();
app.register(wiseWebhook);
await app.listen({ port: Number(PORT) });

export const { server } = app;
