import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { CLOSED_URL } from "../support/closed-ports.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { type OnRequest, startRawServer } from "../support/raw-server.js";
import { CARD, catchRejection, createClient, PRODUCE, TRANSPORTS } from "../support/transports.js";
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
  ["is reset before a response", reset],
  ["is closed before a response", end],
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
  ["carries only a 1xx response", send("HTTP/1.1 103 Early Hints\r\n\r\n", end)],
  [
    "carries an upgrade that was not requested",
    send("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n", end),
  ],
];

describe.each(TRANSPORTS)("broken connections through %s", (_name, transport) => {
  it.each(BREAKS)("leaves the request in doubt if the connection %s", async (_how, onRequest) => {
    await using server = await startRawServer(onRequest);
    const error = await catchRejection(createClient(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({
      name: "KioskConnectionError",
      code: "ERR_CONNECTION",
      requestSent: true,
      mayHaveTakenEffect: true,
    });
    expect((error as Error).message).toMatch(/^produceCard: no complete response: ./);
    expect((error as Error).cause).toBeInstanceOf(Error);
    expect(server.requests).toHaveLength(1);
  });

  it("reports a read as without effect if its connection is reset", async () => {
    await using server = await startRawServer(reset);
    const error = await catchRejection(createClient(server, transport).getProductionStatus(CARD));
    expect(error).toMatchObject({ name: "KioskConnectionError", requestSent: true, mayHaveTakenEffect: false });
  });

  it.each(["http", "https"])("sends nothing if the connection over %s is refused", async (scheme) => {
    const kiosk = createClient({ url: CLOSED_URL.replace("http", scheme) }, transport);
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject({
      name: "KioskConnectionError",
      requestSent: false,
      mayHaveTakenEffect: false,
      message: expect.stringMatching(/^produceCard: the request was not sent: .*ECONNREFUSED/),
    });
  });

  it("sends no request to a server without TLS", async () => {
    const respond = (socket: Socket) => socket.once("data", () => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    await using server = await startRawServer(() => {}, respond);
    const kiosk = createClient({ url: server.url.replace("http", "https") }, transport);
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject({ name: "KioskConnectionError" });
    expect(server.requests).toEqual([]);
  });
});

describe.each(TRANSPORTS)("response bodies through %s", (_name, transport) => {
  const padded = (length: number) => JSON.stringify({ status: "READY", description: "x" }).padEnd(length);

  it("accepts a 1 MiB response body", async () => {
    await using server = await startHttpServer(reply(200, padded(MEBIBYTE)));
    expect(await createClient(server, transport).getProductionStatus(CARD)).toMatchObject({ description: "x" });
  });

  it.each([
    ["of 1 MiB and one byte", padded(MEBIBYTE + 1), {}],
    ["compressed from 1 MiB and one byte", gzipSync(padded(MEBIBYTE + 1)), { "Content-Encoding": "gzip" }],
    ["compressed from 256 MiB", gzipSync(Buffer.alloc(256 * MEBIBYTE)), { "Content-Encoding": "gzip" }],
  ])("rejects a response body %s", async (_what, body, headers) => {
    await using server = await startHttpServer(reply(200, body, headers));
    const kiosk = createClient(server, transport);
    for (const [call, mayHaveTakenEffect] of [
      [() => kiosk.produceCard(PRODUCE), true],
      [() => kiosk.getProductionStatus(CARD), false],
      [() => kiosk.simulateProductionStatus({ ...CARD, status: "PRODUCED" }), true],
    ] as const) {
      expect(await catchRejection(call())).toMatchObject({
        name: "KioskDecodeError",
        httpStatus: 200,
        issues: [{ path: "", message: "the body is larger than 1048576 bytes" }],
        mayHaveTakenEffect,
      });
    }
  });

  it("rejects an endless response body and closes the connection", async () => {
    const chunk = `10000\r\n${" ".repeat(0x10000)}\r\n`;
    let chunks = 0;
    await using server = await startRawServer((socket) => {
      const more = () => {
        chunks += 1;
        if (chunks < 10_000 && socket.writable) socket.write(chunk, more);
      };
      socket.write(head("Transfer-Encoding: chunked"), more);
    });
    const error = await catchRejection(createClient(server, transport).produceCard(PRODUCE));
    expect(error).toMatchObject({ name: "KioskDecodeError", mayHaveTakenEffect: true });
    await vi.waitFor(() => expect(server.open).toBe(0), { timeout: 5000 });
    expect(chunks).toBeLessThan(10_000);
  });

  it.each([422, 500])("reports the status %d even if the response body is too large", async (status) => {
    await using server = await startHttpServer(reply(status, padded(MEBIBYTE + 1).replace("READY", "REQUEST_ERROR")));
    expect(await catchRejection(createClient(server, transport).produceCard(PRODUCE))).toMatchObject({
      code: status === 422 ? "ERR_UNPROCESSABLE" : "ERR_SERVER",
      httpStatus: status,
      body: expect.stringContaining("REQUEST_ERROR"),
    });
  });

  it("reads a response body that a proxy compressed", async () => {
    await using server = await startHttpServer(reply(200, gzipSync(body), { "Content-Encoding": "gzip" }));
    expect(await createClient(server, transport).produceCard(PRODUCE)).toMatchObject({ status: "IN_PROGRESS" });
  });
});
