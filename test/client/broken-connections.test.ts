import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { reply, startHttpServer } from "../support/http-server.js";
import { type OnRequest, startRawServer } from "../support/raw-server.js";
import { CARD, clientOf, PRODUCE, rejectionOf, TRANSPORTS } from "../support/transports.js";
import { WISE_EXAMPLES } from "../support/wise-examples.js";

const body = WISE_EXAMPLES.inProgress;
const MEBIBYTE = 1024 * 1024;

const head = (...lines: readonly string[]) => `${["HTTP/1.1 200 OK", ...lines].join("\r\n")}\r\n\r\n`;
const send =
  (text: string, after: (socket: Socket) => void): OnRequest =>
  (socket) =>
    socket.write(text, () => after(socket));
const end = (socket: Socket) => socket.end();
const reset = (socket: Socket) => socket.resetAndDestroy();

const BREAKS: readonly (readonly [string, OnRequest])[] = [
  ["is reset before an answer", reset],
  ["is closed before an answer", end],
  ["is reset within the header", send("HTTP/1.1 200 OK\r\nContent-", reset)],
  ["is closed within the header", send("HTTP/1.1 200 OK\r\nContent-", end)],
  ["is reset after the header", send(head(`Content-Length: ${body.length}`), reset)],
  ["is closed after the header", send(head(`Content-Length: ${body.length}`), end)],
  ["is reset within the body", send(head(`Content-Length: ${body.length}`) + body.slice(0, 20), reset)],
  ["is closed within the body", send(head(`Content-Length: ${body.length + 1}`) + body, end)],
  ["is closed within a chunk", send(`${head("Transfer-Encoding: chunked")}ff\r\n${body}`, end)],
  [
    "is closed before the last chunk",
    send(`${head("Transfer-Encoding: chunked")}${body.length.toString(16)}\r\n${body}\r\n`, end),
  ],
  ["carries something other than HTTP", send("220 mail.example ESMTP\r\n", end)],
  ["carries two lengths", send(head("Content-Length: 5", "Content-Length: 7") + body, end)],
  ["carries an answer of 1xx and nothing else", send("HTTP/1.1 103 Early Hints\r\n\r\n", end)],
  [
    "carries an upgrade that nobody asked for",
    send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", end),
  ],
];

describe.each(TRANSPORTS)("a connection through %s", (_name, transport) => {
  it.each(BREAKS)("that %s leaves the request in doubt", async (_how, onRequest) => {
    await using server = await startRawServer(onRequest);
    const error = await rejectionOf(clientOf(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({
      name: "KioskConnectionError",
      code: "ERR_CONNECTION",
      requestSent: true,
      mayHaveTakenEffect: true,
    });
    expect((error as Error).message).toMatch(/^produceCard: no complete answer: ./);
    expect((error as Error).cause).toBeInstanceOf(Error);
    expect(server.requests).toHaveLength(1);
  });

  it("that is reset under a read takes no effect", async () => {
    await using server = await startRawServer(reset);
    const error = await rejectionOf(clientOf(server, transport).getProductionStatus(CARD));
    expect(error).toMatchObject({ name: "KioskConnectionError", requestSent: true, mayHaveTakenEffect: false });
  });

  it.each(["http", "https"])("that is refused over %s sends nothing", async (scheme) => {
    const { url } = await closedServer();
    const kiosk = clientOf({ url: url.replace("http", scheme) }, transport);
    expect(await rejectionOf(kiosk.produceCard(PRODUCE))).toMatchObject({
      name: "KioskConnectionError",
      requestSent: false,
      mayHaveTakenEffect: false,
      message: expect.stringMatching(/^produceCard: the request was not sent: .*ECONNREFUSED/),
    });
  });

  it("to a server without TLS sends no request", async () => {
    const answer = (socket: Socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await using server = await startRawServer(() => {}, answer);
    const kiosk = clientOf({ url: server.url.replace("http", "https") }, transport);
    expect(await rejectionOf(kiosk.produceCard(PRODUCE))).toMatchObject({ name: "KioskConnectionError" });
    expect(server.requests).toEqual([]);
  });
});

describe.each(TRANSPORTS)("the body of an answer through %s", (_name, transport) => {
  const padded = (length: number) => JSON.stringify({ status: "READY", description: "x" }).padEnd(length);

  it("of 1 MiB is read", async () => {
    await using server = await startHttpServer(reply(200, padded(MEBIBYTE)));
    expect(await clientOf(server, transport).getProductionStatus(CARD)).toMatchObject({ description: "x" });
  });

  it.each([
    ["of one byte more", padded(MEBIBYTE + 1), {}],
    ["compressed from one byte more", gzipSync(padded(MEBIBYTE + 1)), { "Content-Encoding": "gzip" }],
    ["compressed from 256 MiB", gzipSync(Buffer.alloc(256 * MEBIBYTE)), { "Content-Encoding": "gzip" }],
  ])("%s is refused", async (_what, body, headers) => {
    await using server = await startHttpServer(reply(200, body, headers));
    const kiosk = clientOf(server, transport);
    for (const [call, mayHaveTakenEffect] of [
      [() => kiosk.produceCard(PRODUCE), true],
      [() => kiosk.getProductionStatus(CARD), false],
      [() => kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }), true],
    ] as const) {
      expect(await rejectionOf(call())).toMatchObject({
        name: "KioskDecodeError",
        httpStatus: 200,
        issues: [{ path: "", message: "the body is larger than 1048576 bytes" }],
        mayHaveTakenEffect,
      });
    }
  });

  it("that never ends is refused and broken off", async () => {
    const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
    let chunks = 0;
    await using server = await startRawServer((socket) => {
      const more = () => {
        chunks += 1;
        if (chunks < 10_000 && socket.writable) socket.write(chunk, more);
      };
      socket.write(head("Transfer-Encoding: chunked"), more);
    });
    const error = await rejectionOf(clientOf(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({ name: "KioskDecodeError", mayHaveTakenEffect: true });
    await vi.waitFor(() => expect(server.open).toBe(0), { timeout: 5000 });
    expect(chunks).toBeLessThan(10_000);
  });

  it.each([422, 500])("that is too large does not hide the status %d", async (status) => {
    await using server = await startHttpServer(reply(status, padded(MEBIBYTE + 1).replace("READY", "REQUEST_ERROR")));
    expect(await rejectionOf(clientOf(server, transport).produceCard(PRODUCE))).toMatchObject({
      code: status === 422 ? "ERR_UNPROCESSABLE" : "ERR_SERVER",
      httpStatus: status,
      body: expect.stringContaining("REQUEST_ERROR"),
    });
  });

  it("that a proxy compressed is read all the same", async () => {
    await using server = await startHttpServer(reply(200, gzipSync(body), { "Content-Encoding": "gzip" }));
    expect(await clientOf(server, transport).produceCard(PRODUCE)).toMatchObject({ status: "IN_PROGRESS" });
  });
});

/** The address of a server that was there, and is no more. */
async function closedServer(): Promise<{ readonly url: string }> {
  await using server = await startRawServer(() => {});
  return server;
}
