import { once } from "node:events";
import { createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { streamState } from "../../src/sandbox/http/state-stream.js";
import { Sandbox } from "../../src/sandbox/state/sandbox.js";

it("a client that does not read gets the newest state later, and no other is kept for it", async () => {
  const cards = Array.from({ length: 200 }, (_, index) => ({ profileId: 1, cardToken: `card-${index}` }));
  const initial = { simulator: { cards }, auto: false, webhookUrl: null, showsToken: true };
  const sandbox = new Sandbox(initial, () => {});
  const server = createServer((_, outgoing) => streamState(sandbox, outgoing, new AbortController().signal));
  server.listen(0, "127.0.0.1");
  onTestFinished(() => {
    vi.useRealTimers();
    server.closeAllConnections();
    server.close();
  });
  await once(server, "listening");
  const outgoing = get({ host: "127.0.0.1", port: (server.address() as AddressInfo).port });
  const [[, response], [incoming]]: [[unknown, ServerResponse], [IncomingMessage]] = await Promise.all([
    once(server, "request") as Promise<[unknown, ServerResponse]>,
    once(outgoing, "response") as Promise<[IncomingMessage]>,
  ]);

  // Without a pause in which the connection could take more.
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const change = (readLagMs: number) => {
    sandbox.core.readLagMs = readLagMs;
    sandbox.changed();
    vi.runAllTimers();
  };
  for (let lag = 1; lag <= 2; lag += 1) change(lag);
  const kept = response.writableLength;
  for (let lag = 3; lag <= 50; lag += 1) change(lag);
  expect(response.writableLength).toBe(kept);
  vi.useRealTimers();

  let text = "";
  for await (const chunk of incoming) {
    text += chunk;
    if (text.includes('"readLagMs":50')) break;
  }
  expect([...text.matchAll(/^event: state$/gm)].length).toBeLessThan(5);
});
