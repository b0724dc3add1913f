import express from "express";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import { callbacks, webhooks } from "./receiver.js";

const { PORT = "3000" } = process.env;

/** Express: register the webhook before the body parser, so that its body stays raw. */
const app = express();
app.all("/wise", nodeListener(webhooks.handler(callbacks)));
app.use(express.json());

export const server = app.listen(Number(PORT));
