import { setTimeout as pause } from "node:timers/promises";
import { Pool } from "pg";
import { createClientCredentialsToken, KioskSubscriptions } from "wise-card-kiosk/subscriptions";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { BANK_TABLES_SQL } from "./bank.js";
import { BackendProcess, type LoggedChange } from "./demo/backend-process.js";
import { freePort, startDatabase } from "./demo/database.js";

/**
 * Prints two cards. The backend is killed while the second one prints, and is started again.
 *
 *     npm run demo:backend
 *
 * It needs nothing but this repository: PostgreSQL comes with a package, and Wise is simulated.
 */
const KIOSK = "WIS00001";
const CARDS = [
  { profileId: 1001, cardToken: "card-of-anna" },
  { profileId: 1002, cardToken: "card-of-bert" },
];

const startedAt = performance.now();

function log(text: string): void {
  console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`);
}

function logChange({ print, state, requests }: LoggedChange): void {
  const isLeaving = state === "requested" && requests > 0;
  log(`  │ ${print}: ${state}${isLeaving ? ", and its request may leave now" : ""}`);
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  for (const giveUpAt = performance.now() + 30_000; !(await isTrue()); await pause(20)) {
    if (performance.now() > giveUpAt) throw new Error("The print did not get on within 30 s.");
  }
}

try {
  await play();
} catch (error) {
  console.error(`The demo ended early. ${(error as Error).message}`);
  process.exitCode = 1;
}

async function play(): Promise<void> {
  await using database = await startDatabase();
  log("PostgreSQL is running on this machine, with its data in a temporary folder.");
  const pool = new Pool({ connectionString: database.url });
  await pool.query(BANK_TABLES_SQL);
  for (const { profileId, cardToken } of CARDS) {
    await pool.query("insert into bank_card values ($1, $2)", [cardToken, profileId]);
    await pool.query("insert into bank_customer values ($1, 'user-token')", [profileId]);
  }
  await pool.end();

  const simulator = createKioskSimulator({ kiosks: [KIOSK], cards: CARDS, token: "user-token" });
  await using wise = await simulator.listen();
  const requests = () => simulator.requests.filter(({ operation }) => operation === "produceCard").length;
  const port = await freePort();
  const { publicKeys } = simulator.webhookOptions();
  const token = createClientCredentialsToken({ baseUrl: wise.url, clientId: "your-bank", clientSecret: "any-secret" });
  const subscriptions = new KioskSubscriptions({ baseUrl: wise.url, clientKey: "your-bank", token });
  const { subscription } = await subscriptions.ensure({ url: `http://127.0.0.1:${port}/wise` });
  const start = () => {
    const env = {
      PORT: String(port),
      DATABASE_URL: database.url,
      WISE_BASE_URL: wise.url,
      WISE_WEBHOOK_KEY: publicKeys[0],
      WISE_SUBSCRIPTION_ID: subscription.id,
      WISE_TIMEOUT_MS: "1000",
      WISE_RECONCILE_WINDOW_MS: "500",
      SWEEP_EVERY_MS: "500",
    };
    return BackendProcess.start(env, logChange);
  };
  log(`Wise is simulated at ${wise.url}, with the kiosk ${KIOSK}.`);
  await using first = await start();
  log(`The backend of the bank is running at ${first.url}.`);

  log("A clerk presses “print” for Anna's card, twice.");
  const views = await Promise.all([1, 2].map((press) => first.print(`print-${press}`, "card-of-anna", KIOSK)));
  log(`Both screens show the same print: ${views.map(({ id }) => id).join(", ")}. Production requests: ${requests()}.`);
  await pause(700);
  simulator.card("card-of-anna").complete();
  await simulator.settled();
  log(`Anna takes her card. Wise's webhook says so. ${(await first.show(views[0]?.id ?? "")).message}`);

  log("The clerk presses “print” for Bert's card. Wise gets the request, and the kiosk starts.");
  const held = simulator.holdDeliveries();
  simulator.injectFault({ operation: "produceCard", fault: "timeout", takesEffect: true });
  const response = first.print("print-3", "card-of-bert", KIOSK).catch(() => undefined);
  await until(async () => simulator.card("card-of-bert").production?.status === "IN_PROGRESS");
  await first.end("SIGKILL");
  await response;
  held.release(() => []);
  log("Before the response arrives, the backend is killed. The webhook finds no one, and its event is lost too.");

  await using second = await start();
  log("The backend is started again. The clerk does not know what happened, and presses “print” once more.");
  const again = await second.print("print-4", "card-of-bert", KIOSK);
  log(`Nothing is sent. The screen shows ${again.id}: ${again.message}`);
  log("Once the request has certainly ended, a sweep reads what became of it.");
  await until(async () => (await second.show("print-3")).state !== "requested");
  log((await second.show("print-3")).message);
  simulator.card("card-of-bert").complete();
  await simulator.settled();
  log(`Bert takes his card. ${(await second.show("print-3")).message}`);
  await second.end("SIGTERM");
  log(`The backend is stopped. Cards: 2, production requests: ${requests()}, deaths of the backend: 1.`);
}
