import { once } from "node:events";
import { Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { connectThrough } from "../../src/transport/proxy-tunnel.js";
import { type OnConnect, refuse, startConnectProxy } from "../support/connect-proxy.js";

const OPENED = "HTTP/1.1 200 Connection established\r\n\r\n";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());

/** Connects through a proxy on this port, and returns the arguments of the callback. */
function connect(port: number, target: object = {}): Promise<[Error | null, Socket | null]> {
  const proxy = { isSecure: false, hostname: "127.0.0.1", port, authorization: undefined };
  const connector = connectThrough(proxy, {}, new Set());
  return new Promise((settle) => {
    const given = { protocol: "https:", hostname: "wise.example", port: "", ...target };
    connector(given, (...outcome) => settle(outcome));
  });
}

it.each<[string, OnConnect]>([
  ["does not respond", (client) => client.emit("waiting")],
  ["opens the tunnel to a silent server", (client) => client.once("data", () => client.emit("waiting")).write(OPENED)],
])("waits no longer than 10 s for a proxy that %s", async (_what, onConnect) => {
  let reached = () => {};
  const waiting = new Promise<void>((resolve) => {
    reached = resolve;
  });
  await using proxy = await startConnectProxy((client, ...more) => onConnect(client.on("waiting", reached), ...more));
  const outcome = connect(proxy.port);
  await waiting;
  const isOver = vi.fn();
  void outcome.then(isOver);
  vi.advanceTimersByTime(9_999);
  await nextTurn();
  expect(isOver).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  const [error, socket] = await outcome;
  expect(error).toMatchObject({
    code: "ERR_PROXY_TUNNEL",
    message: expect.stringContaining("timed out after 10000 ms"),
  });
  expect(socket).toBeNull();
});

it.each(["200 OK", "204 No Content", "299 Fine"].map((status) => `HTTP/1.1 ${status}\r\n\r\nhello`))(
  "keeps the bytes that arrive with the response %j",
  async (response) => {
    await using proxy = await startConnectProxy((client) => client.write(response));
    const [, socket] = await connect(proxy.port, { protocol: "http:" });
    expect(String(await once(socket as Socket, "data").then(([chunk]) => chunk))).toBe("hello");
    expect(proxy.requests).toMatchObject([{ authority: "wise.example:80" }]);
    socket?.destroy();
  },
);

it("keeps a tunnel alive, and does not close it after 10 s", async () => {
  const keepAlive = vi.spyOn(Socket.prototype, "setKeepAlive");
  onTestFinished(() => keepAlive.mockRestore());
  await using proxy = await startConnectProxy((client) => client.write(OPENED));
  const [, socket] = await connect(proxy.port, { protocol: "http:" });
  expect(keepAlive.mock.calls).toEqual([[true, 60_000]]);
  vi.advanceTimersByTime(10_000);
  expect(socket?.destroyed).toBe(false);
  socket?.destroy();
});

it.each([
  [103, "103 Early Hints"],
  [199, "199"],
  [300, "300 Multiple Choices"],
  [403, "403 Forbidden"],
  [407, "407 Proxy Authentication Required: check the user name and password in `mtls.proxy`"],
])("opens no tunnel if the proxy responds with %d", async (status, reason) => {
  await using proxy = await startConnectProxy(refuse(status));
  const message = `The proxy refused the tunnel with ${reason}`;
  expect(await connect(proxy.port)).toEqual([expect.objectContaining({ code: "ERR_PROXY_TUNNEL", message }), null]);
});

it.each([
  ["wise.example:443", { protocol: "https:" }],
  ["wise.example:80", { protocol: "http:" }],
  ["wise.example:8443", { port: "8443" }],
  ["[::1]:443", { hostname: "::1" }],
  ["10.0.0.1:443", { hostname: "10.0.0.1" }],
])("asks the proxy for %s", async (authority, target) => {
  await using proxy = await startConnectProxy(refuse(403));
  expect(await connect(proxy.port, target)).toEqual([expect.objectContaining({ code: "ERR_PROXY_TUNNEL" }), null]);
  expect(proxy.requests).toMatchObject([{ authority, headers: { host: authority } }]);
});
