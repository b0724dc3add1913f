import { once } from "node:events";
import { get } from "node:http";
import { expect, it } from "vitest";
import { startCommand } from "../support/command-program.js";
import { startSandbox } from "../support/running-sandbox.js";

/** So many levels that `JSON.parse` reads them, but `JSON.stringify` cannot write them. */
const DEEP = "[".repeat(6000) + "]".repeat(6000);

it("the program goes on after a request with a deep body, while its page is open", async () => {
  const child = await startCommand(["sandbox", "--port", "0", "--json"]);
  const ended = once(child, "close");
  try {
    const [first] = await once(child.stdout, "data");
    child.stdout.resume();
    const { url } = JSON.parse(String(first));
    const [stream] = await once(get(`${url}/_sandbox/events`), "response");
    let received = "";
    stream.on("data", (chunk: Buffer) => {
      received += chunk;
    });
    const response = await fetch(`${url}/v3/x`, { method: "PUT", body: DEEP });
    expect(response.status).toBe(404);
    await expect.poll(() => received, { timeout: 10_000 }).toContain('"path":"/v3/x"');
    expect((await fetch(`${url}/_sandbox/state`)).status).toBe(200);
    expect(child.exitCode).toBeNull();
  } finally {
    child.kill("SIGTERM");
  }
  expect(await ended).toEqual([0, null]);
});

it.each([
  ["101 levels", "[".repeat(101) + "]".repeat(101), "[".repeat(101) + "]".repeat(101)],
  ["6000 levels", DEEP, `${"[".repeat(4096)}…`],
])("the state and the journal show a body of %s as text", async (_what, body, shown) => {
  await using sandbox = await startSandbox();
  await fetch(`${sandbox.url}/v3/x`, { method: "PUT", body });
  expect((await sandbox.control("GET", "/state")).body.requests).toMatchObject([{ body: shown }]);
  expect((await sandbox.control("GET", "/requests")).body).toMatchObject([{ body: shown }]);
});

it("a fault with a deep body is refused, and the state is still shown", async () => {
  await using sandbox = await startSandbox();
  const response = await fetch(`${sandbox.url}/_sandbox/faults`, {
    method: "POST",
    body: `{"fault":{"httpStatus":500,"body":${DEEP}}}`,
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    argument: "fault.body",
    detail: "fault.body must have at most 100 levels of arrays and objects.",
  });
  expect((await sandbox.control("GET", "/state")).body.faults).toEqual([]);
});

it.each(["cards", "faults", "clock", "deliveries/release"])(
  "POST /_sandbox/%s refuses a deep body, or a deep value in it",
  async (path) => {
    await using sandbox = await startSandbox();
    for (const body of [
      DEEP,
      `{"unknown":${DEEP}}`,
      `{"cardToken":${DEEP},"fault":${DEEP},"now":${DEEP},"order":${DEEP}}`,
    ]) {
      const response = await fetch(`${sandbox.url}/_sandbox/${path}`, { method: "POST", body });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
    }
    expect((await sandbox.control("GET", "/state")).status).toBe(200);
  },
);
