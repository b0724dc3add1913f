import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { LoopbackPort } from "../../src/testing/adapters/loopback-port.js";

const port = new LoopbackPort(
  { host: "127.0.0.1", port: 0 },
  (_request, response) => response.end("ours"),
  () => undefined,
);

afterEach(() => port.close());

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

  it("fails if another server keeps the port", async () => {
    const number = await port.open();
    port.refuse();
    const other = await listenOn(number);
    await expect(port.open()).rejects.toMatchObject({ code: "EADDRINUSE" });
    other.close();
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

async function listenOn(number: number): Promise<Server> {
  const server = createServer();
  await once(server.listen(number, "127.0.0.1"), "listening");
  return server;
}
