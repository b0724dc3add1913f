import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { callbacks, webhooks } from "./receiver.js";

const { PORT = "3000" } = process.env;

/** Hono, or any framework with a `Request`: nothing may read the body before the handler does. */
const receive = webhooks.handler(callbacks);

const app = new Hono();
app.all("/wise", (context) => receive(context.req.raw));

export const server = serve({ fetch: app.fetch, port: Number(PORT) });
