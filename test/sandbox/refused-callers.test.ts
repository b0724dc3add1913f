import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isCertainlyLoopback } from "../../src/sandbox/http/loopback-names.js";
import { type RunningSandbox, startSandbox } from "../support/running-sandbox.js";

let local: RunningSandbox;
let open: RunningSandbox;

beforeAll(async () => {
  local = await startSandbox();
  open = await startSandbox({ host: "0.0.0.0", token: "own-token" });
});

afterAll(async () => {
  await local.stop();
  await open.stop();
});

/** Sends a request with these header fields, as `fetch` does not allow. */
async function send({ url }: RunningSandbox, path: string, headers: Record<string, string>, method = "GET") {
  const outgoing = request(`${url}${path}`, { method, headers }).end();
  const [incoming] = await once(outgoing, "response");
  return { status: incoming.statusCode, type: incoming.headers["content-type"], body: await text(incoming) };
}

const hostOf = ({ url }: RunningSandbox) => new URL(url).host;

const PRODUCTION = "/v3/spend/profiles/1/cards/card/production";

const PATHS = ["/", "/_sandbox/state", "/_sandbox/health", PRODUCTION];

it.each(PATHS)("refuses the page of another origin: %s", async (path) => {
  for (const origin of [
    "http://evil.example",
    "null",
    `http://localhost:${new URL(local.url).port}`,
    "http://127.0.0.1",
  ]) {
    const { status, type, body } = await send(local, path, { origin });
    expect([origin, status, type]).toEqual([origin, 403, "application/problem+json"]);
    expect(JSON.parse(body)).toMatchObject({
      status: 403,
      title: "Forbidden",
      detail: expect.stringMatching(/Origin/),
    });
  }
});

it.each(PATHS)("refuses a host name that someone else lets resolve to this machine: %s", async (path) => {
  for (const host of [
    "evil.example",
    "evil.example:4010",
    "127.0.0.1.evil.example",
    "localhost@evil.example",
    "[::2]",
    " ",
  ]) {
    expect([host, (await send(local, path, { host })).status]).toEqual([host, 403]);
  }
});

it.each(["127.0.0.1", "127.9.9.9:1", "localhost", "LOCALHOST:4010", "[::1]:4010", "[0:0:0:0:0:0:0:1]"])(
  "accepts the name %s of this machine",
  async (host) => {
    expect((await send(local, "/_sandbox/health", { host })).status).toBe(200);
  },
);

it.each([
  [
    false,
    /^\d\d:\d\d:\d\d\.\d{3} 403 refused: The Host header must .*, not "host\.docker\.internal:4010"\. Start .*\n$/,
  ],
  [
    true,
    /^\{"type":"refused","at":"[^"]*","httpStatus":403,"detail":"The Host header must .*, not \\"host\.docker\.int.*\}\n$/,
  ],
])("a request to Wise's API with another Host is reported once, also with --json: %s", async (json, line) => {
  await using sandbox = await startSandbox({ json });
  for (let times = 0; times < 2; times += 1) await send(sandbox, PRODUCTION, { host: "host.docker.internal:4010" });
  await send(sandbox, "/_sandbox/state", { host: "other.example" });
  expect(sandbox.output.slice(1)).toEqual([expect.stringMatching(line)]);
});

it("a body that is too large is reported, and one whose sender leaves is not", async () => {
  await using sandbox = await startSandbox();
  const leaving = connect(Number(new URL(sandbox.url).port), "127.0.0.1");
  leaving.write(`PUT ${PRODUCTION} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{`, () => leaving.destroy());
  await once(leaving, "close");
  await fetch(`${sandbox.url}${PRODUCTION}`, { method: "PUT", body: " ".repeat(1_000_001) });
  expect(sandbox.output).toHaveLength(2);
  expect(sandbox.output[1]).toContain(" 413 refused: The body must be at most 1000000 bytes.");
});

it("reports of refused requests show neither control characters nor credentials, and end after 20 reasons", async () => {
  await using sandbox = await startSandbox({ token: "own-token" });
  for (let number = 0; number < 30; number += 1) {
    await send(sandbox, PRODUCTION, { host: `\u009b2J\u0085own-token ${number}` });
  }
  expect(sandbox.output).toHaveLength(21);
  for (const line of sandbox.output.slice(1)) expect(line).toMatch(/, not "2J \[hidden\] \d+"\. [^\p{Cc}]*\n$/u);
});

it("reports of refused requests show no part of a long token", async () => {
  const token = `own-${"0123456789".repeat(10)}`;
  await using sandbox = await startSandbox({ token });
  await send(sandbox, PRODUCTION, { host: token });
  expect(sandbox.output.slice(1)).toEqual([expect.stringContaining(', not "[hidden]". Start')]);
});

it.each(PATHS)("refuses what the page of another site loads, also without an Origin: %s", async (path) => {
  for (const site of ["cross-site", "same-site"]) {
    const image = { "sec-fetch-site": site, "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image" };
    const frame = { "sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe" };
    for (const headers of [image, frame]) {
      const { status, body } = await send(local, path, headers);
      expect([site, status, JSON.parse(body).detail]).toEqual([site, 403, expect.stringMatching(/another web page/)]);
    }
  }
});

it("accepts a link on another page to its own page, and to nothing else", async () => {
  const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
  expect((await send(local, "/", link)).status).toBe(200);
  expect((await send(local, "/_sandbox/state", link)).status).toBe(403);
});

it.each(["same-origin", "none"])("accepts what its own page and its user ask for: %s", async (site) => {
  expect((await send(local, "/_sandbox/state", { "sec-fetch-site": site })).status).toBe(200);
});

it("accepts the origin of its own page", async () => {
  const origin = `http://${hostOf(local)}`;
  expect((await send(local, "/_sandbox/reset", { origin }, "POST")).status).toBe(200);
});

it("a sandbox that is open to the network accepts every host name, but only its own page", async () => {
  const headers = { authorization: "Bearer own-token", host: "kiosk.bank.example" };
  expect((await send(open, "/_sandbox/state", headers)).status).toBe(200);
  expect((await send(open, "/_sandbox/state", { ...headers, origin: "https://kiosk.bank.example" })).status).toBe(200);
  expect((await send(open, "/_sandbox/state", { ...headers, origin: "https://other.example" })).status).toBe(403);
});

it.each([
  {},
  { authorization: "Bearer other-token" },
  { authorization: "Basic own-token" },
  { authorization: "Bearer" },
])("a sandbox that is open to the network demands its token for the control API: %j", async (headers) => {
  for (const path of ["/_sandbox/state", "/_sandbox/events", "/_sandbox/none"]) {
    const { status, body } = await send(open, path, headers);
    expect(status).toBe(401);
    expect(body).not.toContain("own-token");
  }
});

it.each(["/", "/_sandbox/health", "/_sandbox/openapi.json"])(
  "a sandbox that is open to the network shows %s without a token",
  async (path) => {
    const { status, body } = await send(open, path, {});
    expect(status).toBe(200);
    expect(body).not.toContain("own-token");
  },
);

it("a sandbox shows its token only if no one else can reach it", async () => {
  expect((await local.control("GET", "/state")).body.token).toBe(local.token);
  expect((await open.control("GET", "/state")).body.token).toBeNull();
});

it.each([
  ["127.0.0.1", true],
  ["127.1.2.3", true],
  ["::1", true],
  ["[::1]", true],
  ["0::1", true],
  ["0[::1]", false],
  ["[::]1", false],
  ["localhost", true],
  ["0.0.0.0", false],
  ["::", false],
  ["128.0.0.1", false],
  ["127.0.0.1.example", false],
  ["localhost.example", false],
  ["app.localhost", false],
])("whether %s is a name of the loopback interface: %s", (host, expected) => {
  expect(isCertainlyLoopback(host)).toBe(expected);
});
