import express from "express";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import { callbacks, webhooks } from "./receiver.js";

const { PORT = "3000" } = process.env;

/** Express behind a body parser: the parser must keep the raw body. */
const app = express();
app.use(
  express.json({
    verify: (request, _response, rawBody) => {
      Object.assign(request, { rawBody });
    },
  }),
);
app.all("/wise", nodeListener(webhooks.handler(callbacks)));

export const server = app.listen(Number(PORT));
