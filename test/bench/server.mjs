// A server that costs as little as possible: it responds to every request with the same bytes. It sends its port to the parent.
import { createServer } from "node:net";

const BODY = '{"status":"IN_PROGRESS","kioskId":"WIS00001","occurredAt":"2026-03-02T09:30:00.000Z"}';

const HEAD_END = "\r\n\r\n";

const createResponse = () =>
  Buffer.from(
    [
      "HTTP/1.1 200 OK",
      `Date: ${new Date().toUTCString()}`,
      "Content-Type: application/json",
      "X-Trace-Id: 4f2d1c0e9b8a7d6c",
      "Connection: keep-alive",
      `Content-Length: ${BODY.length}`,
      "",
      BODY,
    ].join("\r\n"),
    "latin1",
  );

let response = createResponse();
setInterval(() => {
  response = createResponse();
}, 1000).unref();

const server = createServer({ noDelay: true }, (socket) => {
  let received = "";
  socket.on("error", () => {});
  socket.on("data", (chunk) => {
    received += chunk.latin1Slice();
    for (let end = findEnd(received); end > 0; end = findEnd(received)) {
      received = received.slice(end);
      socket.write(response);
    }
  });
});

/** Returns the index after the first request, or 0 if it is incomplete. */
function findEnd(text) {
  const head = text.indexOf(HEAD_END);
  if (head < 0) return 0;
  const length = /^content-length: *(\d+)/im.exec(text.slice(0, head))?.[1] ?? "0";
  const end = head + HEAD_END.length + Number(length);
  return text.length < end ? 0 : end;
}

server.listen(0, "127.0.0.1", () => process.send({ port: server.address().port }));
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send({ cpuUs: user + system });
});
process.on("disconnect", () => process.exit());
