import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createKioskSimulator, type Fault, type KioskSimulator } from "../../src/testing/index.js";
import { DOORS, type Door } from "../support/simulator-adapters.js";

const PATH = "/v3/spend/profiles/123456/cards/card/production";

/** The code with which a failure of the network ends, however deep it lies. */
async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
  } catch (error) {
    const { code, cause } = error as { code?: string; cause?: { code?: string } };
    return cause?.code ?? code;
  }
  return "no failure";
}

describe.each(Object.entries(DOORS))("A fault behind the %s door", (name, open) => {
  let simulator: KioskSimulator;
  let door: Door;

  beforeEach(async () => {
    simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card" }] });
    door = await open(simulator);
  });
  afterEach(() => door.close());

  const send = (method: string, body?: unknown, signal?: AbortSignal) =>
    door.send({
      method,
      path: PATH,
      headers: { authorization: `Bearer ${simulator.clientOptions().token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  const produce = (signal?: AbortSignal) => send("PUT", { kioskId: "WIS00001" }, signal);
  const status = () => simulator.card("card").production?.status;

  it("is another answer, without effect", async () => {
    simulator.injectFault({ fault: { httpStatus: 503, headers: { "Retry-After": "1" }, body: { message: "busy" } } });
    const answer = await produce();
    expect([answer.status, answer.text, answer.headers.get("retry-after")]).toEqual([503, '{"message":"busy"}', "1"]);
    expect(answer.headers.get("x-trace-id")).not.toBeNull();
    expect(status()).toBe("READY");
    expect((await produce()).status).toBe(200);
  });

  it("is another answer to a request that takes effect", async () => {
    simulator.injectFault({ fault: { httpStatus: 504, body: "<html>" }, takesEffect: true });
    const answer = await produce();
    expect([answer.status, answer.text, answer.headers.get("content-type")]).toEqual([504, "<html>", "text/plain"]);
    expect(status()).toBe("IN_PROGRESS");
  });

  it("is an empty answer", async () => {
    simulator.injectFault({ fault: { httpStatus: 429 } });
    const answer = await produce();
    expect([answer.status, answer.text, answer.headers.get("content-type")]).toEqual([429, "", "application/json"]);
  });

  it.each([204, 205, 304])("is an answer that can have no body, whatever was asked for: %i", async (httpStatus) => {
    simulator.injectFault({ fault: { httpStatus, body: { message: "x" } } });
    const answer = await produce();
    expect([answer.status, answer.text, answer.headers.get("content-type")]).toEqual([
      httpStatus,
      "",
      "application/json",
    ]);
  });

  it("is a refused connection: nothing arrives, and the next request does", async () => {
    simulator.injectFault({ fault: "connection-refused", times: 2 });
    expect(await failure(produce())).toBe("ECONNREFUSED");
    expect(await failure(produce())).toBe("ECONNREFUSED");
    expect(simulator.requests).toEqual([]);
    expect((await produce()).status).toBe(200);
    simulator.assertNoPendingFaults();
  });

  it("is a refused connection that waits behind another fault", async () => {
    simulator.injectFault({ fault: { httpStatus: 500 } });
    simulator.injectFault({ fault: "connection-refused" });
    expect((await produce()).status).toBe(500);
    expect(await failure(produce())).toBe("ECONNREFUSED");
    expect((await produce()).status).toBe(200);
  });

  it("is met by one of two requests that are made at once", async () => {
    simulator.injectFault({ fault: { httpStatus: 500 } });
    simulator.injectFault({ fault: "connection-refused" });
    const outcomes = await Promise.all([1, 2].map(() => failure(produce())));
    // At a port both connections are there before either request is.
    const refused = name === "loopback server" ? "ECONNRESET" : "ECONNREFUSED";
    expect(outcomes.sort()).toEqual([refused, "no failure"]);
  });

  it("is a reset connection, without effect", async () => {
    simulator.injectFault({ fault: "connection-reset" });
    expect(await failure(produce())).toBe("ECONNRESET");
    expect([status(), simulator.requests.length]).toEqual(["READY", 1]);
  });

  it("is a lost response, with effect", async () => {
    simulator.injectFault({ fault: "lost-response" });
    expect(await failure(produce())).toBe("UND_ERR_SOCKET");
    expect(status()).toBe("IN_PROGRESS");
  });

  it("is JSON that breaks off, with effect", async () => {
    simulator.injectFault({ fault: "malformed-json" });
    const answer = await produce();
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^\{"status"/);
    expect(() => JSON.parse(answer.text)).toThrow(SyntaxError);
    expect(status()).toBe("IN_PROGRESS");
  });

  it("is a body that is cut off, with effect", async () => {
    simulator.injectFault({ fault: "truncated-body" });
    expect(await failure(produce())).toBe("UND_ERR_RES_CONTENT_LENGTH_MISMATCH");
    expect(status()).toBe("IN_PROGRESS");
  });

  it.each([
    [{}, "READY"],
    [{ takesEffect: true }, "IN_PROGRESS"],
  ])("is silence until the caller gives up: %j ends as %s", async (effect, expected) => {
    simulator.injectFault({ fault: "timeout", ...effect });
    const abortion = new AbortController();
    const pending = produce(abortion.signal);
    await expect.poll(() => simulator.requests.length).toBe(1);
    abortion.abort(new Error("enough"));
    await expect(pending).rejects.toThrow("enough");
    expect(status()).toBe(expected);
  });

  it("takes no effect where that is asked for", async () => {
    simulator.injectFault({ fault: "lost-response", takesEffect: false });
    expect(await failure(produce())).toBe("UND_ERR_SOCKET");
    expect(status()).toBe("READY");
  });

  it("meets only the operation that it is for, and each request the first one", async () => {
    simulator.injectFault({ operation: "produceCard", fault: { httpStatus: 500 }, times: 2 });
    simulator.injectFault({ fault: { httpStatus: 502 } });
    const statuses = [];
    for (const method of ["GET", "PUT", "GET", "PUT", "PUT"]) {
      statuses.push((await send(method, method === "PUT" ? { kioskId: "WIS00001" } : undefined)).status);
    }
    expect(statuses).toEqual([502, 500, 200, 500, 200]);
  });
});

describe("Injecting faults", () => {
  const simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card" }] });
  afterEach(() => simulator.reset());

  it("names the faults that no request met", () => {
    simulator.injectFault({ operation: "produceCard", fault: { httpStatus: 503 }, times: 2 });
    simulator.injectFault({ fault: "timeout" });
    expect(() => simulator.assertNoPendingFaults()).toThrow(
      "No request met these faults: HTTP 503 for produceCard (2 times), timeout for any operation",
    );
    simulator.reset();
    simulator.assertNoPendingFaults();
  });

  it("is satisfied with an endless fault that was met once, and takes it away on request", async () => {
    const fault = simulator.injectFault({ fault: { httpStatus: 500 }, times: Number.POSITIVE_INFINITY });
    expect(() => simulator.assertNoPendingFaults()).toThrow("HTTP 500");
    for (let i = 0; i < 3; i++) expect((await simulator.fetch(`https://kiosk.example${PATH}`)).status).toBe(500);
    simulator.assertNoPendingFaults();
    fault.remove();
    expect(fault.remaining).toBe(0);
    expect((await simulator.fetch(`https://kiosk.example${PATH}`)).status).toBe(401);
  });

  it("tells how many requests are left", async () => {
    const fault = simulator.injectFault({ fault: { httpStatus: 500 }, times: 2 });
    await simulator.fetch(`https://kiosk.example${PATH}`);
    expect(fault.remaining).toBe(1);
    simulator.reset();
    expect(fault.remaining).toBe(0);
  });

  it.each([
    ["fault", { fault: "nonsense" as Fault }],
    ["fault", { fault: undefined as unknown as Fault }],
    ["fault.httpStatus", { fault: { httpStatus: 99 } }],
    ["fault.httpStatus", { fault: { httpStatus: 600 } }],
    ["times", { fault: "timeout" as const, times: 0 }],
    ["times", { fault: "timeout" as const, times: 1.5 }],
    ["operation", { fault: "timeout" as const, operation: "produce" as "produceCard" }],
    ["takesEffect", { fault: "connection-refused" as const, takesEffect: true }],
  ])("refuses a wrong %s: %j", (argument, injection) => {
    expect(() => simulator.injectFault(injection)).toThrow(expect.objectContaining({ code: "ERR_ARGUMENT", argument }));
  });
});
