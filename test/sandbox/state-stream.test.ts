import { once } from "node:events";
import { type ClientRequest, createServer, get, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished, vi } from "vitest";
import { streamState } from "../../src/sandbox/http/state-stream.js";
import { Sandbox } from "../../src/sandbox/state/sandbox.js";

const TIMERS = ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] as const;

interface OpenStream {
  readonly sandbox: Sandbox;
  /** Ends the stream. */
  readonly closing: AbortController;
  /** The end of the sandbox. */
  readonly response: ServerResponse;
  readonly outgoing: ClientRequest;
  /** The end of the client, which has read nothing yet. */
  readonly incoming: IncomingMessage;
}

/** Opens an event stream of a sandbox with many cards, so that each state is larger than what a response keeps. */
async function openStream(): Promise<OpenStream> {
  const cards = Array.from({ length: 200 }, (_, index) => ({ profileId: 1, cardToken: `card-${index}` }));
  const closing = new AbortController();
  const initial = { simulator: { cards }, auto: false, webhookUrl: null, showsToken: true };
  const sandbox = new Sandbox(initial, () => {});
  const server = createServer((_, outgoing) => streamState(sandbox, outgoing, closing.signal));
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
  return { sandbox, closing, response, outgoing, incoming };
}

it("a client that does not read gets the newest state later, and no other is kept for it", async () => {
  const { sandbox, response, incoming } = await openStream();
  // Without a pause in which the connection could take more.
  vi.useFakeTimers({ toFake: [...TIMERS] });
  const change = (readLagMs: number) => {
    sandbox.core.readLagMs = readLagMs;
    sandbox.changed();
    vi.advanceTimersByTime(30);
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

it("a silent stream gets a comment every 15 seconds, but none while its client does not read", async () => {
  vi.useFakeTimers({ toFake: [...TIMERS] });
  const { sandbox, response, incoming } = await openStream();
  let text = "";
  incoming.on("data", (chunk) => {
    text += chunk;
  });
  if (response.writableNeedDrain) await once(response, "drain");
  vi.advanceTimersByTime(15_000);
  await expect.poll(() => text.endsWith("\n\n:\n\n")).toBe(true);

  sandbox.changed();
  vi.advanceTimersByTime(30);
  const kept = response.writableLength;
  vi.advanceTimersByTime(15_000);
  expect([kept > 0, response.writableLength]).toEqual([true, kept]);
});

const leave = ({ outgoing }: OpenStream) => void outgoing.destroy();
const end = ({ closing }: OpenStream) => closing.abort();

it.each([
  ["a client leaves", 0, leave],
  ["a client leaves", 1, leave],
  ["the sandbox ends a stream", 0, end],
  ["the sandbox ends a stream", 1, end],
])(
  "when %s after %i changes, the stream leaves no timer, and later changes start none",
  async (_event, changes, stop) => {
    vi.useFakeTimers({ toFake: [...TIMERS] });
    const stream = await openStream();
    const { sandbox, response, incoming } = stream;
    incoming.on("error", () => {}).resume();
    for (let count = 0; count < changes; count += 1) sandbox.changed();
    expect(vi.getTimerCount()).toBe(1 + changes);
    const isClosed = once(response, "close");
    stop(stream);
    await isClosed;
    expect(vi.getTimerCount()).toBe(0);
    sandbox.changed();
    expect(vi.getTimerCount()).toBe(0);
  },
);

it("a stream that ends while its client is behind sends nothing when the client reads on", async () => {
  const { sandbox, closing, response } = await openStream();
  vi.useFakeTimers({ toFake: [...TIMERS] });
  for (let count = 0; count < 2; count += 1) {
    sandbox.changed();
    vi.advanceTimersByTime(30);
  }
  expect(response.listenerCount("drain")).toBe(1);
  closing.abort();
  expect(response.listenerCount("drain")).toBe(0);
});

it("a state that cannot be sent ends the stream, and not the process", async () => {
  const { sandbox, response, incoming } = await openStream();
  incoming.on("error", () => {}).resume();
  if (response.writableNeedDrain) await once(response, "drain");
  vi.useFakeTimers({ toFake: [...TIMERS] });
  const isClosed = once(response, "close");
  sandbox.core.readLagMs = 1n as never;
  sandbox.changed();
  vi.advanceTimersByTime(30);
  await isClosed;
  expect(vi.getTimerCount()).toBe(0);
});
