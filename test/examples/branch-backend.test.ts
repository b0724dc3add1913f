import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { BANK_TABLES_SQL } from "../../examples/branch-backend/bank.js";
import type { ClerkView } from "../../examples/branch-backend/clerk-view.js";
import { BackendInstance } from "../support/branch-backend.js";
import { startFront } from "../support/front.js";
import { type PostgresServer, startPostgres } from "../support/postgres.js";

/** Each test starts programs, and some wait until a request is certainly over. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000, maxConcurrency: 2 });

const CARD = "ca0c8154-1e14-4464-a1ce-dcea7dc3de52";

let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.close());

/** A request that takes longer is given up, and a sweep may decide its print 5 s later. */
const SOON_OVER = { WISE_TIMEOUT_MS: "1500" };

/** Opens a bank with one card, its database, and a simulated Wise. */
async function openBank() {
  const { pool, url } = await postgres.createDatabase();
  await pool.query(BANK_TABLES_SQL);
  await pool.query("insert into bank_card values ($1, '123456')", [CARD]);
  await pool.query("insert into bank_customer values ('123456', 'user-token')");
  const kiosks = ["WIS00001", "WIS00002"];
  const cards = [{ profileId: 123456, cardToken: CARD }];
  const simulator = createKioskSimulator({ kiosks, cards, token: "user-token" });
  const wise = await simulator.listen();
  const { publicKeys, subscriptionIds } = simulator.webhookOptions();
  const instances: BackendInstance[] = [];

  async function start(env: NodeJS.ProcessEnv = {}): Promise<BackendInstance> {
    const instance = await BackendInstance.start({
      DATABASE_URL: url,
      WISE_BASE_URL: wise.url,
      WISE_TIMEOUT_MS: "10000",
      WISE_RECONCILE_WINDOW_MS: "200",
      WISE_WEBHOOK_KEY: publicKeys[0],
      WISE_SUBSCRIPTION_ID: subscriptionIds[0],
      SWEEP_EVERY_MS: "200",
      ...env,
    });
    instances.push(instance);
    return instance;
  }

  return {
    url,
    simulator,
    start,
    startTwo: (env: NodeJS.ProcessEnv = {}) => Promise.all([start(env), start(env)]),
    /** The production requests that Wise has received. */
    puts: () => simulator.requests.filter(({ method }) => method === "PUT"),
    /** Resolves once the kiosk prints. */
    printing: () => until(async () => simulator.card(CARD).production?.status === "IN_PROGRESS"),
    async [Symbol.asyncDispose]() {
      await Promise.all(instances.map((instance) => instance.end("SIGKILL")));
      await wise.close();
    },
  };
}

async function until(isTrue: () => Promise<boolean>): Promise<void> {
  await vi.waitFor(async () => expect(await isTrue()).toBe(true), { timeout: 30_000, interval: 20 });
}

/** Waits for a sweep or an event to change a print. */
async function untilState(instance: BackendInstance, id: string, state: ClerkView["state"]): Promise<void> {
  await until(async () => (await instance.show(id)).body.state === state);
}

describe.concurrent("printing with two instances of the backend on one database", () => {
  it("prints a card on one instance and shows it on the other", async () => {
    await using bank = await openBank();
    const [one, other] = await bank.startTwo();
    const { httpStatus, body } = await one.print("print-1", CARD);
    expect([httpStatus, body.state, body.mayPrintAgain]).toEqual([200, "accepted", false]);
    expect(await other.show("print-1")).toEqual({ httpStatus: 200, body });
    const listed = await other.ask<ClerkView[]>("GET", "/prints?kiosk=wis00001&state=accepted");
    expect(listed.body.map(({ id, requestedBy }) => [id, requestedBy])).toEqual([["print-1", "clerk-17"]]);
    expect((await other.ask<ClerkView[]>("GET", "/prints?state=unresolved")).body).toEqual([]);
  });

  it("prints once if two clerks press at the same time on two instances", async () => {
    await using bank = await openBank();
    const [one, other] = await bank.startTwo();
    const responses = await Promise.all([one.print("print-1", CARD), other.print("print-2", CARD)]);
    expect(responses.map(({ httpStatus }) => httpStatus).sort()).toEqual([200, 409]);
    expect(bank.puts()).toHaveLength(1);
  });

  it("prints once if a clerk's screen repeats its request on the other instance", async () => {
    await using bank = await openBank();
    const [one, other] = await bank.startTwo();
    const responses = await Promise.all([one.print("print-1", CARD), other.print("print-1", CARD)]);
    expect(responses.map(({ httpStatus }) => httpStatus)).toEqual([200, 200]);
    expect(await one.print("print-1", CARD)).toMatchObject({ httpStatus: 200, body: { state: "accepted" } });
    expect(bank.puts()).toHaveLength(1);
  });

  it("finds out what became of a print whose instance was killed in flight, without another request", async () => {
    await using bank = await openBank();
    const [one, other] = await bank.startTwo(SOON_OVER);
    bank.simulator.injectFault({ operation: "produceCard", fault: "timeout", takesEffect: true });
    const response = one.print("print-1", CARD).catch(() => "no response");
    await bank.printing();
    expect(await one.end("SIGKILL")).toBe("SIGKILL");
    expect(await response).toBe("no response");
    expect(await other.print("print-2", CARD)).toMatchObject({ httpStatus: 409 });
    await untilState(other, "print-1", "accepted");
    expect(bank.puts()).toHaveLength(1);
  });

  it("applies an event once, however often it arrives and on whichever instance", async () => {
    await using bank = await openBank();
    const [one, other] = await bank.startTwo();
    const targets = [one, other].map(({ url }) => bank.simulator.deliverTo(`${url}/wise`));
    await one.print("print-1", CARD);
    bank.simulator.card(CARD).complete();
    bank.simulator.redeliver();
    await Promise.all(targets.map((target) => target.settled()));
    const statuses = targets.flatMap(({ attempts }) => attempts.map(({ httpStatus }) => httpStatus));
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200]);
    const { body } = await other.show("print-1");
    expect(body.history.map(({ state }) => state)).toEqual(["requested", "accepted", "produced"]);
    expect(body).toMatchObject({ message: "The card is printed, and the customer has it.", mayPrintAgain: false });
  });

  it("lets a person decide what Wise does not show, and prints again afterwards", async () => {
    await using bank = await openBank();
    const instance = await bank.start(SOON_OVER);
    bank.simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
    const response = instance.print("print-1", CARD);
    await until(async () => bank.puts().length === 1);
    bank.simulator.card(CARD).produce("WIS00002");
    expect(await response).toMatchObject({ httpStatus: 200, body: { state: "requested" } });
    expect(await instance.resolve("print-1", "not-printed", "hopper checked")).toMatchObject({ httpStatus: 409 });
    await untilState(instance, "print-1", "unresolved");

    const { httpStatus, body } = await instance.resolve("print-1", "not-printed", "hopper checked");
    expect([httpStatus, body.state]).toEqual([200, "not-sent"]);
    expect(body.history.at(-1)).toMatchObject({ by: "clerk-17", note: "hopper checked" });
    bank.simulator.card(CARD).fail("PRD_HOPPER_JAM");
    expect(await instance.print("print-2", CARD)).toMatchObject({ httpStatus: 200, body: { state: "accepted" } });
  });
});

describe.concurrent("stopping an instance of the backend", () => {
  it("lets a running print end before it exits", async () => {
    await using bank = await openBank();
    const instance = await bank.start();
    bank.simulator.latencyMs = 500;
    const response = instance.print("print-1", CARD);
    await bank.printing();
    const ended = instance.end("SIGTERM");
    expect(await response).toMatchObject({ httpStatus: 200, body: { state: "accepted" } });
    expect(await ended, instance.log.join("\n")).toBe(0);
    await expect(instance.show("print-1")).rejects.toThrow("fetch failed");
  });

  it("cuts off a print that takes too long, and another instance decides it", async () => {
    await using bank = await openBank();
    const [one, other] = await Promise.all([bank.start({ ...SOON_OVER, STOP_WITHIN_MS: "100" }), bank.start()]);
    bank.simulator.injectFault({ operation: "produceCard", fault: "timeout", takesEffect: true });
    const response = one.print("print-1", CARD);
    await bank.printing();
    expect(await one.end("SIGTERM"), one.log.join("\n")).toBe(0);
    expect(await response).toMatchObject({ httpStatus: 503 });
    await untilState(other, "print-1", "accepted");
    expect(bank.puts()).toHaveLength(1);
  });
});

describe.concurrent("an instance of the backend", () => {
  it("goes on sweeping, and ends at SIGTERM, after its connection to the database has gone silent", async () => {
    await using bank = await openBank();
    const address = new URL(bank.url);
    const port = Number(address.port);
    let isSilent = false;
    await using front = await startFront({ port }, (socket) => {
      const database = connect(port, "127.0.0.1").on("error", () => {});
      database.pipe(socket);
      socket.on("data", (data) => isSilent || database.write(data)).on("close", () => database.destroy());
    });
    address.port = String(front.port);
    const instance = await bank.start({ ...SOON_OVER, DATABASE_URL: address.href, DATABASE_TIMEOUT_MS: "3000" });
    isSilent = true;
    await until(async () => instance.log.join("\n").includes("Query read timeout"));
    bank.simulator.injectFault({ operation: "produceCard", fault: "connection-reset" });
    expect(await instance.print("print-1", CARD)).toMatchObject({ body: { state: "requested" } });
    await untilState(instance, "print-1", "not-sent");
    expect(await instance.end("SIGTERM"), instance.log.join("\n")).toBe(0);
  });

  it("refuses requests without a clerk, of unknown cards and prints, and with invalid values", async () => {
    await using bank = await openBank();
    const instance = await bank.start();
    const withoutClerk = await fetch(`${instance.url}/prints`);
    const responses = await Promise.all([
      instance.print("print-1", "another-card"),
      instance.show("print-1"),
      instance.resolve("print-1", "produced", "seen"),
      instance.ask("PUT", "/prints/print-1", { cardToken: CARD }),
      instance.print("print-1", CARD, "  WIS00001  "),
      instance.ask("GET", "/prints?state=lost"),
    ]);
    expect([withoutClerk.status, ...responses.map(({ httpStatus }) => httpStatus)]).toEqual([
      401, 404, 404, 404, 400, 422, 422,
    ]);
    expect(bank.simulator.requests).toEqual([]);
  });

  it("rejects a webhook that Wise did not sign, and logs no token", async () => {
    await using bank = await openBank();
    const instance = await bank.start();
    bank.simulator.card(CARD).produce().complete();
    const [, { body }] = bank.simulator.deliveries as [unknown, { body: string }];
    const response = await fetch(`${instance.url}/wise`, { method: "POST", body });
    expect(response.status).toBe(503);
    await instance.print("print-1", CARD);
    expect((await instance.ask("GET", "/health")).httpStatus).toBe(200);
    expect(instance.log.join("\n")).toContain("KioskWebhookSignatureError");
    expect(instance.log.join("\n")).not.toContain("user-token");
  });
});
