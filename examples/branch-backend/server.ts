import Fastify from "fastify";
import pg from "pg";
import { POSTGRES_PRINT_JOBS_SQL } from "wise-card-kiosk/print-jobs";
import { clerkRoutes, webhookRoute } from "./routes.js";
import { startSweeps } from "./sweeps.js";
import { connectToWise, webhooks } from "./wise.js";

/** The backend of a bank, for the clerks of its branches. Run as many instances as you like: see README.md. */
const {
  DATABASE_URL,
  DATABASE_TIMEOUT_MS = "10000",
  HOST = "127.0.0.1",
  PORT = "3000",
  SWEEP_EVERY_MS = "60000",
  STOP_WITHIN_MS = "20000",
} = process.env;

const app = Fastify({ logger: true });

// A connection that goes silent would stop the sweeps, and this process at its end.
const limits = { connectionTimeoutMillis: Number(DATABASE_TIMEOUT_MS), query_timeout: Number(DATABASE_TIMEOUT_MS) };
const pool = new pg.Pool({ connectionString: DATABASE_URL, keepAlive: true, ...limits });
// A pool reports idle connections that are lost. Without a listener, such an error ends the process.
pool.on("error", (error) => app.log.error(error));
await pool.query(POSTGRES_PRINT_JOBS_SQL);

const { client, jobs } = connectToWise(pool, ({ id, kioskId, state, intent }) => {
  app.log.info({ print: id, kiosk: kioskId, state, requests: intent?.requests ?? 0 }, "The print has changed");
});

let isStopping = false;
const cutOff = new AbortController();
const backend = { pool, jobs, webhooks, cutOff: cutOff.signal };
app.register(clerkRoutes, backend);
app.register(webhookRoute, backend);
app.get("/health", async () => ({ isAlive: (await pool.query("select")).rowCount === 1 }));
// A connection that stays open after the response would delay the shutdown.
app.addHook("onSend", async (_request, reply) => void (isStopping && reply.header("connection", "close")));

const stopSweeps = startSweeps(jobs, Number(SWEEP_EVERY_MS), app.log);
await app.listen({ host: HOST, port: Number(PORT) });

/** Stops accepting requests and lets running prints end. A sweep decides the prints that are cut off. */
async function stop(): Promise<void> {
  if (isStopping) return;
  isStopping = true;
  const timer = setTimeout(() => cutOff.abort(new Error("The server is stopping")), Number(STOP_WITHIN_MS));
  await stopSweeps();
  await app.close();
  clearTimeout(timer);
  await client.close();
  await pool.end();
}

process.on("SIGTERM", stop);
process.on("SIGINT", stop);
