import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { NODE_VERSIONS, nodeBinary } from "../support/node-versions.js";

/** The root of this repository, in which the name of the package resolves to the build. */
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Sets the simulator's dispatcher as the global one of undici, and reads a card in every way. */
const PROGRAM = `
  const { WiseKioskClient } = await import("wise-card-kiosk");
  const { createKioskSimulator } = await import("wise-card-kiosk/testing");
  const { request, fetch: fetchOfUndici, setGlobalDispatcher } = await import(process.argv[1]);
  const card = { profileId: 1, cardToken: "card" };
  const simulator = createKioskSimulator({ token: "token", cards: [card] });
  setGlobalDispatcher(simulator.dispatcher);
  const url = "https://api.wise-sandbox.com/v3/spend/profiles/1/cards/card/production";
  const init = { headers: { authorization: "Bearer token" } };
  const kiosk = new WiseKioskClient({ environment: "sandbox", token: "token", maxRetries: 0 });
  const read = {
    request: async () => (await (await request(url, init)).body.json()).status,
    "fetch of undici": async () => (await (await fetchOfUndici(url, init)).json()).status,
    "built-in fetch": async () => (await (await fetch(url, { ...init, dispatcher: simulator.dispatcher })).json()).status,
    client: async () => (await kiosk.getProductionStatus(card)).status,
  };
  const outcomes = {};
  for (const [way, readOnce] of Object.entries(read)) {
    const status = await readOnce();
    simulator.injectFault({ fault: "connection-refused" });
    const failure = await readOnce().catch((error) => error);
    let cause = failure;
    while (cause.cause !== undefined) cause = cause.cause;
    outcomes[way] = [status, cause.code];
  }
  simulator.assertNoPendingFaults();
  console.log(JSON.stringify(outcomes));
`;

describe.each(NODE_VERSIONS)("under Node.js %s", (version) => {
  // undici 8 does not load on Node.js 20.
  const undicis = ["undici-6", "undici", "undici-8"].filter(
    (undici) => !version.startsWith("20") || undici !== "undici-8",
  );

  it.each(undicis)("%s accepts the simulator's dispatcher as its global one", (undici) => {
    const args = ["--input-type=module", "--eval", PROGRAM, undici];
    const printed = execFileSync(nodeBinary(version), args, { cwd: ROOT, encoding: "utf8", timeout: 60_000 });
    expect(JSON.parse(printed)).toEqual({
      request: ["READY", "ECONNREFUSED"],
      "fetch of undici": ["READY", "ECONNREFUSED"],
      "built-in fetch": ["READY", "ECONNREFUSED"],
      client: ["READY", "ECONNREFUSED"],
    });
  });
});
