import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_CARDS } from "../../src/sandbox/default-state.js";
import { createKioskSimulator, type Fault, type KioskSimulator } from "../../src/testing/index.js";
import { MISPLACED_SECRETS, SECRET } from "../support/misplaced-secrets.js";
import { ADAPTERS, type Adapter, sendThrough } from "../support/simulator-adapters.js";

const NOW = "2026-01-01T12:00:00.000Z";
const PATH = "/v3/spend/profiles/123456/cards/card/production";

describe.each(Object.entries(ADAPTERS))("recorded requests through %s", (_name, open) => {
  let simulator: KioskSimulator;
  let adapter: Adapter;

  beforeEach(async () => {
    simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card" }], now: NOW });
    adapter = await open(simulator);
  });
  afterEach(() => adapter.close());

  const put = (kioskId = "WIS00001") => sendThrough(adapter, simulator, "PUT", { kioskId });
  const summary = () =>
    simulator.requests.map(({ operation, at, response, tookEffect, fault }) => ({
      operation,
      at,
      status: response?.status,
      body: response?.body,
      tookEffect,
      fault,
    }));

  it("records when a request arrived, its response, and whether it took effect", async () => {
    const first = await put();
    simulator.advanceTime(1000);
    const second = await put();
    const read = await sendThrough(adapter, simulator, "GET");
    await sendThrough(adapter, simulator, "POST", { status: "PRODUCED" });
    const later = "2026-01-01T12:00:01.000Z";
    expect(summary()).toEqual([
      { operation: "produceCard", at: NOW, status: 200, body: first.text, tookEffect: true, fault: undefined },
      { operation: "produceCard", at: later, status: 422, body: second.text, tookEffect: false, fault: undefined },
      {
        operation: "getProductionStatus",
        at: later,
        status: 200,
        body: read.text,
        tookEffect: false,
        fault: undefined,
      },
      { operation: "simulateProductionStatus", at: later, status: 200, body: "", tookEffect: true, fault: undefined },
    ]);
    expect(simulator.requests[0]?.response?.headers).toMatchObject({
      "content-type": "application/json",
      "x-trace-id": first.headers.get("x-trace-id"),
    });
  });

  it("records requests to unknown paths and requests without a valid token", async () => {
    await adapter.send({ method: "GET", path: "/v4/spend/profiles/1/cards/2/production", headers: {} });
    await adapter.send({ method: "PUT", path: PATH, headers: {}, body: '{"kioskId":"WIS00001"}' });
    expect(summary()).toMatchObject([
      { operation: undefined, status: 404, tookEffect: false },
      { operation: "produceCard", status: 401, tookEffect: false },
    ]);
  });

  it.each<[Fault, boolean, { status: number | undefined; body?: string | undefined; tookEffect: boolean }]>([
    [{ httpStatus: 503, body: "busy" }, false, { status: 503, body: "busy", tookEffect: false }],
    [{ httpStatus: 504, body: "late" }, true, { status: 504, body: "late", tookEffect: true }],
    ["connection-reset", false, { status: undefined, body: undefined, tookEffect: false }],
    ["lost-response", true, { status: undefined, body: undefined, tookEffect: true }],
  ])("records the fault that a request consumed: %j", async (fault, takesEffect, kept) => {
    simulator.injectFault({ fault, takesEffect });
    await put().catch(() => {});
    expect(summary()).toMatchObject([{ ...kept, fault }]);
    expect(simulator.card("card").history).toHaveLength(takesEffect ? 2 : 1);
  });

  it.each(["malformed-json", "truncated-body"] as const)(
    "records the part of a response that was sent: %s",
    async (fault) => {
      simulator.injectFault({ fault });
      await put().catch(() => {});
      const [request] = simulator.requests;
      expect(request).toMatchObject({ fault, tookEffect: true, response: { status: 200 } });
      expect(request?.response?.body).toMatch(/^\{"status"/);
      expect(() => JSON.parse(request?.response?.body ?? "")).toThrow(SyntaxError);
    },
  );

  it("records a delayed request when it arrives, with the time of its arrival", async () => {
    simulator.injectFault({ fault: { arrivesAfterMs: 500 } });
    await put().catch(() => {});
    expect(simulator.requests).toEqual([]);
    simulator.advanceTime(60_000);
    expect(summary()).toEqual([
      {
        operation: "produceCard",
        at: "2026-01-01T12:00:00.500Z",
        status: undefined,
        body: undefined,
        tookEffect: true,
        fault: { arrivesAfterMs: 500 },
      },
    ]);
  });

  it("records a body as it was parsed, and as text if it has more levels than JSON.stringify can write", async () => {
    const long = { note: "x".repeat(100_000) };
    const deep = "[".repeat(6000) + "]".repeat(6000);
    for (const body of [JSON.stringify(long), deep]) {
      await adapter.send({ method: "PUT", path: PATH, headers: {}, body });
    }
    expect(simulator.requests.map(({ body }) => body)).toEqual([long, deep]);
    expect(JSON.parse(JSON.stringify(simulator.requests))).toHaveLength(2);
  });

  it("lists copies, so that a change of one changes neither the record nor the fault", async () => {
    simulator.injectFault({ fault: { httpStatus: 400, body: { code: ["a"] } }, times: 2 });
    await put();
    const recorded = structuredClone(simulator.requests);
    const changed = Object.assign(JSON.parse("{}"), simulator.requests[0]);
    changed.body.kioskId = changed.response.headers.date = changed.fault.body.code[0] = "changed";
    expect(simulator.requests).toEqual(recorded);
    expect((await put()).text).toBe('{"code":["a"]}');
  });

  it("records plain data without credentials", async () => {
    const token = simulator.clientOptions().token;
    const headers = { Authorization: `Bearer ${token}`, Cookie: "session=secret-1", "X-Mine": "1" };
    await adapter.send({ method: "GET", path: PATH, headers });
    const [request] = simulator.requests;
    expect(structuredClone(request)).toEqual(request);
    expect(JSON.parse(JSON.stringify(request))).toMatchObject({
      at: NOW,
      tookEffect: false,
      response: { status: 200 },
    });
    expect(JSON.stringify(request)).not.toMatch(new RegExp(`${token}|secret-1`));
    expect(request?.headers["x-mine"]).toBe("1");
  });
});

it("a refused connection records no request", async () => {
  const simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card" }] });
  simulator.injectFault({ fault: "connection-refused" });
  await expect(simulator.fetch(`https://kiosk.example${PATH}`)).rejects.toThrow("fetch failed");
  expect(simulator.requests).toEqual([]);
});

it("a scripted refusal takes no effect, and a scripted print does even if it ends immediately", async () => {
  const outcomes = [{ refuse: "UNABLE_TO_ACCEPT_REQUEST" }, "PRODUCED"];
  const simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card", outcomes }] });
  const adapter = await ADAPTERS.fetch(simulator);
  for (const _ of outcomes) await sendThrough(adapter, simulator, "PUT", { kioskId: "WIS00001" });
  expect(simulator.requests.map(({ tookEffect }) => tookEffect)).toEqual([false, true]);
});

describe.each(["fetch", "loopback server"] as const)("misdirected requests for a token through %s", (name) => {
  const bodies = [
    "grant_type=refresh_token&refresh_token=secret-1&client_secret=secret-2",
    JSON.stringify({ grant_type: "client_credentials", client_secret: 'secret-3"secret-4', refresh_token: "secret-5" }),
  ];

  /** Returns what is recorded of requests with these bodies. */
  async function record(method: string, path: string) {
    const simulator = createKioskSimulator();
    const adapter = await ADAPTERS[name](simulator);
    const headers = { authorization: `Basic ${btoa("client:secret-0")}` };
    for (const body of bodies) await adapter.send({ method, path, headers, body });
    await adapter.close();
    expect(JSON.stringify(simulator.requests)).not.toMatch(/secret-\d/);
    return simulator.requests;
  }

  it.each([
    ["PUT", "/oauth/token"],
    ["POST", "/oauth/token/"],
    ["POST", "/v1/oauth/token"],
    ["POST", "/OAuth/Token"],
    ["POST", "/oauth/token?client_secret=secret-6"],
    ["PATCH", "/oauth/token?secret-6"],
  ])("records nothing but the grant type of %s %s", async (method, path) => {
    const recorded = await record(method, path);
    expect(recorded.map(({ body }) => body)).toEqual(["grant_type=refresh_token", "grant_type="]);
    expect(recorded.map((request) => request.path)).toEqual(new Array(2).fill(path.replace(/\?.*/, "?[hidden]")));
  });

  it("hides the values of credentials, and nothing else, in a request to another path", async () => {
    const recorded = await record("POST", "/oauth/tokens?id=1&access_token=secret-6&next=2");
    expect(recorded.map(({ body }) => body)).toEqual([
      "grant_type=refresh_token&refresh_token=[hidden]&client_secret=[hidden]",
      { grant_type: "client_credentials", client_secret: "[hidden]", refresh_token: "[hidden]" },
    ]);
    expect(recorded[0]?.path).toBe("/oauth/tokens?id=1&access_token=[hidden]&next=2");
  });
});

it.each(MISPLACED_SECRETS)("the simulator records no secret that is in %s", async (_place, path, init) => {
  const simulator = createKioskSimulator({ cards: DEFAULT_CARDS });
  const headers = { authorization: `Bearer ${simulator.clientOptions().token}` };
  await simulator.fetch(`https://kiosk.example${path}`, { ...init, headers: { ...headers, ...init.headers } });
  expect(simulator.requests).toHaveLength(1);
  expect(JSON.stringify(simulator.requests)).not.toContain(SECRET);
  expect(JSON.stringify(simulator.requests)).toContain("[hidden]");
});

it("the simulator records a long body with a secret at its end, except the secret", async () => {
  const simulator = createKioskSimulator();
  const note = "x".repeat(100_000);
  const body = JSON.stringify({ note, code: SECRET });
  await simulator.fetch("https://kiosk.example/x", { method: "POST", body });
  expect(simulator.requests[0]?.body).toEqual({ note, code: "[hidden]" });
});

it("the simulator records the code of a response to a request for a token, and hides a token in it", async () => {
  const simulator = createKioskSimulator();
  const response = { code: "not_found", access_token: SECRET, url: `/x?token=${SECRET}` };
  simulator.injectFault({ fault: { httpStatus: 404, body: JSON.stringify(response) } });
  await simulator.fetch("https://kiosk.example/oauth/token", { method: "POST" });
  const hidden = { code: "not_found", access_token: "[hidden]", url: "/x?token=[hidden]" };
  expect(simulator.requests[0]?.response?.body).toBe(JSON.stringify(hidden));
});
