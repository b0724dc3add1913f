import { expect, it } from "vitest";
import { seenOutcome, sentResponse } from "../../src/testing/api/connection-outcome.js";
import { createKioskSimulator, fixtures, type KioskSimulator } from "../../src/testing/index.js";

const NOW = "2026-01-01T12:00:00.000Z";
const PATH = "/v3/spend/profiles/123456/cards/card/production";
const SIMULATION = "/v1/simulation/spend/profiles/123456/cards/card/production";

const withCard = (card: object = {}, options: object = {}) =>
  createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card", ...card }], now: NOW, ...options });

/** Sends a request through `fetch`, with the simulator's token unless another is given. */
async function send(simulator: KioskSimulator, method: string, path: string, body?: unknown, authorization?: string) {
  const headers = { authorization: authorization ?? `Bearer ${simulator.clientOptions().token}` };
  const sent = body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) };
  const response = await simulator.fetch(`https://kiosk.example${path}`, { method, headers, ...sent });
  const text = await response.text();
  return { status: response.status, type: response.headers.get("content-type"), text, json: parsed(text) };
}

function parsed(text: string) {
  return text === "" ? undefined : JSON.parse(text);
}

const produce = (simulator: KioskSimulator, kioskId = "WIS00001") => send(simulator, "PUT", PATH, { kioskId });

it("a request that is refused for another reason consumes no scripted outcome, not even of the same code", async () => {
  const simulator = withCard({ outcomes: [{ refuse: "REQUEST_ALREADY_EXISTS" }, "PRODUCED"] });
  const card = simulator.card("card").produce();
  expect((await produce(simulator)).json).toMatchObject({ errorCode: "REQUEST_ALREADY_EXISTS" });
  card.fail();
  expect((await produce(simulator)).json).toMatchObject({ errorCode: "REQUEST_ALREADY_EXISTS" });
  expect((await produce(simulator, "WIS9")).json).toMatchObject({ errorCode: "KIOSK_ID_NOT_FOUND" });
  expect((await produce(simulator)).status).toBe(200);
  expect(card.production?.status).toBe("PRODUCED");
});

it("a scripted refusal with an unknown code has a general description", async () => {
  const refused = await produce(withCard({ outcomes: [{ refuse: "NEW_ERROR" }] }));
  expect(refused.json).toMatchObject({ errorCode: "NEW_ERROR", description: "Card production request failed" });
});

it("the end of a production can be simulated before the card is ready only if that is assumed", async () => {
  const refused = await send(withCard({ production: null }), "POST", SIMULATION, { status: "PRODUCED" });
  expect([refused.status, refused.json.code]).toEqual([422, "card_production.not_started"]);
  const accepting = withCard({ production: null }, { assumptions: { simulateBeforeProduce: "accept" } });
  expect(accepting.card("card").history).toEqual([]);
  const accepted = await send(accepting, "POST", SIMULATION, { status: "PRODUCED" });
  expect([accepted.status, accepted.type, accepted.text]).toEqual([200, "application/json", ""]);
  expect(accepting.card("card").production).toMatchObject({
    status: "PRODUCED",
    kioskId: "WIS00001",
    occurredAt: NOW,
  });
});

it("a simulated result of a card that was only ready has the time of the result", async () => {
  const simulator = withCard({}, { assumptions: { simulateBeforeProduce: "accept" } });
  simulator.advanceTime(60_000);
  await send(simulator, "POST", SIMULATION, { status: "PRODUCED" });
  expect(simulator.card("card").production?.occurredAt).toBe("2026-01-01T12:01:00.000Z");
});

it("a card whose initial state has no time can be produced", () => {
  const production = { ...fixtures.production.ready(), occurredAt: null };
  expect(withCard({ production }).card("card").produce().production?.occurredAt).toBe(NOW);
});

it.each([
  ["Bearer token", 200],
  ["bearer  token", 200],
  ["NoBearer token", 401],
  ["Bearer token more", 401],
  ["Bearer", 401],
  ["Basic token", 401],
])("the authorization header '%s' leads to a response with status %i", async (authorization, status) => {
  const simulator = withCard({}, { acceptsToken: () => true });
  expect((await send(simulator, "GET", PATH, undefined, authorization)).status).toBe(status);
});

it("a 401 says whether the token is missing or not valid", async () => {
  const simulator = withCard();
  const missing = await simulator.fetch(`https://kiosk.example${PATH}`);
  expect(await missing.json()).toEqual({
    error: "missing_token",
    error_description: "No access token was sent",
  });
  expect((await send(simulator, "GET", PATH, undefined, "Bearer another")).json).toEqual({
    error: "invalid_token",
    error_description: "The access token is not valid",
  });
});

it("a 404 is a problem document, and says if the simulator has no cards", async () => {
  const missing = await send(createKioskSimulator(), "GET", PATH);
  expect([missing.status, missing.type]).toEqual([404, "application/problem+json"]);
  expect(missing.json).toMatchObject({ title: "Not Found", status: 404, detail: "The simulator has no cards" });
});

it("a 405 says which methods the path allows", async () => {
  const refused = await send(withCard(), "DELETE", PATH);
  expect(refused.json).toEqual({
    timestamp: NOW,
    status: 405,
    error: "Method Not Allowed",
    message: "Only GET and PUT can be used with this path",
    path: PATH,
  });
});

it("a 403 says to which application the token belongs", async () => {
  const simulator = createKioskSimulator({ now: NOW });
  const { token } = simulator.subscriptionOptions();
  const path = "/v3/applications/other-bank/subscriptions";
  const refused = await send(simulator, "GET", path, undefined, `Bearer ${token}`);
  expect([refused.status, refused.json]).toEqual([
    403,
    {
      timestamp: NOW,
      status: 403,
      error: "unauthorized",
      message: "The token belongs to the application your-bank, not other-bank",
    },
  ]);
});

it("a subscription to another event can have any version", async () => {
  const simulator = createKioskSimulator();
  const delivery = { version: "9.9.9", url: "https://bank.example/wise" };
  const body = { name: "Transfers", trigger_on: "transfers#state-change", delivery };
  const { token } = simulator.subscriptionOptions();
  const created = await send(simulator, "POST", "/v3/applications/your-bank/subscriptions", body, `Bearer ${token}`);
  expect([created.status, created.json.delivery]).toEqual([200, delivery]);
});

it("the body of a request is recorded as text if it is not JSON", async () => {
  const simulator = withCard();
  for (const body of ["{", "null"]) await send(simulator, "PUT", PATH, body);
  expect(simulator.requests.map(({ body }) => body)).toEqual(["{", null]);
});

it("a response is recorded as it was sent, unless it is one of the token endpoint", async () => {
  const simulator = withCard();
  const body = { access_token: "shown" };
  simulator.injectFault({ fault: { httpStatus: 200, body } });
  await send(simulator, "GET", PATH);
  expect(simulator.requests[0]?.response?.body).toBe('{"access_token":"shown"}');
});

const EMPTY = { status: 200, headers: { date: "now" }, body: "" };

it.each([
  ["a delayed request", { arrivesAfterMs: 1 }, { kind: "closed" }, undefined],
  ["a lost response", "lost-response", { kind: "closed" }, undefined],
  ["a reset connection", "connection-reset", { kind: "reset" }, undefined],
  ["a timeout", "timeout", { kind: "no-response" }, undefined],
  [
    "a malformed empty body",
    "malformed-json",
    { kind: "complete", response: { ...EMPTY, body: "{" } },
    { ...EMPTY, body: "{" },
  ],
  [
    "a truncated empty body",
    "truncated-body",
    { kind: "truncated", response: { ...EMPTY, body: "{}" } },
    { ...EMPTY, body: "{" },
  ],
] as const)("%s shows its sender and the record what was sent", (_fault, fault, outcome, sent) => {
  const applied = seenOutcome("GET", EMPTY, fault);
  expect(applied).toEqual(outcome);
  expect(sentResponse(applied)).toEqual(sent);
});
