import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createKioskSimulator, type KioskSimulator } from "../../src/testing/index.js";
import { ADAPTERS, sendThrough } from "../support/simulator-adapters.js";

const MANY = 50;

let simulator: KioskSimulator;
const warnings: Error[] = [];
const note = (warning: Error) => warnings.push(warning);

beforeEach(() => {
  simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card" }] });
  warnings.length = 0;
  process.on("warning", note);
});
afterEach(() => process.off("warning", note));

/** Node.js emits warnings in a later turn. */
async function expectNoWarning(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(warnings).toEqual([]);
}

it("50 deliveries that wait for their next attempt emit no warning about too many listeners", async () => {
  let isBusy = true;
  const receiver = createServer((_request, response) => response.writeHead(isBusy ? 503 : 200).end());
  await once(receiver.listen(0, "127.0.0.1"), "listening");
  try {
    const target = simulator.deliverTo(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}`, {
      retryDelayMs: 200,
    });
    for (let sent = 0; sent < MANY; sent++) simulator.card("card").produce();
    await expect
      .poll(() => target.attempts.filter(({ attempt }) => attempt === 1).length, { timeout: 4000 })
      .toBe(MANY);
    isBusy = false;
    await target.settled();
    expect(target.attempts.filter(({ httpStatus }) => httpStatus === 200)).toHaveLength(MANY);
    target.stop();
  } finally {
    receiver.close();
  }
  await expectNoWarning();
});

it("50 waiting deliveries are cancelled when their target is stopped", async () => {
  const receiver = createServer((_request, response) => response.writeHead(503).end());
  await once(receiver.listen(0, "127.0.0.1"), "listening");
  try {
    const target = simulator.deliverTo(`http://127.0.0.1:${(receiver.address() as AddressInfo).port}`, {
      retryDelayMs: 60_000,
    });
    for (let sent = 0; sent < MANY; sent++) simulator.card("card").produce();
    await expect.poll(() => target.attempts.length, { timeout: 4000 }).toBe(MANY);
    target.stop();
    await target.settled();
    expect(target.attempts).toHaveLength(MANY);
  } finally {
    receiver.close();
  }
  await expectNoWarning();
});

it.each(["latency", "silence"])("50 requests that share a signal emit no warning while they wait: %s", async (wait) => {
  if (wait === "latency") simulator.latencyMs = 60_000;
  else simulator.injectFault({ fault: "timeout", times: MANY });
  const abortion = new AbortController();
  const { baseUrl, fetch } = simulator.clientOptions();
  const url = `${baseUrl}/v3/spend/profiles/123456/cards/card/production`;
  const pending = Array.from({ length: MANY }, () => fetch(url, { signal: abortion.signal }));
  await expect.poll(() => simulator.requests.length).toBe(MANY);
  abortion.abort(new Error("enough"));
  const outcomes = await Promise.allSettled(pending);
  expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(MANY);
  await expectNoWarning();
});

it("20 ports that refuse connections emit no warning", async () => {
  const servers = await Promise.all(Array.from({ length: 20 }, () => simulator.listen()));
  try {
    simulator.injectFault({ fault: "connection-refused", times: servers.length });
    for (const { url } of servers) await expect(fetch(url)).rejects.toThrow("fetch failed");
    simulator.assertNoPendingFaults();
  } finally {
    await Promise.all(servers.map((server) => server.close()));
  }
  await expectNoWarning();
});

it.each(Object.entries(ADAPTERS))("50 simultaneous requests through %s emit no warning", async (_name, open) => {
  simulator.latencyMs = 20;
  const adapter = await open(simulator);
  try {
    const responses = await Promise.all(Array.from({ length: MANY }, () => sendThrough(adapter, simulator, "GET")));
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(MANY);
  } finally {
    await adapter.close();
  }
  await expectNoWarning();
});
