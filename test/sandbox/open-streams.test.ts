import diagnostics from "node:diagnostics_channel";
import { once } from "node:events";
import { get, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, expect, it, onTestFinished, vi } from "vitest";
import { type RunningSandbox, startSandbox } from "../support/running-sandbox.js";

/** More than a connection takes while its other end does not read. */
const LARGE = "x".repeat(8_000_000);

afterEach(() => {
  vi.restoreAllMocks();
});

/** Opens an event stream, and reads nothing of it. */
async function openStream({ url }: RunningSandbox): Promise<IncomingMessage> {
  const [stream] = await once(get(`${url}/_sandbox/events`), "response");
  return stream;
}

/** Lets the sandbox wait for its clients as long as they take. */
function waitForever(): void {
  vi.spyOn(AbortSignal, "timeout").mockImplementation(() => new AbortController().signal);
}

it("the sandbox stops although a client does not read its event stream", async () => {
  const sandbox = await startSandbox({ json: true, kiosks: [LARGE] });
  const stream = await openStream(sandbox);
  expect(await sandbox.stop()).toBe(0);
  stream.destroy();
});

it("a client that reads slowly gets all of its event stream before the sandbox stops", async () => {
  const sandbox = await startSandbox({ json: true, kiosks: [LARGE] });
  const stream = await openStream(sandbox);
  waitForever();
  const stopped = sandbox.stop();
  expect(await text(stream)).toMatch(/^event: state\ndata: \{.*\}\n\n$/);
  expect(await stopped).toBe(0);
});

it("the sandbox does not wait for clients that have left when it stops", async () => {
  const sandbox = await startSandbox();
  const closed: Promise<unknown>[] = [];
  const onRequest = (message: unknown) => {
    closed.push(once((message as { readonly response: ServerResponse }).response, "close"));
  };
  diagnostics.subscribe("http.server.request.start", onRequest);
  const stream = await openStream(sandbox);
  diagnostics.unsubscribe("http.server.request.start", onRequest);
  stream.destroy();
  expect(closed).toHaveLength(1);
  await Promise.all(closed);
  waitForever();
  expect(await sandbox.stop()).toBe(0);
});

it("the sandbox stops without a warning although a team follows its event stream", async () => {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => void warnings.push(name);
  process.on("warning", onWarning);
  onTestFinished(() => void process.off("warning", onWarning));
  const sandbox = await startSandbox();
  const streams = await Promise.all(Array.from({ length: 11 }, () => openStream(sandbox)));
  for (const stream of streams) stream.resume();
  expect(await sandbox.stop()).toBe(0);
  expect(warnings).toEqual([]);
});
