import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { callbacks, webhooks } from "./receiver.js";

const { PORT = "3000" } = process.env;

/** Hono, and in the same way everything that has a `Request`: nothing may have read its body before. */
const receive = webhooks.handler(callbacks);

const app = new Hono();
app.all("/wise", (context) => receive(context.req.raw));

export const server = serve({ fetch: app.fetch, port: Number(PORT) });
