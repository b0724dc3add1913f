import { once } from "node:events";
import { afterEach, beforeEach, expect, it } from "vitest";
import type * as z from "zod";
import { findControlRoute } from "../../src/sandbox/control/find-control-route.js";
import { DEFAULT_CARDS } from "../../src/sandbox/default-state.js";
import { problemView } from "../../src/sandbox/view/view-schemas.js";
import { type HttpServer, reply, replyInTurn, startHttpServer } from "../support/http-server.js";
import { type ControlResult, type RunningSandbox, startSandbox } from "../support/running-sandbox.js";

const [card, other] = DEFAULT_CARDS;
const cardPath = `/cards/${card.cardToken}`;

let sandbox: RunningSandbox;
let receiver: HttpServer | undefined;

beforeEach(async () => {
  sandbox = await startSandbox();
});

afterEach(async () => {
  await sandbox.stop();
  await receiver?.[Symbol.asyncDispose]();
  receiver = undefined;
});

/** Sends a request, and checks that the response is as the OpenAPI document says. */
async function control(method: string, path: string, body?: unknown): Promise<ControlResult> {
  const result = await sandbox.control(method, path, body);
  const isProblem = result.status >= 400;
  expect(result.type).toBe(isProblem ? "application/problem+json" : "application/json");
  const schema: z.ZodType = isProblem
    ? problemView.strict()
    : findControlRoute(method, path.replace(/\?.*$/, "")).route.response;
  expect(schema.parse(result.body)).toEqual(result.body);
  return result;
}

const statusOf = async (path = cardPath) => (await control("GET", path)).body.production?.status;

it("a card goes through every state, and each has advice", async () => {
  const states = [];
  for (const [action, body] of [
    ["produce", { kioskId: "WIS00002" }],
    ["fail", { errorCode: "PRD_HOPPER_JAM" }],
    ["produce", undefined],
    ["complete", undefined],
    ["ready", undefined],
    ["produce", {}],
    ["reject", {}],
    ["collect", undefined],
  ] as const) {
    const { status, body: changed } = await control("POST", `${cardPath}/${action}`, body);
    expect(status).toBe(200);
    states.push([
      changed.production.status,
      changed.production.kioskId,
      changed.advice.nextStep,
      changed.advice.mayLeaveCard,
    ]);
  }
  expect(states).toEqual([
    ["IN_PROGRESS", "WIS00002", "check-status", false],
    ["PRODUCTION_ERROR", "WIS00002", "fix-kiosk-and-retry", true],
    ["IN_PROGRESS", "WIS00001", "check-status", false],
    ["PRODUCED", "WIS00001", null, false],
    ["READY", null, null, false],
    ["IN_PROGRESS", "WIS00001", "check-status", false],
    ["PRODUCTION_ERROR", "WIS00001", expect.any(String), true],
    ["PRODUCED", "WIS00001", null, false],
  ]);
  expect((await control("GET", cardPath)).body.prints).toBe(3);
});

it("an expired card cannot be produced, until it is reset", async () => {
  expect((await control("POST", `${cardPath}/expire`)).body).toMatchObject({
    expired: true,
    advice: { canProduce: false },
  });
  expect((await sandbox.print(card)).status).toBe(422);
  expect((await control("POST", `${cardPath}/reset`)).body).toMatchObject({
    expired: false,
    advice: { canProduce: true },
  });
  expect((await sandbox.print(card)).status).toBe(200);
});

it("a card cannot expire if the clock shows the earliest time, and stays as it is", async () => {
  await control("POST", "/clock", { now: "-271821-04-20T00:00:00.000Z" });
  expect(await control("POST", `${cardPath}/expire`)).toMatchObject({ status: 400, body: { argument: "now" } });
  expect((await control("GET", cardPath)).body).toMatchObject({ expired: false });
});

it("a card can be added with everything or with nothing, until the next reset", async () => {
  const made = await control("POST", "/cards");
  expect(made).toMatchObject({ status: 201, body: { profileId: "123456", production: { status: "READY" } } });
  const given = {
    profileId: 77,
    cardToken: "a card/with ✓",
    ready: false,
    createdAt: "2026-01-01T00:00:00Z",
    outcomes: ["PRT_RIBBON_ENDED", { refuse: "UNABLE_TO_ACCEPT_REQUEST" }],
    productionDelayMs: 5,
  };
  const { body } = await control("POST", "/cards", given);
  expect(body).toMatchObject({ profileId: "77", production: null, advice: null, outcomes: given.outcomes });
  const path = `/cards/${encodeURIComponent(given.cardToken)}`;
  expect((await control("POST", `${path}/ready`)).body.production.status).toBe("READY");
  expect((await control("POST", `${path}/reset`)).body.production).toBeNull();
  expect((await control("POST", "/cards", given)).status).toBe(409);
  await control("POST", "/reset");
  expect((await control("GET", path)).status).toBe(404);
  expect((await control("GET", "/cards")).body).toHaveLength(3);
});

it("resetting a card drops its print, and no timer of the old one changes it", async () => {
  const { body: added } = await control("POST", "/cards", {
    cardToken: "scripted",
    outcomes: ["PRODUCED"],
    productionDelayMs: 50,
  });
  await sandbox.print(added);
  await control("POST", "/cards/scripted/reset");
  const sent = (await control("GET", "/deliveries")).body.sent.length;
  await control("POST", "/clock", { advanceMs: 60_000 });
  expect(await statusOf("/cards/scripted")).toBe("READY");
  expect((await control("GET", "/deliveries")).body.sent).toHaveLength(sent);
  await sandbox.print(added);
  await control("POST", "/clock", { advanceMs: 50 });
  expect(await statusOf("/cards/scripted")).toBe("PRODUCED");
});

it("the clock advances and stops, and productions follow it", async () => {
  await control("PATCH", "/settings", { auto: true });
  const { body: stopped } = await control("POST", "/clock", { now: "2027-01-01T00:00:00.000Z" });
  expect(stopped).toEqual({ now: "2027-01-01T00:00:00.000Z", stopped: true });
  await control("POST", `${cardPath}/reset`);
  await sandbox.print(card);
  expect((await control("POST", "/clock", { advanceMs: 1999 })).body.now).toBe("2027-01-01T00:00:01.999Z");
  expect(await statusOf()).toBe("IN_PROGRESS");
  await control("POST", "/clock", { advanceMs: 1 });
  expect(await statusOf()).toBe("PRODUCED");
});

it.each([
  ["+275760-09-13T00:00:00.000Z", {}],
  ["+275760-09-12T23:59:59.999Z", { advanceMs: 1 }],
])("every operation is available at the latest time, set to %s and advanced by %j", async (now, advance) => {
  await control("POST", "/clock", { now });
  expect(await control("POST", "/clock", { advanceMs: 0, ...advance })).toMatchObject({
    status: 200,
    body: { now: "+275760-09-13T00:00:00.000Z" },
  });
  const detail = "advanceMs must be a number of milliseconds from 0 to 0, not 1.";
  expect((await control("POST", "/clock", { advanceMs: 1 })).body.detail).toBe(detail);
  const token = await fetch(`${sandbox.url}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`any:${sandbox.token}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  expect([token.status, await token.json()]).toMatchObject([200, { expires_at: "+275760-09-13T00:00:00.000Z" }]);
  // The cards are older than 60 days then.
  expect((await sandbox.print(card)).status).toBe(422);
  expect((await control("GET", "/state")).status).toBe(200);
});

it("the automatic kiosk completes the prints that begin while it is on, and no others", async () => {
  await control("PATCH", "/settings", { auto: true });
  await sandbox.print(card);
  await control("PATCH", "/settings", { auto: false });
  await sandbox.print(other);
  await control("POST", "/clock", { advanceMs: 60_000 });
  expect([await statusOf(), await statusOf(`/cards/${other.cardToken}`)]).toEqual(["PRODUCED", "IN_PROGRESS"]);
  await control("POST", "/cards", { cardToken: "scripted", outcomes: ["PRT_PAUSED"], productionDelayMs: 0 });
  await control("PATCH", "/settings", { auto: true });
  await sandbox.print({ profileId: "123456", cardToken: "scripted" });
  expect(await statusOf("/cards/scripted")).toBe("PRODUCTION_ERROR");
  await sandbox.print({ profileId: "123456", cardToken: "scripted" });
  await control("POST", "/clock", { advanceMs: 1 });
  expect(await statusOf("/cards/scripted")).toBe("PRODUCED");
});

it("the automatic kiosk also ends a print that the control API starts, as the script of the card says", async () => {
  const outcomes = [{ refuse: "UNABLE_TO_ACCEPT_REQUEST" }, "PRT_PAUSED"];
  await control("POST", "/cards", { cardToken: "scripted", outcomes, productionDelayMs: 1000 });
  const produce = async (path: string) => {
    const { body } = await control("POST", `${path}/produce`);
    await control("POST", "/clock", { advanceMs: 60_000 });
    return [body.production.status, await statusOf(path)];
  };
  expect(await produce(cardPath)).toEqual(["IN_PROGRESS", "IN_PROGRESS"]);
  await control("PATCH", "/settings", { auto: true });
  expect(await produce(cardPath)).toEqual(["IN_PROGRESS", "PRODUCED"]);
  expect(await produce(cardPath)).toEqual(["IN_PROGRESS", "PRODUCED"]);
  expect((await control("GET", cardPath)).body.outcomes).toEqual(["PRODUCED"]);

  expect(await produce("/cards/scripted")).toEqual(["IN_PROGRESS", "PRODUCED"]);
  expect((await control("GET", "/cards/scripted")).body.outcomes).toEqual(outcomes);
  await control("POST", "/cards/scripted/ready");
  expect((await sandbox.print({ profileId: "123456", cardToken: "scripted" })).status).toBe(422);
  expect(await produce("/cards/scripted")).toEqual(["IN_PROGRESS", "PRODUCTION_ERROR"]);
});

it("faults are injected, listed, used up and removed", async () => {
  const endless = await control("POST", "/faults", {
    fault: "lost-response",
    operation: "simulateProductionStatus",
    times: "always",
  });
  expect(endless).toMatchObject({
    status: 201,
    body: { id: "1", remaining: "always", operation: "simulateProductionStatus" },
  });
  const fault = { httpStatus: 503, headers: { "retry-after": "1" }, body: { message: "busy" } };
  await control("POST", "/faults", { fault, times: 2, takesEffect: true });
  const response = await sandbox.print(card);
  expect([response.status, response.headers.get("retry-after"), await response.json()]).toEqual([
    503,
    "1",
    { message: "busy" },
  ]);
  expect((await control("GET", "/faults")).body).toMatchObject([
    endless.body,
    { id: "2", fault, remaining: 1, takesEffect: true },
  ]);
  expect((await control("DELETE", "/faults/3")).status).toBe(404);
  await sandbox.print(card);
  expect((await control("GET", "/faults")).body).toEqual([endless.body]);
  expect((await control("DELETE", `/faults/${endless.body.id}`)).body).toEqual([]);
  expect((await control("DELETE", `/faults/${endless.body.id}`)).status).toBe(404);
  await control("POST", "/faults", { fault: { arrivesAfterMs: 5 } });
  expect((await control("DELETE", "/faults")).body).toEqual([]);
  expect((await control("GET", "/faults")).body).toEqual([]);
  expect(await statusOf()).toBe("IN_PROGRESS");
});

it("reads lag as far as the settings say", async () => {
  await control("POST", "/clock", { now: "2027-01-01T00:00:00Z" });
  expect((await control("PATCH", "/settings", { readLagMs: 1000, latencyMs: 1 })).body).toMatchObject({
    readLagMs: 1000,
    latencyMs: 1,
  });
  const { body } = await control("POST", `${cardPath}/produce`);
  expect([body.production.status, body.shown.status]).toEqual(["IN_PROGRESS", "READY"]);
  await control("POST", "/clock", { advanceMs: 1000 });
  expect((await control("GET", cardPath)).body.shown.status).toBe("IN_PROGRESS");
  await control("POST", "/reset");
  expect((await control("GET", "/settings")).body).toEqual({
    readLagMs: 0,
    latencyMs: 0,
    auto: false,
    webhookUrl: null,
  });
});

it("deliveries are held, released in any order, and redelivered", async () => {
  receiver = await startHttpServer(reply(200));
  await control("PATCH", "/settings", { webhookUrl: receiver.url });
  expect((await control("POST", "/deliveries/hold")).body).toMatchObject({ holding: true, held: [], sent: [] });
  expect((await control("POST", "/deliveries/hold")).status).toBe(409);
  await control("POST", `${cardPath}/produce`);
  await control("POST", `${cardPath}/complete`);
  const { held } = (await control("GET", "/deliveries")).body;
  expect(held.map((event: { status: string }) => event.status)).toEqual(["IN_PROGRESS", "PRODUCED"]);
  await control("POST", "/deliveries/release", { order: "reversed" });
  await expect.poll(() => receiver?.requests.length).toBe(2);
  await control("POST", `/deliveries/${held[0].deliveryId}/redeliver`);
  await expect.poll(() => receiver?.requests.length).toBe(3);
  const ids = receiver?.requests.map(({ headers }) => headers["x-delivery-id"]);
  expect(ids).toEqual([held[1].deliveryId, held[0].deliveryId, held[0].deliveryId]);
  await expect
    .poll(async () =>
      (await control("GET", "/deliveries")).body.sent.map((sent: { attempts: unknown[] }) => sent.attempts.length),
    )
    .toEqual([1, 1, 1]);
  expect((await control("POST", "/deliveries/release")).status).toBe(409);
});

it("chosen deliveries are released, some twice and some never", async () => {
  receiver = await startHttpServer(reply(200));
  await control("PATCH", "/settings", { webhookUrl: receiver.url });
  await control("POST", "/deliveries/hold");
  for (const action of ["produce", "fail", "produce"]) await control("POST", `${cardPath}/${action}`);
  const ids = (await control("GET", "/deliveries")).body.held.map((event: { deliveryId: string }) => event.deliveryId);
  const misspelt = await control("POST", "/deliveries/release", { deliveryIds: [ids[0], `${ids[1]}x`] });
  const detail = `There is no delivery ${ids[1]}x. Did you mean ${ids[1]}?`;
  expect(misspelt).toMatchObject({ status: 404, body: { detail } });
  const { body } = await control("POST", "/deliveries/release", { deliveryIds: [ids[2], ids[0], ids[0]] });
  expect(body).toMatchObject({ holding: false, held: [] });
  expect(body.sent.map((event: { deliveryId: string }) => event.deliveryId)).toEqual([ids[2], ids[0], ids[0]]);
  await expect
    .poll(async () =>
      (await control("GET", "/deliveries")).body.sent.map((sent: { attempts: unknown[] }) => sent.attempts.length),
    )
    .toEqual([1, 1, 1]);
});

it("a reset forgets the deliveries, and holds none back", async () => {
  await control("POST", `${cardPath}/produce`);
  await control("POST", "/deliveries/hold");
  await control("POST", `${cardPath}/complete`);
  await control("POST", "/reset");
  expect((await control("GET", "/deliveries")).body).toEqual({ holding: false, held: [], sent: [] });
});

it.each([
  ["everything is reset", "POST", "/reset", undefined],
  ["the receiver changes", "PATCH", "/settings", { webhookUrl: "https://127.0.0.1:9/" }],
])("an attempt in progress ends when %s", async (_event, method, path, body) => {
  const closed: Promise<unknown>[] = [];
  receiver = await startHttpServer((response) => void closed.push(once(response, "close")));
  await control("PATCH", "/settings", { webhookUrl: receiver.url });
  await control("POST", `${cardPath}/produce`);
  await expect.poll(() => closed.length).toBe(1);
  expect((await control(method, path, body)).status).toBe(200);
  await Promise.all(closed);
  expect(sandbox.output.join("")).not.toContain("no response (timeout)");
});

it("each attempt of a delivery is listed with the receiver's response", async () => {
  receiver = await startHttpServer(replyInTurn(reply(500), reply(204)));
  await control("PATCH", "/settings", { webhookUrl: receiver.url });
  await control("POST", `${cardPath}/produce`);
  await expect
    .poll(async () => (await control("GET", "/deliveries")).body.sent[0].attempts, { timeout: 10_000 })
    .toMatchObject([
      { attempt: 1, httpStatus: 500, failure: null },
      { attempt: 2, httpStatus: 204, failure: null },
    ]);
});

it("another receiver gets the later deliveries, and attempts to the first one end", async () => {
  receiver = await startHttpServer(reply(500));
  await using second = await startHttpServer(reply(200));
  await control("PATCH", "/settings", { webhookUrl: receiver.url });
  await control("POST", `${cardPath}/produce`);
  await expect.poll(() => receiver?.requests.length).toBe(1);
  await control("PATCH", "/settings", { webhookUrl: second.url });
  await control("POST", `${cardPath}/complete`);
  await expect.poll(() => second.requests.length).toBe(1);
  await control("PATCH", "/settings", { webhookUrl: null });
  await control("POST", `${cardPath}/ready`);
  const { sent } = (await control("GET", "/deliveries")).body;
  expect(sent.map(({ url }: { url: string | null }) => url)).toEqual([receiver.url, second.url, null]);
});

it("the journal lists requests with their responses, without credentials, filtered and limited", async () => {
  await sandbox.print(card);
  await sandbox.print(other, "WIS00009");
  await sandbox.print(card);
  await fetch(`${sandbox.url}/elsewhere`);
  const all = (await control("GET", "/requests")).body;
  expect(all).toMatchObject([
    { operation: "produceCard", cardToken: card.cardToken, body: { kioskId: "WIS00001" }, tookEffect: true },
    { cardToken: other.cardToken, response: { status: 422 }, tookEffect: false },
    { cardToken: card.cardToken, response: { status: 422 }, tookEffect: false },
    { operation: null, path: "/elsewhere", cardToken: null, response: { status: 404 } },
  ]);
  expect(JSON.stringify(all)).not.toContain(sandbox.token);
  const count = async (query: string) => (await control("GET", `/requests?${query}`)).body.length;
  expect(await count(`cardToken=${other.cardToken}`)).toBe(1);
  expect(await count("operation=getProductionStatus")).toBe(0);
  expect(await count("operation=produceCard&limit=2")).toBe(2);
  await control("POST", "/reset");
  expect(await count("")).toBe(0);
});

it("the deliveries keep the newest 500 only, and an older one cannot be delivered again", async () => {
  await control("POST", `${cardPath}/produce`);
  const [{ deliveryId }] = (await control("GET", "/deliveries")).body.sent;
  for (let count = 0; count < 10; count += 1) {
    await Promise.all(Array.from({ length: 50 }, () => sandbox.control("POST", `${cardPath}/ready`)));
  }
  const { sent } = (await control("GET", "/deliveries")).body;
  expect(sent).toHaveLength(500);
  expect((await control("GET", "/state")).body.deliveries.sent).toEqual(sent.slice(-50));
  expect((await control("POST", `/deliveries/${deliveryId}/redeliver`)).status).toBe(404);
});

it("the journal keeps the newest 1000 requests only", async () => {
  for (let count = 0; count < 20; count += 1) {
    await Promise.all(
      Array.from({ length: 55 }, () => fetch(`${sandbox.url}/n${count}`).then((response) => response.text())),
    );
  }
  const { body } = await control("GET", "/requests");
  expect([body.length, body.at(-1).path]).toEqual([1000, "/n19"]);
  expect((await control("GET", "/state")).body.requests).toHaveLength(50);
});

it("the error codes are listed with their meaning", async () => {
  const { body } = await control("GET", "/error-codes");
  expect(body).toHaveLength(58);
  expect(body).toContainEqual({
    code: "PRT_RIBBON_ENDED",
    kind: "production",
    component: "printer",
    meaning: expect.any(String),
    nextStep: "fix-kiosk-and-retry",
    mayLeaveCard: true,
  });
});

it("the state and the health are returned", async () => {
  expect((await control("GET", "/health")).body).toEqual({ status: "ok" });
  expect((await control("GET", "/state")).body).toMatchObject({ faults: [], requests: [], clock: { stopped: false } });
});

it("the state is sent as an event, and again after a change", async () => {
  const response = await fetch(`${sandbox.url}/_sandbox/events`);
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  const first = (await reader.read()).value ?? "";
  expect(first).toMatch(/^event: state\ndata: \{.*\}\n\n$/);
  await control("POST", `${cardPath}/produce`);
  let text = "";
  while (!text.includes('"IN_PROGRESS"')) text += (await reader.read()).value;
  await reader.cancel();
});

it("the state is sent again when reads catch up", async () => {
  await control("PATCH", "/settings", { readLagMs: 300 });
  const response = await fetch(`${sandbox.url}/_sandbox/events`);
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  await control("POST", `${cardPath}/produce`);
  let text = "";
  while (!/"shown":\{"status":"IN_PROGRESS"/.test(text)) text += (await reader.read()).value;
  await reader.cancel();
});

it.each([
  ["POST", "/cards", { profileID: 1 }, "profileID"],
  ["POST", "/cards", { profileId: "x" }, "profileId"],
  ["POST", "/cards", { cardToken: " " }, "cardToken"],
  ["POST", "/cards", { createdAt: "yesterday" }, "createdAt"],
  ["POST", "/cards", { outcomes: [1] }, "outcomes.0"],
  ["POST", "/cards", [], "body"],
  ["POST", `${cardPath}/fail`, { code: "PRT_PAUSED" }, "code"],
  ["POST", `${cardPath}/fail`, { errorCode: 1 }, "errorCode"],
  ["POST", `${cardPath}/complete`, { errorCode: "PRT_PAUSED" }, "body"],
  ["POST", "/clock", {}, "body"],
  ["POST", "/clock", { now: "2027-01-01", advanceMs: 1 }, "body"],
  ["POST", "/clock", { now: "soon" }, "now"],
  ["POST", `${cardPath}/produce`, { kioskId: " WIS00001 " }, "kioskId"],
  ["POST", "/clock", { now: 5 }, "now"],
  ["POST", "/clock", { advanceMs: -1 }, "advanceMs"],
  ["POST", "/clock", { advanceMs: 1e300 }, "advanceMs"],
  ["POST", "/faults", {}, "fault"],
  ["POST", "/faults", { fault: "connection-refused" }, "fault"],
  ["POST", "/faults", { fault: { httpStatus: 500, headers: { "a b": "c" } } }, "fault.headers"],
  ["POST", "/faults", { fault: { httpStatus: 500, headers: { "": "c" } } }, "fault.headers"],
  ["POST", "/faults", { fault: { httpStatus: 500, headers: { name: "line\nbreak" } } }, "fault.headers"],
  ["POST", "/faults", { fault: { httpStatus: 500, headers: { name: "日本" } } }, "fault.headers"],
  ["POST", "/faults", { fault: { httpStatus: 500, header: { a: "b" } } }, "fault"],
  ["POST", "/faults", { fault: { arrivesAfterMs: 5, body: "late" } }, "fault"],
  ["POST", "/cards", { outcomes: [{ refuse: "KIOSK_OFFLINE", after: 1 }] }, "outcomes.0"],
  ["POST", "/cards", { outcomes: ["PRODUCD"] }, "outcomes.0"],
  ["POST", "/cards", { outcomes: ["PRODUCED", "produced"] }, "outcomes.1"],
  ["POST", "/cards", { outcomes: [{ refuse: "PRODUCED" }] }, "outcomes.0.refuse"],
  ["POST", `${cardPath}/fail`, { errorCode: "PRODUCED" }, "errorCode"],
  ["POST", `${cardPath}/reject`, { errorCode: "Produced" }, "errorCode"],
  ["POST", "/faults", { fault: "timeout", times: 0 }, "times"],
  ["POST", "/faults", { fault: "timeout", operation: "produce" }, "operation"],
  ["PATCH", "/settings", { readLagMs: "1" }, "readLagMs"],
  ["PATCH", "/settings", { webhookUrl: "/relative" }, "webhookUrl"],
  ["PATCH", "/settings", { auto: "yes" }, "auto"],
  ["POST", "/deliveries/release", { order: "random" }, "order"],
  ["GET", "/requests?limit=0", undefined, "limit"],
  ["GET", "/requests?card=1", undefined, "card"],
  ["GET", "/health?deep=1", undefined, "query"],
])("%s %s with %j is a problem that names the argument", async (method, path, body, argument) => {
  const before = (await control("GET", "/settings")).body;
  const problem = await control(method, path, body);
  expect(problem).toMatchObject({ status: 400, body: { title: "Bad Request", argument } });
  expect(problem.body.detail).toMatch(/ (must|is not a known option)/);
  expect((await control("GET", "/settings")).body).toEqual(before);
});

it("a seed with a misspelt PRODUCED is refused", async () => {
  const seed = JSON.stringify({ cards: [{ profileId: 1, cardToken: "x", outcomes: ["PRODUCD"] }] });
  const message = `cards.0.outcomes.0 must be 'PRODUCED' or an error code, not "PRODUCD". Did you mean 'PRODUCED'?`;
  await expect(startSandbox({ seed })).rejects.toMatchObject({ argument: "cards.0.outcomes.0", message });
});

it.each([".", "..", " x", "x\n", "\ud800", ""])("no card with the token %j can be added", async (cardToken) => {
  const detail = expect.stringMatching(
    /without whitespace around it, and not '\.' or '\.\.'|must be a non-blank string/,
  );
  expect(await control("POST", "/cards", { cardToken })).toMatchObject({ status: 400, body: { detail } });
  const seed = JSON.stringify({ cards: [{ profileId: 1, cardToken }] });
  await expect(startSandbox({ seed })).rejects.toMatchObject({ argument: "cards.0.cardToken", message: detail });
});

it.each([
  "5",
  "Jan 5 2024",
  "2024-01-01T00:00:00",
  "2024-02-30T00:00:00Z",
  "+275760-09-14T00:00:00.000Z",
  "+002024-01-01T00:00:00.000Z",
])("%j is not a time for the control API and seeds", async (time) => {
  const fault = `a time in ISO 8601 with a time zone, not "${time}"`;
  expect((await control("POST", "/clock", { now: time })).body.detail).toBe(`now must be ${fault}.`);
  expect((await control("POST", "/cards", { createdAt: time })).body.detail).toBe(`createdAt must be ${fault}.`);
  const cards = [{ ...card, createdAt: "2024-01-01T00:00:00+02:00" }];
  await expect(startSandbox({ seed: JSON.stringify({ now: time, cards }) })).rejects.toThrow(
    `now must be a valid Date, or ${fault}`,
  );
  const later = { cards: [...cards, { ...other, createdAt: time }] };
  await expect(startSandbox({ seed: JSON.stringify(later) })).rejects.toThrow(
    `cards.1.createdAt must be a valid Date, or ${fault}`,
  );
});

it.each([
  ["GET", "/cards/none", 404, /There is no card none\. Did you mean /],
  ["POST", "/cards/none/fail", 404, /There is no card none/],
  ["POST", "/deliveries/none/redeliver", 404, /There is no delivery none\. There are none yet/],
  ["GET", "/card", 404, /The nearest is \/_sandbox\/cards,/],
  ["GET", "", 404, /openapi\.json lists all/],
  ["GET", "/cards/%E0%A4%A", 400, /percent-encoded/],
  ["GET", "/cards/", 404, /no such path/],
  ["PUT", "/cards", 405, /only GET, POST/],
  ["POST", "/events", 405, /only GET\./],
  ["DELETE", "/events", 405, /only GET\./],
  ["POST", "/openapi.json", 405, /only GET\./],
  ["POST", "/openapi.jsn", 404, /The nearest is \/_sandbox\/openapi\.json,/],
])("%s %s is a problem that says what to do", async (method, path, status, detail) => {
  const problem = await sandbox.control(method, path);
  expect(problem).toMatchObject({
    status,
    type: "application/problem+json",
    body: { status, detail: expect.stringMatching(detail) },
  });
});

it.each([
  ["DELETE", "/settings", "GET, PATCH"],
  ["POST", "/events", "GET"],
  ["HEAD", "/events", "GET"],
  ["PUT", "/openapi.json", "GET"],
])("%s %s, which the path does not allow, is a problem with %s in the Allow header", async (method, path, allowed) => {
  const response = await fetch(`${sandbox.url}/_sandbox${path}`, { method });
  expect([response.status, response.headers.get("allow")]).toEqual([405, allowed]);
});

it("a body that is not JSON, or is too large, is a problem, and one of whitespace is not", async () => {
  const send = (body: string) => fetch(`${sandbox.url}/_sandbox/cards`, { method: "POST", body });
  expect(await (await send("{")).json()).toMatchObject({ status: 400, argument: "body", detail: "body must be JSON." });
  expect((await send(" \n")).status).toBe(201);
  expect((await send("{}".padEnd(1_000_000))).status).toBe(201);
  expect((await send("{}".padEnd(1_000_001))).status).toBe(413);
});

it.each([
  [{ fault: { httpStatus: 500, header: {} } }, /^fault must contain only httpStatus, headers, body, not "header"\.$/],
  [{ fault: { httpStatus: 700 } }, /must be an integer from 200 to 599, not 700\.$/],
  [{ fault: "timeout", times: 0 }, /must be a positive integer, or 'always', not 0\.$/],
  [{ fault: "timeout", times: 1.5 }, /must be a positive integer, or 'always', not 1\.5\.$/],
  [{ fault: "timeuot" }, /must be .*, not "timeuot"\.$/],
  [{ fault: "connection-refused" }, /, not 'connection-refused': .* Use 'connection-reset'\.$/],
])("the fault %j is refused with what is allowed", async (body, detail) => {
  expect((await control("POST", "/faults", body)).body.detail).toMatch(detail);
});

it.each([[null], [[]], [[1]], [5], [true], ["text"]])(
  "the body %j is a problem, whether the operation needs one or not",
  async (body) => {
    for (const path of ["/cards", "/reset", "/faults"]) {
      const problem = await control("POST", path, body);
      const detail = expect.stringMatching(/^body must be a JSON object, not /);
      expect(problem).toMatchObject({ status: 400, body: { argument: "body", detail } });
    }
  },
);

it("a query may contain question marks", async () => {
  for (const cardToken of ["a?b", "?limit=1?"]) {
    await control("POST", "/cards", { cardToken });
    await sandbox.print({ profileId: "123456", cardToken: encodeURIComponent(cardToken) });
    const { body } = await control("GET", `/requests?cardToken=${cardToken}&operation=produceCard`);
    expect(body).toMatchObject([{ cardToken, response: { status: 200 } }]);
  }
});

it("the page allows GET and HEAD, and names only GET", async () => {
  const response = await fetch(sandbox.url, { method: "POST" });
  expect([response.status, response.headers.get("allow")]).toEqual([405, "GET"]);
  expect((await fetch(sandbox.url, { method: "HEAD" })).status).toBe(200);
});
