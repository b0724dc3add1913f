import Fastify from "fastify";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import { callbacks, webhooks } from "./receiver.js";

const { PORT = "3000" } = process.env;

const receive = nodeListener(webhooks.handler(callbacks));

const app = Fastify();

/** Fastify: no body is parsed within this scope, so that the listener can read it from the raw request. */
app.register((scope, _options, done) => {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser("*", (_request, _payload, parsed) => parsed(null));
  scope.all("/wise", (request, reply) => {
    reply.hijack();
    return receive(request.raw, reply.raw);
  });
  done();
});

await app.listen({ port: Number(PORT) });

export const { server } = app;
