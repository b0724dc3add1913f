import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer, Server } from "node:net";
import { setImmediate } from "node:timers/promises";
import { promisify } from "node:util";
import { expect, it, vi } from "vitest";
import { createKioskSimulator } from "../../src/testing/index.js";
import { findFreePort } from "../support/free-port.js";

const run = promisify(execFile);

// Each test has a port that no other test gets while it refuses connections.

/** Connects to `url` from another process. Returns the error code, or `connected`. */
async function connectElsewhere(url: string): Promise<string> {
  const program = "fetch(process.argv[1]).then(() => 'connected', (error) => error.cause.code).then(console.log)";
  const { stdout } = await run(process.execPath, ["--eval", program, url]);
  return stdout.trim();
}

it("a port refuses connections from other processes until the fault is removed", async () => {
  const simulator = createKioskSimulator();
  await using server = await simulator.listen({ port: await findFreePort() });
  expect(await connectElsewhere(server.url)).toBe("connected");
  const fault = simulator.injectFault({ fault: "connection-refused" });
  expect(await connectElsewhere(server.url)).toBe("ECONNREFUSED");
  expect(await connectElsewhere(server.url)).toBe("ECONNREFUSED");
  expect(fault.remaining).toBe(1);
  fault.remove();
  expect(await connectElsewhere(server.url)).toBe("connected");
});

it("a port opened while a fault is pending refuses connections, and counts those of this process", async () => {
  const simulator = createKioskSimulator();
  const fault = simulator.injectFault({ fault: "connection-refused", operation: "produceCard", times: 2 });
  await using server = await simulator.listen({ port: await findFreePort() });
  await using other = await simulator.listen({ port: await findFreePort() });
  for (const { url } of [server, other]) await expect(fetch(url)).rejects.toThrow("fetch failed");
  expect(fault.remaining).toBe(0);
  expect((await fetch(server.url)).status).toBe(404);
  expect((await fetch(other.url)).status).toBe(404);
});

it("close() reports that another server took the port while it refused connections", async () => {
  const simulator = createKioskSimulator();
  const server = await simulator.listen({ port: await findFreePort() });
  const fault = simulator.injectFault({ fault: "connection-refused" });
  const other = createServer();
  await once(other.listen(Number(new URL(server.url).port), "127.0.0.1"), "listening");
  const attempts = vi.spyOn(Server.prototype, "listen");
  fault.remove();
  await expect.poll(() => attempts.mock.calls.length, { timeout: 20_000 }).toBe(100);
  attempts.mockRestore();
  // The last attempt fails within a few turns of the event loop.
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
  await expect(server.close()).rejects.toMatchObject({ code: "EADDRINUSE" });
  await server.close();
  other.close();
});

it("a port refuses connections to localhost, too", async () => {
  const simulator = createKioskSimulator();
  await using server = await simulator.listen({ port: await findFreePort() });
  simulator.injectFault({ fault: "connection-refused" });
  const url = server.url.replace("127.0.0.1", "localhost");
  await expect(fetch(url)).rejects.toThrow("fetch failed");
  simulator.assertNoPendingFaults();
  expect((await fetch(url)).status).toBe(404);
});

it("a server drops pending requests when it is closed, and can be closed again", async () => {
  const simulator = createKioskSimulator();
  const server = await simulator.listen();
  simulator.injectFault({ fault: "timeout" });
  const pending = fetch(server.url).catch((error: Error) => error.message);
  await expect.poll(() => simulator.requests.length).toBe(1);
  simulator.injectFault({ fault: "connection-refused" });
  await server.close();
  await server.close();
  expect(await pending).toBe("fetch failed");
  await expect(fetch(server.url)).rejects.toThrow("fetch failed");
});
