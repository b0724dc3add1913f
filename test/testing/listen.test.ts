import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { createServer, type Server } from "node:net";
import { networkInterfaces } from "node:os";
import { afterEach, describe, expect, it, vi } from "vitest";
import { KioskArgumentError } from "../../src/index.js";
import { createKioskSimulator, type ListenOptions } from "../../src/testing/index.js";
import { findFreePort } from "../support/free-port.js";

const simulator = createKioskSimulator({ cards: [{ profileId: 123456, cardToken: "card" }] });
const others: Server[] = [];

afterEach(() => {
  simulator.reset();
  for (const other of others.splice(0)) other.close();
});

/** Returns a port of `host` on which another server listens. */
async function takenPort(host: string): Promise<number> {
  const other = createServer();
  others.push(other);
  await once(other.listen(0, host), "listening");
  return (other.address() as { port: number }).port;
}

/** The loopback addresses of this machine, which may have no IPv6. */
const ADDRESSES = ["127.0.0.1", "::1"].filter((address) =>
  Object.values(networkInterfaces()).some((own) => own?.some((one) => one.address === address)),
);

/** Requests a status on a new connection: one that the server closes while it is idle would fail the next request. */
const statusAt = async (url: string): Promise<number> => {
  const request = get(`${url}/v3/spend/profiles/123456/cards/card/production`, { agent: false });
  const [response] = (await once(request, "response")) as [IncomingMessage];
  response.resume();
  return response.statusCode ?? 0;
};

const IPV6_CASES: [string, ListenOptions, RegExp][] = [
  ["an IPv6 address, with brackets in the URL", { host: "::1" }, /^http:\/\/\[::1\]:\d+$/],
  ["every address, with the loopback address in the URL", { host: "::" }, /^http:\/\/\[::1\]:\d+$/],
];

describe("listen()", () => {
  it.each<[string, ListenOptions | undefined, RegExp]>([
    ["a free port of 127.0.0.1 by default", undefined, /^http:\/\/127\.0\.0\.1:\d+$/],
    ["a free port of 127.0.0.1 if every option is undefined", { port: undefined, host: undefined }, /^http:\/\/127\./],
    ["another loopback address", { host: "127.0.0.2" }, /^http:\/\/127\.0\.0\.2:\d+$/],
    ["a host name", { host: "localhost" }, /^http:\/\/localhost:\d+$/],
    ["every IPv4 address, with the loopback address in the URL", { host: "0.0.0.0" }, /^http:\/\/127\.0\.0\.1:\d+$/],
    ...(ADDRESSES.includes("::1") ? IPV6_CASES : []),
  ])("listens on %s", async (_case, options, url) => {
    await using server = await simulator.listen(options);
    expect(server.url).toMatch(url);
    expect(await statusAt(server.url)).toBe(401);
    simulator.injectFault({ fault: "connection-refused" });
    // While another test starts a process, that process may hold the port open for a moment.
    await vi.waitFor(() => expect(statusAt(server.url)).rejects.toMatchObject({ code: "ECONNREFUSED" }));
    simulator.assertNoPendingFaults();
    expect(await statusAt(server.url)).toBe(401);
  });

  it("listens on the given port", async () => {
    const port = await findFreePort();
    await using server = await simulator.listen({ port });
    expect(server.url).toBe(`http://127.0.0.1:${port}`);
    expect(await statusAt(server.url)).toBe(401);
  });

  it.each(ADDRESSES)("reports that a port of %s is in use, and what to do", async (host) => {
    const port = await takenPort(host);
    const opening = simulator.listen({ port, host });
    await expect(opening).rejects.toBeInstanceOf(KioskArgumentError);
    await expect(opening).rejects.toMatchObject({
      argument: "port",
      cause: { code: "EADDRINUSE" },
      message: `port must be free: ${port} on ${host} is in use (EADDRINUSE). Choose another port, or 0 for a free one`,
    });
  });

  it("listens on a port again once it was closed", async () => {
    const first = await simulator.listen();
    const port = Number(new URL(first.url).port);
    await expect(simulator.listen({ port })).rejects.toMatchObject({ argument: "port" });
    await first.close();
    await using second = await simulator.listen({ port });
    expect(second.url).toBe(first.url);
  });

  it.each(["192.0.2.1", "2001:db8::1", "no-such-host.invalid"])(
    "reports that %s is not an address of this machine",
    async (host) => {
      await expect(simulator.listen({ host })).rejects.toMatchObject({
        code: "ERR_ARGUMENT",
        argument: "host",
        message: expect.stringMatching(/^host must be an address of this machine \([A-Z]+\)$/),
      });
    },
  );

  it.each<[string, unknown]>([
    ["port", { port: -1 }],
    ["port", { port: 65_536 }],
    ["port", { port: 80.5 }],
    ["port", { port: "8080" }],
    ["port", { port: null }],
    ["host", { host: "" }],
    ["host", { host: "[::1]" }],
    ["host", { host: "127.0.0.1:8080" }],
    ["host", { host: "http://127.0.0.1" }],
    ["host", { host: "local host" }],
    ["host", { host: 127 }],
    ["ports", { ports: 8080 }],
    ["options", 8080],
  ])("rejects an invalid value for %s asynchronously: %j", async (argument, options) => {
    const opening = simulator.listen(options as ListenOptions);
    await expect(opening).rejects.toMatchObject({ code: "ERR_ARGUMENT", argument });
  });

  it("drops the connection if acceptsToken returns a promise, and the test runner gets the error", async () => {
    const failures: unknown[] = [];
    const listeners = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (error) => failures.push(error));
    try {
      await using server = await createKioskSimulator({ acceptsToken: async () => true } as never).listen();
      const request = get(`${server.url}/v3/spend/profiles/1/cards/2/production`, {
        agent: false,
        headers: { authorization: "Bearer token" },
      });
      await expect(once(request, "response")).rejects.toMatchObject({ code: "ECONNRESET" });
      await vi.waitFor(() => expect(failures).toMatchObject([{ code: "ERR_ARGUMENT", argument: "acceptsToken" }]));
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const listener of listeners) process.on("unhandledRejection", listener);
    }
  });

  it("drops the connection if acceptsToken throws", async () => {
    const acceptsToken = () => {
      throw new Error("no decision");
    };
    await using server = await createKioskSimulator({ acceptsToken }).listen();
    const request = get(`${server.url}/v3/spend/profiles/1/cards/2/production`, {
      agent: false,
      headers: { authorization: "Bearer token" },
    });
    await expect(once(request, "response")).rejects.toMatchObject({ code: "ECONNRESET" });
  });
});
