import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import * as z from "zod";
import { createKioskSimulator, type KioskSimulator } from "../../src/testing/index.js";
import { ADAPTERS, type Adapter, type AdapterResponse } from "../support/simulator-adapters.js";

const CARD = "ca0c8154-1e14-4464-a1ce-dcea7dc3de52";
const PATH = `/v3/spend/profiles/123456/cards/${CARD}/production`;
const SIMULATION = `/v1/simulation/spend/profiles/123456/cards/${CARD}/production`;
const NOW = "2026-01-01T12:00:00.000Z";

describe.each(Object.entries(ADAPTERS))("the simulator through %s", (_name, open) => {
  let simulator: KioskSimulator;
  let adapter: Adapter;

  beforeEach(async () => {
    simulator = createKioskSimulator({
      kiosks: ["WIS00001", "WIS00002"],
      cards: [
        { profileId: 123456, cardToken: CARD },
        { profileId: "777", cardToken: "a/b?c#d" },
        { profileId: 123456, cardToken: "not-ready", production: null },
      ],
      now: NOW,
    });
    adapter = await open(simulator);
  });
  afterEach(() => {
    vi.useRealTimers();
    return adapter.close();
  });

  const authorization = () => `Bearer ${simulator.clientOptions().token}`;
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    adapter.send({
      method,
      path,
      headers: { authorization: authorization(), ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
  const produce = (path = PATH, kioskId = "WIS00001") => send("PUT", path, { kioskId });
  const read = (path = PATH) => send("GET", path);
  const simulate = (body: unknown, path = SIMULATION) => send("POST", path, body);
  const json = ({ text }: AdapterResponse) => JSON.parse(text);

  it("starts with a card ready", async () => {
    const response = await read();
    expect(response.status).toBe(200);
    expect(json(response)).toEqual({
      status: "READY",
      kioskId: null,
      occurredAt: NOW,
      errorCode: null,
      description: "Card ready for production",
    });
  });

  it("responds to a production request with the three fields of Wise's example", async () => {
    const response = await produce();
    expect(response.status).toBe(200);
    expect(json(response)).toEqual({ status: "IN_PROGRESS", kioskId: "WIS00001", occurredAt: NOW });
    expect(json(await read())).toMatchObject({ status: "IN_PROGRESS", kioskId: "WIS00001", errorCode: null });
  });

  it("produces a card when that is simulated, and responds without a body", async () => {
    await produce();
    const response = await simulate({ status: "PRODUCED" });
    expect([response.status, response.text]).toEqual([200, ""]);
    expect(json(await read())).toMatchObject({ status: "PRODUCED", kioskId: "WIS00001", occurredAt: NOW });
  });

  it("produces a card again after a production error, with a later occurredAt", async () => {
    await produce();
    await simulate({ status: "PRODUCTION_ERROR", errorCode: "PRT_NOT_REACHABLE" });
    expect(json(await read())).toMatchObject({ status: "PRODUCTION_ERROR", errorCode: "PRT_NOT_REACHABLE" });
    const response = await produce(PATH, "WIS00002");
    expect(json(response)).toMatchObject({ status: "IN_PROGRESS", kioskId: "WIS00002" });
    expect(Date.parse(json(response).occurredAt)).toBeGreaterThan(Date.parse(NOW));
  });

  it.each([
    ["an unknown kiosk", "KIOSK_ID_NOT_FOUND", () => {}, "WIS9"],
    ["a card in progress", "REQUEST_ALREADY_EXISTS", () => simulator.card(CARD).produce(), "WIS00001"],
    ["a produced card", "REQUEST_ALREADY_EXISTS", () => simulator.card(CARD).complete(), "WIS00001"],
  ])("refuses %s with %s and leaves the card unchanged", async (_case, errorCode, arrange, kioskId) => {
    arrange();
    const before = simulator.card(CARD).production;
    const response = await produce(PATH, kioskId);
    expect(response.status).toBe(422);
    expect(json(response)).toMatchObject({
      status: "REQUEST_ERROR",
      kioskId,
      errorCode,
      occurredAt: expect.any(String),
    });
    expect(simulator.card(CARD).production).toEqual(before);
  });

  it("refuses a card older than 60 days with a 422 that is not a REQUEST_ERROR", async () => {
    simulator.card(CARD).expire();
    const response = await produce();
    expect(response.status).toBe(422);
    expect(json(response)).not.toHaveProperty("status");
  });

  it("measures the age of a card by the simulator's clock", async () => {
    simulator.advanceTime(60 * 24 * 3600 * 1000);
    expect((await produce()).status).toBe(200);
    simulator.card(CARD).fail("PRD_HOPPER_JAM");
    simulator.advanceTime(1);
    expect((await produce()).status).toBe(422);
  });

  it("refuses a card until it is ready", async () => {
    const path = "/v3/spend/profiles/123456/cards/not-ready/production";
    expect((await read(path)).status).toBe(404);
    expect(json(await produce(path))).toMatchObject({
      status: "REQUEST_ERROR",
      errorCode: "EMPTY_OR_NULL_FIELD_VALUE",
    });
    simulator.card("not-ready").ready();
    expect((await produce(path)).status).toBe(200);
  });

  it.each([
    ["before it has begun", () => {}],
    ["after it has ended", () => simulator.card(CARD).fail("PRT_TIMEOUT")],
  ])("refuses to simulate the end of a production %s", async (_case, arrange) => {
    arrange();
    expect((await simulate({ status: "PRODUCED" })).status).toBe(422);
    expect(simulator.card(CARD).production?.status).not.toBe("PRODUCED");
  });

  it.each([
    ["/v3/spend", "/v1/simulation/spend"],
    ["/2026Q3/spend", "/2026Q3/simulation/spend"],
    ["/2027Q1/spend", "/2027Q1/simulation/spend"],
    ["/gateway/wise/v3/spend", "/gateway/wise/v1/simulation/spend"],
    ["/gateway/2026Q4/spend", "/gateway/2026Q4/simulation/spend"],
  ])("accepts the paths %s and %s", async (spend, simulation) => {
    const rest = `/profiles/123456/cards/${CARD}/production`;
    expect((await produce(spend + rest)).status).toBe(200);
    expect((await simulate({ status: "PRODUCED" }, simulation + rest)).status).toBe(200);
    expect((await read(spend + rest)).status).toBe(200);
  });

  it.each([
    "/v4/spend/profiles/123456/cards/x/production",
    "/9999Q5/spend/profiles/123456/cards/x/production",
    "/2026Q3/v3/spend/profiles/123456/cards/x/production",
    "/v3/simulation/spend/profiles/123456/cards/x/production",
    "/v1/spend/profiles/123456/cards/x/production",
    "/v3/spend/profiles/123456/cards/%E0%A4%A/production",
  ])("responds with 404 to %s and names the nearest path", async (path) => {
    const response = await read(path);
    expect(response.status).toBe(404);
    expect(json(response).detail).toMatch(/nearest is \/(v3|v1|2026Q3)\//);
  });

  it("percent-decodes path values", async () => {
    const path = `/v3/spend/profiles/777/cards/${encodeURIComponent("a/b?c#d")}/production`;
    expect((await produce(path)).status).toBe(200);
    expect(simulator.card("a/b?c#d").production?.status).toBe("IN_PROGRESS");
  });

  it("responds with 404 to an unknown card and to another profile's card, and suggests the probable one", async () => {
    const unknown = await read(PATH.replace("ca0c", "ca0d"));
    expect([unknown.status, json(unknown).detail]).toEqual([404, expect.stringContaining(`Did you mean ${CARD}?`)]);
    const foreign = await read(PATH.replace("123456", "777"));
    expect([foreign.status, json(foreign).detail]).toEqual([404, expect.stringContaining("belongs to profile 123456")]);
  });

  it.each([
    ["no token", {}, "missing_token"],
    ["a wrong token", { authorization: "Bearer nonsense" }, "invalid_token"],
    ["another scheme", { authorization: "Basic nonsense" }, "invalid_token"],
  ])("responds with 401 to a request with %s", async (_case, headers, error) => {
    const response = await adapter.send({ method: "PUT", path: PATH, headers, body: '{"kioskId":"WIS00001"}' });
    expect([response.status, json(response)]).toEqual([401, { error, error_description: expect.any(String) }]);
    expect(simulator.card(CARD).production?.status).toBe("READY");
  });

  it.each(["", "{", "[]", "{}", '{"kioskId":""}', '{"kioskId":1}', "null"])(
    "responds with 400 to the body %j",
    async (body) => {
      const response = await send("PUT", PATH, body === "" ? undefined : body);
      expect(response.status).toBe(400);
      expect(json(response).errors[0]).toEqual(expect.objectContaining({ message: expect.any(String), arguments: [] }));
      expect(simulator.card(CARD).production?.status).toBe("READY");
    },
  );

  it("says in English what is wrong with a body, in whatever language the process configured zod", async () => {
    const { localeError } = z.config();
    onTestFinished(() => void z.config({ localeError }));
    z.config(z.locales.de());
    const { errors } = json(await send("PUT", PATH, '{"kioskId":1}'));
    expect(errors[0]).toMatchObject({ path: "kioskId", message: "Invalid input: expected string, received number" });
  });

  it.each([{}, { status: "READY" }, { status: "IN_PROGRESS" }, { status: "PRODUCED", errorCode: "PRT_PAUSED" }])(
    "responds with 400 to the simulation of %j",
    async (body) => {
      await produce();
      expect((await simulate(body)).status).toBe(400);
      expect(simulator.card(CARD).production?.status).toBe("IN_PROGRESS");
    },
  );

  it.each([
    ["POST", PATH, "GET, PUT"],
    ["DELETE", PATH, "GET, PUT"],
    ["GET", SIMULATION, "POST"],
  ])("responds with 405 to %s %s", async (method, path, allow) => {
    const response = await send(method, path);
    expect([response.status, response.headers.get("allow")]).toEqual([405, allow]);
  });

  it("sends the headers that Wise sends", async () => {
    const { headers } = await send("GET", PATH, undefined, { "X-External-Correlation-Id": "shop-17" });
    expect(headers.get("content-type")).toBe("application/json");
    expect(headers.get("date")).toBe("Thu, 01 Jan 2026 12:00:00 GMT");
    expect(headers.get("x-trace-id")).toMatch(/^[0-9a-f]{32}$/);
    expect(headers.get("x-external-correlation-id")).toBe("shop-17");
  });

  it("echoes no correlation id if none was sent or if it is too long", async () => {
    expect((await read()).headers.has("x-external-correlation-id")).toBe(false);
    const { headers } = await send("GET", PATH, undefined, { "X-External-Correlation-Id": "x".repeat(37) });
    expect(headers.has("x-external-correlation-id")).toBe(false);
    const longest = "x".repeat(36);
    const echoed = await send("GET", PATH, undefined, { "X-External-Correlation-Id": longest });
    expect(echoed.headers.get("x-external-correlation-id")).toBe(longest);
  });

  it("records every request without its token", async () => {
    await send("PUT", PATH, { kioskId: "WIS00001" }, { "x-mine": "1" });
    await send("GET", "/v4/spend/profiles/1/cards/2/production?x=1");
    expect(simulator.requests).toMatchObject([
      { operation: "produceCard", method: "PUT", path: PATH, body: { kioskId: "WIS00001" } },
      { operation: undefined, method: "GET", path: "/v4/spend/profiles/1/cards/2/production?x=1", body: undefined },
    ]);
    expect(simulator.requests[0]?.headers["x-mine"]).toBe("1");
    expect(JSON.stringify(simulator.requests)).not.toContain(simulator.clientOptions().token);
  });

  it("responds no sooner than latencyMs after the request", async () => {
    simulator.latencyMs = 30;
    const began = performance.now();
    await read();
    expect(performance.now() - began).toBeGreaterThan(25);
  });

  it("responds without a timer if it has no latency", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    expect((await read()).status).toBe(200);
  });

  it("receives nothing from a caller that has already aborted", async () => {
    const reason = new Error("enough");
    const headers = { authorization: authorization() };
    const response = adapter.send({ method: "GET", path: PATH, headers, signal: AbortSignal.abort(reason) });
    await expect(response).rejects.toThrow("enough");
    expect(simulator.requests).toEqual([]);
  });

  it("carries out nothing if the caller aborts while the request is in transit", async () => {
    const abortion = new AbortController();
    const headers = { authorization: authorization() };
    const request = { method: "PUT", path: PATH, headers, body: '{"kioskId":"WIS00001"}', signal: abortion.signal };
    const response = adapter.send(request);
    abortion.abort(new Error("enough"));
    await expect(response).rejects.toThrow("enough");
    expect(simulator.requests).toEqual([]);
    expect(simulator.card(CARD).production?.status).toBe("READY");
  });

  it("stays silent until the caller aborts", async () => {
    simulator.latencyMs = 60_000;
    const abortion = new AbortController();
    const headers = { authorization: authorization() };
    const response = adapter.send({ method: "GET", path: PATH, headers, signal: abortion.signal });
    await expect.poll(() => simulator.requests.length).toBe(1);
    abortion.abort(new Error("enough"));
    await expect(response).rejects.toThrow("enough");
  });
});

it('responds with 405 to inherited property names such as "constructor"', async () => {
  const simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: CARD }] });
  const { token } = simulator.clientOptions();
  const headers = { authorization: `Bearer ${token}` };
  const response = await simulator.fetch(`https://kiosk.example${PATH}`, { method: "constructor", headers });
  expect(response.status).toBe(405);
});
