import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FaultQueue } from "../../src/testing/faults/fault-queue.js";
import { createKioskSimulator, type Fault, type KioskSimulator } from "../../src/testing/index.js";
import { ADAPTERS, type Adapter } from "../support/simulator-adapters.js";

const PATH = "/v3/spend/profiles/123456/cards/card/production";

/** Returns the code of a network failure or of its cause, and "no failure" if there is none. */
async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: { code?: string } };
    return cause?.code ?? code;
  }
  return "no failure";
}

describe.each(Object.entries(ADAPTERS))("injected faults through %s", (name, open) => {
  let simulator: KioskSimulator;
  let adapter: Adapter;

  beforeEach(async () => {
    simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card" }] });
    adapter = await open(simulator);
  });
  afterEach(() => adapter.close());

  const send = (method: string, body?: unknown, signal?: AbortSignal) =>
    adapter.send({
      method,
      path: PATH,
      headers: { authorization: `Bearer ${simulator.clientOptions().token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  const produce = (signal?: AbortSignal) => send("PUT", { kioskId: "WIS00001" }, signal);
  const status = () => simulator.card("card").production?.status;

  it("sends the injected response, without effect", async () => {
    simulator.injectFault({ fault: { httpStatus: 503, headers: { "Retry-After": "1" }, body: { message: "busy" } } });
    const response = await produce();
    expect([response.status, response.text, response.headers.get("retry-after")]).toEqual([
      503,
      '{"message":"busy"}',
      "1",
    ]);
    expect(response.headers.get("x-trace-id")).not.toBeNull();
    expect(status()).toBe("READY");
    expect((await produce()).status).toBe(200);
  });

  it.each([
    ["Content-Length", "999"],
    ["Transfer-Encoding", "gzip, chunked"],
  ])(
    "sends a recorded response without its %s, its encoding, and what else belongs to its connection",
    async (name, value) => {
      const connection = {
        [name]: value,
        Connection: "keep-alive, Upgrade",
        "Keep-Alive": "timeout=5",
        "Proxy-Connection": "keep-alive",
        TE: "trailers",
        Trailer: "X-Sum",
        Upgrade: "h2c",
        "Content-Encoding": "gzip",
      };
      const fault = { httpStatus: 400, headers: { ...connection, "X-Kept": "yes" }, body: { message: "é" } };
      simulator.injectFault({ fault });
      const { status, text, headers } = await produce();
      expect([status, text, headers.get("x-kept")]).toEqual([400, '{"message":"é"}', "yes"]);
      const arrived = "keep-alive proxy-connection te trailer transfer-encoding upgrade content-encoding".split(" ");
      expect(arrived.filter((field) => headers.has(field))).toEqual([]);
      expect(["16", null]).toContain(headers.get("content-length"));
      expect(["close", null]).toContain(headers.get("connection"));
      expect(simulator.requests[0]?.fault).toEqual(fault);
      expect(Object.keys(simulator.requests[0]?.response?.headers ?? {}).sort()).toEqual([
        "content-type",
        "date",
        "x-kept",
        "x-trace-id",
      ]);
    },
  );

  it("sends the injected response after the request takes effect if takesEffect is true", async () => {
    simulator.injectFault({ fault: { httpStatus: 504, body: "<html>" }, takesEffect: true });
    const response = await produce();
    expect([response.status, response.text, response.headers.get("content-type")]).toEqual([
      504,
      "<html>",
      "text/plain",
    ]);
    expect(status()).toBe("IN_PROGRESS");
  });

  it("sends an empty body if the injected response has none", async () => {
    simulator.injectFault({ fault: { httpStatus: 429 } });
    const response = await produce();
    expect([response.status, response.text, response.headers.get("content-type")]).toEqual([
      429,
      "",
      "application/json",
    ]);
  });

  it.each([204, 205, 304])(
    "sends no body with status %i, even if the injected response has one",
    async (httpStatus) => {
      simulator.injectFault({ fault: { httpStatus, body: { message: "x" } } });
      const response = await produce();
      expect([response.status, response.text, response.headers.get("content-type")]).toEqual([
        httpStatus,
        "",
        "application/json",
      ]);
    },
  );

  it("responds to HEAD without a body, even if the injected response has one", async () => {
    simulator.injectFault({ fault: { httpStatus: 503, body: { message: "x" } } });
    for (const expected of [503, 405]) {
      const { status, text, headers } = await send("HEAD");
      expect([status, text, headers.get("content-length")]).toEqual([expected, "", null]);
    }
    expect(simulator.requests.map(({ response }) => response?.body)).toEqual(["", ""]);
    for (const fault of ["connection-reset", "truncated-body", "malformed-json"] as const) {
      simulator.injectFault({ fault });
      expect(await failure(send("HEAD"))).not.toBe("no failure");
    }
    expect(simulator.requests.slice(2).map(({ response }) => response)).toEqual([undefined, undefined, undefined]);
  });

  it("refuses connections, so that no request arrives until the fault is consumed", async () => {
    simulator.injectFault({ fault: "connection-refused", times: 2 });
    expect(await failure(produce())).toBe("ECONNREFUSED");
    expect(await failure(produce())).toBe("ECONNREFUSED");
    expect(simulator.requests).toEqual([]);
    expect((await produce()).status).toBe(200);
    simulator.assertNoPendingFaults();
  });

  it("refuses a connection after the fault queued before it", async () => {
    simulator.injectFault({ fault: { httpStatus: 500 } });
    simulator.injectFault({ fault: "connection-refused" });
    expect((await produce()).status).toBe(500);
    expect(await failure(produce())).toBe("ECONNREFUSED");
    expect((await produce()).status).toBe(200);
  });

  it("refuses the connection of one of two simultaneous requests", async () => {
    simulator.injectFault({ fault: { httpStatus: 500 } });
    simulator.injectFault({ fault: "connection-refused" });
    const outcomes = await Promise.all([1, 2].map(() => failure(produce())));
    // At a port, both connections are open before either request arrives.
    const refused = name === "loopback server" ? "ECONNRESET" : "ECONNREFUSED";
    expect(outcomes.sort()).toEqual([refused, "no failure"]);
  });

  it("resets the connection, without effect", async () => {
    simulator.injectFault({ fault: "connection-reset" });
    expect(await failure(produce())).toBe("ECONNRESET");
    expect([status(), simulator.requests.length]).toEqual(["READY", 1]);
  });

  it("loses the response after the request takes effect", async () => {
    simulator.injectFault({ fault: "lost-response" });
    expect(await failure(produce())).toBe("UND_ERR_SOCKET");
    expect(status()).toBe("IN_PROGRESS");
  });

  it("sends incomplete JSON after the request takes effect", async () => {
    simulator.injectFault({ fault: "malformed-json" });
    const response = await produce();
    expect(response.status).toBe(200);
    expect(response.text).toMatch(/^\{"status"/);
    expect(() => JSON.parse(response.text)).toThrow(SyntaxError);
    expect(status()).toBe("IN_PROGRESS");
  });

  it("truncates the body after the request takes effect", async () => {
    simulator.injectFault({ fault: "truncated-body" });
    expect(await failure(produce())).toBe("UND_ERR_RES_CONTENT_LENGTH_MISMATCH");
    expect(status()).toBe("IN_PROGRESS");
  });

  it.each(["malformed-json", "truncated-body"] as const)(
    "closes the connection after the request takes effect if the response has no body: %s",
    async (fault) => {
      const headers = { authorization: `Bearer ${simulator.subscriptionOptions().token}` };
      const path = "/v3/applications/your-bank/subscriptions";
      const delivery = { version: "4.0.0", url: "https://bank.example/wise" };
      const body = JSON.stringify({ name: "Cards", trigger_on: "cards#card-production-status-change", delivery });
      const created = await adapter.send({ method: "POST", path, headers, body });
      const { id } = JSON.parse(created.text);
      simulator.injectFault({ operation: "deleteSubscription", fault });
      expect(await failure(adapter.send({ method: "DELETE", path: `${path}/${id}`, headers }))).toBe("UND_ERR_SOCKET");
      expect(simulator.requests.at(-1)).toMatchObject({ fault, response: undefined, tookEffect: true });
      expect((await adapter.send({ method: "GET", path, headers })).text).toBe("[]");
    },
  );

  it.each([
    [{}, "READY"],
    [{ takesEffect: true }, "IN_PROGRESS"],
  ])("stays silent until the caller aborts: %j leaves the card %s", async (effect, expected) => {
    simulator.injectFault({ fault: "timeout", ...effect });
    const abortion = new AbortController();
    const pending = produce(abortion.signal);
    await expect.poll(() => simulator.requests.length).toBe(1);
    abortion.abort(new Error("enough"));
    await expect(pending).rejects.toThrow("enough");
    expect(status()).toBe(expected);
  });

  it("takes no effect if takesEffect is false", async () => {
    simulator.injectFault({ fault: "lost-response", takesEffect: false });
    expect(await failure(produce())).toBe("UND_ERR_SOCKET");
    expect(status()).toBe("READY");
  });

  it("affects only its own operation, in the order of injection", async () => {
    simulator.injectFault({ operation: "produceCard", fault: { httpStatus: 500 }, times: 2 });
    simulator.injectFault({ fault: { httpStatus: 502 } });
    const statuses = [];
    for (const method of ["GET", "PUT", "GET", "PUT", "PUT"]) {
      statuses.push((await send(method, method === "PUT" ? { kioskId: "WIS00001" } : undefined)).status);
    }
    expect(statuses).toEqual([502, 500, 200, 500, 200]);
  });
});

describe("injectFault()", () => {
  const simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card" }] });
  afterEach(() => simulator.reset());

  it("assertNoPendingFaults() names the faults that no request consumed", () => {
    simulator.injectFault({ operation: "produceCard", fault: { httpStatus: 503 }, times: 2 });
    simulator.injectFault({ fault: "timeout" });
    expect(() => simulator.assertNoPendingFaults()).toThrow(
      "These injected faults are still pending: HTTP 503 for produceCard (2 times), timeout for any operation",
    );
    simulator.reset();
    simulator.assertNoPendingFaults();
  });

  it("assertNoPendingFaults() accepts an endless fault after one request, and remove() ends it", async () => {
    const fault = simulator.injectFault({ fault: { httpStatus: 500 }, times: Number.POSITIVE_INFINITY });
    expect(() => simulator.assertNoPendingFaults()).toThrow("HTTP 500");
    for (let i = 0; i < 3; i++) expect((await simulator.fetch(`https://kiosk.example${PATH}`)).status).toBe(500);
    simulator.assertNoPendingFaults();
    fault.remove();
    expect(fault.remaining).toBe(0);
    expect((await simulator.fetch(`https://kiosk.example${PATH}`)).status).toBe(401);
  });

  it("assertNoPendingFaults() counts the requests that a fault with a number still affects", async () => {
    simulator.injectFault({ fault: { httpStatus: 500 }, times: 3 });
    const messages = [];
    for (let sent = 0; sent < 2; sent++) {
      await simulator.fetch(`https://kiosk.example${PATH}`);
      messages.push(catchError(() => simulator.assertNoPendingFaults()).message);
    }
    const still = "These injected faults are still pending: HTTP 500 for any operation";
    expect(messages).toEqual([`${still} (2 times)`, still]);
  });

  it("counts the requests that a fault still affects", async () => {
    const fault = simulator.injectFault({ fault: { httpStatus: 500 }, times: 2 });
    await simulator.fetch(`https://kiosk.example${PATH}`);
    expect(fault.remaining).toBe(1);
    simulator.reset();
    expect(fault.remaining).toBe(0);
  });

  it.each([null, [], "retry-after: 1", 1])("rejects %j as the headers of a fault", (headers) => {
    const injection = { fault: { httpStatus: 503, headers: headers as never } };
    const argument = "fault.headers";
    expect(() => simulator.injectFault(injection)).toThrow(expect.objectContaining({ code: "ERR_ARGUMENT", argument }));
  });

  it.each([
    ["fault", { fault: "nonsense" as Fault }],
    ["fault", { fault: undefined as unknown as Fault }],
    ["fault.httpStatus", { fault: { httpStatus: 99 } }],
    ["fault.httpStatus", { fault: { httpStatus: 600 } }],
    ["fault.headers", { fault: { httpStatus: 503, headers: { "retry after": "1" } } }],
    ["fault.headers", { fault: { httpStatus: 503, headers: { "retry-after": "1\n2" } } }],
    ["fault", { fault: { arrivesAfterMs: 1, httpStatus: 503 } }],
    ["fault", { fault: { arrivesAfterMs: 1, httpStatus: undefined, body: "late" } as unknown as Fault }],
    ["fault.arrivesAfterMs", { fault: { arrivesAfterMs: 2_147_483_648 } }],
    ["times", { fault: "timeout" as const, times: 0 }],
    ["times", { fault: "timeout" as const, times: 1.5 }],
    ["operation", { fault: "timeout" as const, operation: "produce" as "produceCard" }],
    ["takesEffect", { fault: "connection-refused" as const, takesEffect: true }],
    ["takesEffect", { fault: "timeout" as const, takesEffect: "yes" as unknown as boolean }],
  ])("rejects an invalid value for %s: %j", (argument, injection) => {
    expect(() => simulator.injectFault(injection)).toThrow(expect.objectContaining({ code: "ERR_ARGUMENT", argument }));
  });

  it("rejects a body that is nested too deep to be sent as JSON", () => {
    const nested = (levels: number) => JSON.parse("[".repeat(levels) + "]".repeat(levels));
    expect(simulator.injectFault({ fault: { httpStatus: 500, body: nested(100) } }).remaining).toBe(1);
    const failure = catchError(() => simulator.injectFault({ fault: { httpStatus: 500, body: nested(101) } }));
    expect(failure.message).toBe("fault.body must have at most 100 levels of arrays and objects");
  });

  it.each<[string, unknown, string]>([
    ["a bigint", 10n, "a bigint"],
    ["a bigint inside", { a: 10n }, "an object"],
    ["a function", () => 1, "a function"],
    ["a symbol", Symbol("x"), "a symbol"],
    ["an object whose toJSON() returns undefined", { toJSON() {} }, "an object"],
    [
      "an object whose toJSON() throws",
      {
        toJSON() {
          throw new Error("no");
        },
      },
      "an object",
    ],
  ])("rejects %s as the body of a fault or an assumption", (_what, body, found) => {
    const message = (argument: string) => `${argument} must be a string or a JSON-serializable value, not ${found}`;
    const inFault = catchError(() => simulator.injectFault({ fault: { httpStatus: 500, body } }));
    expect(inFault).toMatchObject({ code: "ERR_ARGUMENT", message: message("fault.body") });
    const assumptions = { readBeforeReady: { httpStatus: 404, body } };
    const inAssumption = catchError(() => createKioskSimulator({ assumptions }));
    expect(inAssumption).toMatchObject({ code: "ERR_ARGUMENT", message: message("assumptions.readBeforeReady.body") });
    simulator.assertNoPendingFaults();
  });

  it.each([5, ["5"], undefined])("rejects %j as the value of a header of a fault", (value) => {
    const headers = { "retry-after": value } as never;
    const { message } = catchError(() => simulator.injectFault({ fault: { httpStatus: 429, headers } }));
    expect(message).toMatch(/^fault\.headers must be an object with strings: "retry-after" must be one, not /);
  });

  it("sends and records a fault as it was injected, whatever becomes of its parts", async () => {
    const body = { at: new Date(0), list: [1] };
    const headers: Record<string, string> = { "retry-after": "1" };
    simulator.injectFault({ fault: { httpStatus: 503, headers, body } });
    body.list.push(2);
    headers["retry-after"] = "2";
    const response = await simulator.fetch(`https://kiosk.example${PATH}`);
    const sent = { at: "1970-01-01T00:00:00.000Z", list: [1] };
    expect([await response.json(), response.headers.get("retry-after")]).toEqual([sent, "1"]);
    const fault = { httpStatus: 503, headers: { "retry-after": "1" }, body: sent };
    expect(simulator.requests[0]?.fault).toEqual(fault);
  });

  it.each<[unknown, string]>([
    [null, "fault must be { httpStatus }, { arrivesAfterMs } or one of 'connection-refused', "],
    [null, "'truncated-body', not null"],
    ["Time-out", "'truncated-body' (did you mean 'timeout'?), not \"Time-out\""],
    ["?", "'truncated-body', not \"?\""],
  ])("rejects the fault %j with a message that contains: %s", (fault, part) => {
    const failure = catchError(() => simulator.injectFault({ fault: fault as Fault }));
    expect(failure.message).toContain(part);
  });

  it("accepts the limits of each number", () => {
    const faults = [{ httpStatus: 200 }, { httpStatus: 599 }, { arrivesAfterMs: 0 }, { arrivesAfterMs: 2_147_483_647 }];
    for (const fault of faults) expect(simulator.injectFault({ fault, times: 1 }).remaining).toBe(1);
  });
});

/** Returns the error that a function throws. */
function catchError(work: () => unknown): Error {
  try {
    work();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

it("a queue without faults ignores refused connections and tells no listener that was removed", () => {
  const queue = new FaultQueue();
  queue.recordRefusal();
  const listener = vi.fn();
  const remove = queue.onChange(listener);
  queue.inject({ fault: "timeout" });
  remove();
  queue.inject({ fault: "timeout" });
  expect(listener).toHaveBeenCalledOnce();
});
