import { once } from "node:events";
import { connect, createServer, Server } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { LoopbackPort } from "../../src/testing/adapters/loopback-port.js";

const IGNORE = () => undefined;

const port = new LoopbackPort({ host: "127.0.0.1", port: 0 }, (_request, response) => response.end("ours"), IGNORE);

afterEach(async () => {
  vi.restoreAllMocks();
  await port.close();
});

describe("reopening a loopback port", () => {
  it("retries while another server holds the port", async () => {
    const number = await port.open();
    port.refuse();
    const other = await listenOn(number);
    const reopened = port.open();
    setTimeout(() => other.close(), 100);
    expect(await reopened).toBe(number);
    expect(await (await fetch(`http://127.0.0.1:${number}`)).text()).toBe("ours");
  });

  it("retries in real time if timers are mocked", async () => {
    const number = await port.open();
    port.refuse();
    const other = await listenOn(number);
    const attempts = vi.spyOn(Server.prototype, "listen");
    vi.useFakeTimers();
    try {
      const reopened = port.open();
      await once(attempts.mock.contexts[0] as Server, "error");
      other.close();
      expect(await reopened).toBe(number);
    } finally {
      vi.useRealTimers();
    }
  });

  it("fails if another server keeps the port", async () => {
    const number = await port.open();
    port.refuse();
    const other = await listenOn(number);
    await expect(port.open()).rejects.toMatchObject({ code: "EADDRINUSE" });
    other.close();
    expect(await port.open()).toBe(number);
    expect(await (await fetch(`http://127.0.0.1:${number}`)).text()).toBe("ours");
  });

  it("fails without another attempt for any other reason", async () => {
    await port.open();
    port.refuse();
    const attempts = vi.spyOn(Server.prototype, "listen").mockImplementation(function (this: Server) {
      process.nextTick(() => this.emit("error", Object.assign(new Error("no"), { code: "EACCES" })));
      return this;
    });
    await expect(port.open()).rejects.toMatchObject({ code: "EACCES" });
    expect(attempts).toHaveBeenCalledOnce();
  });

  it("stays open if an earlier attempt to open it fails late", async () => {
    const number = await port.open();
    port.refuse();
    const attempts = vi.spyOn(Server.prototype, "listen").mockReturnThis();
    const late = port.open();
    const [early] = attempts.mock.contexts as Server[];
    port.refuse();
    attempts.mockRestore();
    await port.open();
    early?.emit("error", new Error("late"));
    await expect(late).rejects.toThrow("late");
    expect(await (await fetch(`http://127.0.0.1:${number}`)).text()).toBe("ours");
    port.refuse();
    // `fetch` could use the connection of its first request, which may not have ended yet.
    await expect(once(connect(number, "127.0.0.1"), "connect")).rejects.toMatchObject({ code: "ECONNREFUSED" });
  });

  it("stays closed if it is closed while reopening", async () => {
    const number = await port.open();
    port.refuse();
    const other = await listenOn(number);
    const reopened = port.open();
    port.refuse();
    other.close();
    await reopened;
    await expect(fetch(`http://127.0.0.1:${number}`)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  });
});

describe("a loopback port", () => {
  it("fails without another attempt if it is in use when it is opened for the first time", async () => {
    const attempts = vi.spyOn(Server.prototype, "listen");
    const taken = new LoopbackPort({ host: "127.0.0.1", port: await port.open() }, IGNORE, IGNORE);
    attempts.mockClear();
    await expect(taken.open()).rejects.toMatchObject({ code: "EADDRINUSE" });
    expect(attempts).toHaveBeenCalledOnce();
  });

  it("counts no refusals once it is closed", async () => {
    const onRefusal = vi.fn();
    const counting = new LoopbackPort({ host: "127.0.0.1", port: 0 }, IGNORE, onRefusal);
    const number = await counting.open();
    await counting.close();
    counting.refuse();
    await expect(fetch(`http://127.0.0.1:${number}`)).rejects.toThrow("fetch failed");
    expect(onRefusal).not.toHaveBeenCalled();
    await counting.close();
  });

  it("has closed its server once close() resolves", async () => {
    const listening = vi.spyOn(Server.prototype, "listen");
    const silent = new LoopbackPort({ host: "127.0.0.1", port: 0 }, IGNORE, IGNORE);
    await silent.open();
    const [server] = listening.mock.contexts as Server[];
    const onClose = vi.fn();
    server?.once("close", onClose);
    await silent.close();
    expect(onClose).toHaveBeenCalledOnce();
  });
});

async function listenOn(number: number): Promise<Server> {
  const server = createServer();
  await once(server.listen(number, "127.0.0.1"), "listening");
  return server;
}
