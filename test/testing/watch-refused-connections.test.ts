import { hasSubscribers } from "node:diagnostics_channel";
import { once } from "node:events";
import { connect } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { watchRefusedConnections } from "../../src/testing/adapters/refused-connections.js";
import { CLOSED_PORTS } from "../support/closed-ports.js";
import { startHttpServer } from "../support/http-server.js";

/** Watches refused connections until the end of the test. Returns the ports so far, and how to stop earlier. */
function watch() {
  const ports: number[] = [];
  const stop = watchRefusedConnections((port) => ports.push(port));
  onTestFinished(stop);
  return { ports, stop };
}

/** Starts a connection that is refused. */
async function connectInVain(port: number): Promise<void> {
  await once(connect(port, "127.0.0.1"), "close").catch(() => undefined);
}

it("a refused connection is reported to those who still watch", async () => {
  const [first, second] = [watch(), watch()];
  const [port, later] = CLOSED_PORTS;
  await connectInVain(port);
  first.stop();
  await connectInVain(later);
  expect([first.ports, second.ports]).toEqual([[port], [port, later]]);
});

it("no connection is observed once everyone has stopped watching", async () => {
  const { ports, stop } = watch();
  const before = hasSubscribers("net.client.socket");
  stop();
  await connectInVain(CLOSED_PORTS[0]);
  expect([before, hasSubscribers("net.client.socket"), ports]).toEqual([true, false, []]);
});

it.each([
  ["of another kind", { code: "ETIMEDOUT", port: 443 }],
  ["without a port", { code: "ECONNREFUSED", address: "/run/kiosk.sock" }],
])("a failure %s is not reported as a refused connection", async (_kind, details) => {
  const { ports } = watch();
  await using server = await startHttpServer((response) => response.end());
  const socket = connect(server.port, "127.0.0.1");
  const failed = once(socket, "close").catch(() => undefined);
  socket.destroy(Object.assign(new Error("failed"), details));
  await failed;
  expect(ports).toEqual([]);
});

it("each address of a host that refuses a connection is reported, and each port only once", async () => {
  const { ports } = watch();
  await using server = await startHttpServer((response) => response.end());
  const socket = connect(server.port, "127.0.0.1");
  const failed = once(socket, "close").catch(() => undefined);
  const refused = (port: number) => Object.assign(new Error("refused"), { code: "ECONNREFUSED", port });
  const errors = [refused(1), refused(1), refused(2)];
  socket.destroy(Object.assign(new AggregateError(errors), { code: "ECONNREFUSED" }));
  await failed;
  expect(ports).toEqual([1, 2]);
});
