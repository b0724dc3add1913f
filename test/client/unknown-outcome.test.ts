import { describe, expect, it, vi } from "vitest";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { isKioskError, mayHaveTakenEffect, type OnIntent, parseProduction, WiseKioskClient } from "../../src/index.js";
import { type Responder, reply, startHttpServer } from "../support/http-server.js";
import { CARD, catchRejection, createClient, PRODUCE } from "../support/transports.js";

const PRINTING = "the card may be printing: read the status before you produce it again";
const SIMULATED = "the status may have been simulated: read it before you simulate again";

const IN_DOUBT: readonly (readonly [string, Responder])[] = [
  ["500", reply(500, { message: "No." })],
  ["504", reply(504)],
  ["408", reply(408)],
  ["a redirect", reply(307)],
  ["a truncated body", reply(200, "", { "Content-Length": "2000" })],
  ["a reset", (response) => response.destroy()],
  ["no response in time", () => {}],
];

const CERTAIN: readonly (readonly [string, Responder])[] = [
  ["400", reply(400, { message: "No." })],
  ["403", reply(403)],
  ["404", reply(404)],
  ["429", reply(429)],
];

async function catchMessage(call: Promise<unknown>): Promise<string> {
  const error = await catchRejection(call);
  expect(isKioskError(error)).toBe(true);
  const { message, stack } = error as Error;
  expect(stack).toContain(message);
  return message;
}

describe("produceCard", () => {
  it("resolves with the print that a read shows if the response is lost", async () => {
    const simulator = createKioskSimulator({ cards: [CARD] });
    simulator.injectFault({ fault: "lost-response" });
    const kiosk = new WiseKioskClient(simulator.clientOptions());
    expect(await kiosk.produceCard(PRODUCE)).toEqual(simulator.card(CARD.cardToken).production);
    expect(simulator.requests.map(({ method }) => method)).toEqual(["PUT", "GET"]);
  });

  it.each([
    ["a time", "2026-01-01T12:00:00.100Z", true],
    ["no time", null, false],
  ])(
    "an intent has the refusal of an earlier request as previous only if that can be ordered: it has %s",
    async (_why, occurredAt, isKept) => {
      const simulator = createKioskSimulator({ cards: [CARD] });
      const kiosk = new WiseKioskClient(simulator.clientOptions());
      const previous = parseProduction({ status: "REQUEST_ERROR", errorCode: "UNABLE_TO_ACCEPT_REQUEST", occurredAt });
      const onIntent = vi.fn<OnIntent>();
      await kiosk.produceCard({ ...PRODUCE, previous, onIntent });
      expect(onIntent.mock.calls.map(([intent]) => intent.previous)).toEqual([isKept ? previous : null]);
    },
  );
});

describe("error messages", () => {
  it.each(IN_DOUBT)("says what to do before the card is produced again, after %s", async (_what, respond) => {
    await using server = await startHttpServer(respond);
    const message = await catchMessage(createClient(server).produceCard(PRODUCE, { timeoutMs: 300 }));
    expect(message.split(PRINTING)).toHaveLength(2);
    expect(message).toContain("the outcome is unknown");
  });

  it.each(IN_DOUBT)("says what to do before a status is simulated again, after %s", async (what, respond) => {
    await using server = await startHttpServer(respond);
    const call = createClient(server).simulateProductionStatus({ ...CARD, status: "PRODUCED" }, { timeoutMs: 300 });
    const message = await catchMessage(call);
    expect(message.split(SIMULATED), what).toHaveLength(2);
    expect(message).not.toContain(PRINTING);
  });

  it.each([...IN_DOUBT, ...CERTAIN])(
    "says nothing about an unknown outcome of a read, after %s",
    async (_what, respond) => {
      await using server = await startHttpServer(respond);
      const error = await catchRejection(createClient(server).getProductionStatus(CARD, { timeoutMs: 300 }));
      expect((error as Error).message).not.toContain("unknown");
    },
  );

  it.each(CERTAIN)("says nothing about an unknown outcome if nothing happened, after %s", async (_what, respond) => {
    await using server = await startHttpServer(respond);
    expect(await catchMessage(createClient(server).produceCard(PRODUCE))).not.toContain("unknown");
  });
});

describe("mayHaveTakenEffect", () => {
  it("returns true for the abort reason of a call, because its request may be printing", async () => {
    await using server = await startHttpServer(() => leaving.abort());
    const leaving = new AbortController();
    const error = await catchRejection(createClient(server).produceCard(PRODUCE, { signal: leaving.signal }));
    expect(error).toBe(leaving.signal.reason);
    expect(mayHaveTakenEffect(error)).toBe(true);
  });

  it("returns the value of the error if a call fails", async () => {
    await using server = await startHttpServer(reply(403));
    expect(mayHaveTakenEffect(await catchRejection(createClient(server).produceCard(PRODUCE)))).toBe(false);
    await using broken = await startHttpServer(reply(500));
    expect(mayHaveTakenEffect(await catchRejection(createClient(broken).produceCard(PRODUCE)))).toBe(true);
  });
});
