import { once } from "node:events";
import { expect, it } from "vitest";
import { DEFAULT_CARDS } from "../../src/sandbox/default-state.js";
import { startCommand } from "../support/command-program.js";
import { startSandbox } from "../support/running-sandbox.js";

const [card] = DEFAULT_CARDS;
const cardPath = `/v3/spend/profiles/${card.profileId}/cards/${card.cardToken}/production`;

/** One megabyte of JSON. Parsed, it needs 13. */
const MANY_ARRAYS = `[${"[],".repeat(330_000)}[]]`;

it.each([
  ["an unknown path", "/v3/x", 404],
  ["a card, without a token", cardPath, 401],
])("large requests to %s do not exhaust the memory of the program", async (_what, path, status) => {
  const env = { NODE_OPTIONS: "--max-old-space-size=120" };
  const child = await startCommand(["sandbox", "--port", "0", "--json"], { env });
  const ended = once(child, "close");
  try {
    const [first] = await once(child.stdout, "data");
    child.stdout.resume();
    child.stderr.resume();
    const { url } = JSON.parse(String(first));
    for (let count = 0; count < 30; count += 1) {
      const response = await fetch(url + path, { method: "PUT", body: MANY_ARRAYS });
      await response.text();
      expect(response.status).toBe(status);
    }
    const journal = await fetch(`${url}/_sandbox/requests`);
    expect((await journal.text()).length).toBeLessThan(30 * 6000);
  } finally {
    child.kill("SIGTERM");
  }
  expect(await ended).toEqual([0, null]);
});

it("the journal keeps the first 4 KiB of a body as text, and a smaller one as it was parsed", async () => {
  await using sandbox = await startSandbox();
  const bodies = [JSON.stringify("x".repeat(4094)), JSON.stringify("x".repeat(4095)), "ü".repeat(2049)];
  for (const body of bodies) await fetch(`${sandbox.url}/v3/x`, { method: "PUT", body });
  const { body: requests } = await sandbox.control("GET", "/requests");
  const kept = requests.map((request: { body: string }) => request.body);
  expect(kept).toEqual(["x".repeat(4094), `"${"x".repeat(4095)}…`, `${"ü".repeat(2048)}…`]);
});

it("the journal keeps the first 4 KiB of a response", async () => {
  await using sandbox = await startSandbox();
  await sandbox.control("POST", "/faults", { fault: { httpStatus: 500, body: "x".repeat(4097) } });
  expect(await (await sandbox.print(card)).text()).toHaveLength(4097);
  const { body: requests } = await sandbox.control("GET", "/requests");
  expect(requests).toMatchObject([{ body: { kioskId: "WIS00001" }, response: { body: `${"x".repeat(4096)}…` } }]);
});

it("the journal keeps no body of a request that was refused for its token, but that of one with an injected 401", async () => {
  await using sandbox = await startSandbox();
  const body = JSON.stringify({ kioskId: "WIS00001" });
  await fetch(sandbox.url + cardPath, { method: "PUT", body });
  await sandbox.control("POST", "/faults", { fault: { httpStatus: 401 } });
  await sandbox.print(card);
  await sandbox.control("POST", "/faults", { fault: { httpStatus: 200 } });
  await fetch(sandbox.url + cardPath, { method: "PUT", body });
  const { body: requests } = await sandbox.control("GET", "/requests");
  expect(requests).toMatchObject([
    { body: null, response: { status: 401 } },
    { body: { kioskId: "WIS00001" }, response: { status: 401 } },
    { body: null, response: { status: 200 } },
  ]);
});
