import express from "express";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import { callbacks, webhooks } from "./receiver.js";

const { PORT = "3000" } = process.env;

/** Express: the webhook comes before the body parser, so that its body stays as it came. */
const app = express();
app.all("/wise", nodeListener(webhooks.handler(callbacks)));
app.use(express.json());

export const server = app.listen(Number(PORT));
