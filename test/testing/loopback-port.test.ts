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

describe("a loopback port that is opened again", () => {
  it("waits for a stranger who got it in between", async () => {
    const number = await port.open();
    port.refuse();
    const stranger = await listenOn(number);
    const reopened = port.open();
    setTimeout(() => stranger.close(), 100);
    expect(await reopened).toBe(number);
    expect(await (await fetch(`http://127.0.0.1:${number}`)).text()).toBe("ours");
  });

  it("gives up on a stranger who stays", async () => {
    const number = await port.open();
    port.refuse();
    const stranger = await listenOn(number);
    await expect(port.open()).rejects.toMatchObject({ code: "EADDRINUSE" });
    stranger.close();
  });

  it("stays closed where it is closed meanwhile", async () => {
    const number = await port.open();
    port.refuse();
    const stranger = await listenOn(number);
    const reopened = port.open();
    port.refuse();
    stranger.close();
    await reopened;
    await expect(fetch(`http://127.0.0.1:${number}`)).rejects.toMatchObject({ cause: { code: "ECONNREFUSED" } });
  });
});

async function listenOn(number: number): Promise<Server> {
  const server = createServer();
  await once(server.listen(number, "127.0.0.1"), "listening");
  return server;
}
