import type { FastifyPluginCallback } from "fastify";
import type { Pool } from "pg";
import {
  KioskArgumentError,
  KioskPrintJobConflictError,
  KioskPrintJobStoreError,
  type PrintJobResolution,
  type PrintJobState,
  type PrintJobs,
} from "wise-card-kiosk/print-jobs";
import type { KioskWebhooks } from "wise-card-kiosk/webhooks";
import { nodeListener } from "wise-card-kiosk/webhooks/node";
import { findOwner } from "./bank.js";
import { toClerkView } from "./clerk-view.js";
import { timing } from "./wise.js";

/** What the routes use. */
export interface Backend {
  readonly pool: Pool;
  readonly jobs: PrintJobs;
  readonly webhooks: KioskWebhooks;
  /** Aborts when the process can no longer wait for a print. */
  readonly cutOff: AbortSignal;
}

type ById = { Params: { id: string } };
type Printing = ById & { Body: { cardToken: string; kioskId: string } };
type Listing = { Querystring: { kiosk?: string; state?: PrintJobState; after?: string } };
type Resolving = ById & { Body: { outcome: PrintJobResolution; reason: string } };

const NO_SUCH_PRINT = { message: "There is no print with this id." };

/** Adds the routes of the clerks' screen. Your gateway authenticates the clerk and sets `x-clerk`; no one else can set it. */
export const clerkRoutes: FastifyPluginCallback<Backend> = (app, { pool, jobs, cutOff }, done) => {
  app.addHook("preHandler", async (request, reply) => {
    if (!request.headers["x-clerk"]) return reply.code(401).send({ message: "Sign in first." });
  });

  // The screen creates the id, once for each press of the button. It is safe to repeat a request.
  app.put<Printing>("/prints/:id", { schema: bodyWith("cardToken", "kioskId") }, async (request, reply) => {
    const { cardToken, kioskId } = request.body;
    const profileId = await findOwner(pool, cardToken);
    if (profileId === undefined) return reply.code(404).send({ message: "The bank has no such card." });
    const requestedBy = String(request.headers["x-clerk"]);
    const print = { id: request.params.id, profileId, cardToken, kioskId, requestedBy };
    return toClerkView(await jobs.print(print, { ...timing, signal: cutOff }));
  });

  app.get<ById>("/prints/:id", async (request, reply) => {
    const job = await jobs.get(request.params.id);
    return job === undefined ? reply.code(404).send(NO_SUCH_PRINT) : toClerkView(job);
  });

  app.get<Listing>("/prints", async ({ query: { kiosk, state, after } }) => {
    const states = state === undefined ? undefined : [state];
    return (await jobs.list({ kioskId: kiosk, states, after })).map(toClerkView);
  });

  app.post<Resolving>("/prints/:id/resolution", { schema: bodyWith("outcome", "reason") }, async (request, reply) => {
    const { id } = request.params;
    if ((await jobs.get(id)) === undefined) return reply.code(404).send(NO_SUCH_PRINT);
    const { outcome, reason } = request.body;
    return toClerkView(await jobs.resolve(id, { outcome, reason, by: String(request.headers["x-clerk"]) }));
  });

  app.setErrorHandler((error, request, reply) => {
    if (error instanceof KioskPrintJobConflictError) {
      return reply.code(409).send({ message: error.message, print: toClerkView(error.job) });
    }
    if (error instanceof KioskArgumentError) return reply.code(422).send({ message: error.message });
    if (!(error instanceof KioskPrintJobStoreError) && !cutOff.aborted) throw error;
    request.log.error(error);
    // The job will show whether anything was printed. Another instance decides it.
    return reply.code(503).send({ message: "Check this print again in a moment, before you print anything." });
  });
  done();
};

/** Adds the webhook. Its scope parses no body, because the signature covers the raw body. */
export const webhookRoute: FastifyPluginCallback<Backend> = (app, { jobs, webhooks }, done) => {
  const handler = webhooks.handler({
    // If this throws, the response is 500, and Wise delivers the event again.
    onProduction: (event) => jobs.apply(event),
    onError: (error) => app.log.error(error),
  });
  const receive = nodeListener(handler);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, parsed) => parsed(null));
  app.all("/wise", (request, reply) => {
    reply.hijack();
    return receive(request.raw, reply.raw);
  });
  done();
};

function bodyWith(...names: string[]) {
  const properties = Object.fromEntries(names.map((name) => [name, { type: "string" }]));
  return { body: { type: "object", required: names, properties } };
}
