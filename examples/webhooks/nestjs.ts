import type { Server } from "node:http";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import { callbacks, webhooks } from "./receiver.js";

const { PORT = "3000" } = process.env;

/** The module of your application. */
class AppModule {}
Module({})(AppModule);

/** NestJS: register the webhook before the application listens, so that it runs before the body parser. */
const app = await NestFactory.create(AppModule, { logger: false });
app.use("/wise", nodeListener(webhooks.handler(callbacks)));
await app.listen(Number(PORT));

export const server = app.getHttpServer() as Server;
