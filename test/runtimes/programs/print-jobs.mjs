// Prints with print jobs, against a simulator in the process. Prints what became of the jobs as JSON.
// Argument: the URL of a PostgreSQL database, or nothing to keep the jobs in memory.
import { WiseKioskClient } from "wise-card-kiosk";
import {
  memoryPrintJobStore,
  POSTGRES_PRINT_JOBS_SQL,
  PrintJobs,
  postgresPrintJobStore,
} from "wise-card-kiosk/print-jobs";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";

const [databaseUrl] = process.argv.slice(2);

async function openDatabase() {
  const { default: pg } = await import("pg");
  const pool = new pg.Pool({ connectionString: databaseUrl });
  await pool.query(POSTGRES_PRINT_JOBS_SQL);
  return { store: postgresPrintJobStore(pool), close: () => pool.end() };
}

const card = { profileId: 1, cardToken: "card" };
const simulator = createKioskSimulator({ cards: [card] });
const client = new WiseKioskClient(simulator.clientOptions());
const webhooks = new KioskWebhooks(simulator.webhookOptions());
const { store, close } = databaseUrl === undefined ? { store: memoryPrintJobStore() } : await openDatabase();
const jobs = new PrintJobs({ client, store });
const results = {};

/** Takes in every webhook of the simulator, some of them again. */
async function receive() {
  for (const { body, headers } of simulator.deliveries) await jobs.apply(await webhooks.unwrap(body, headers));
}

const printed = await jobs.print({ id: "request-1", ...card, kioskId: "WIS00001", requestedBy: "clerk-17" });
results.printed = [printed.state, printed.production.status];

const conflict = await jobs.print({ id: "request-2", ...card, kioskId: "WIS00001" }).catch((error) => error);
results.conflict = [conflict.code, conflict.job.id];

simulator.card("card").fail("PRD_HOPPER_JAM");
await receive();
const failed = await jobs.get("request-1");
results.failed = [failed.state, failed.production.errorCode];

simulator.injectFault({ fault: "lost-response" });
await jobs.print({ id: "request-3", ...card, kioskId: "WIS00001" });
simulator.card("card").complete();
await receive();
results.swept = (await jobs.sweep()).left;
results.jobs = (await jobs.jobsOf(card)).map(({ id, state }) => `${id} ${state}`);

await client.close();
await close?.();
console.log(JSON.stringify(results));
