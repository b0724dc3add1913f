import { describe, expect, it, vi } from "vitest";
import { createKioskSimulator, type KioskSimulator } from "wise-card-kiosk/testing";
import { runExample } from "../support/run-example.js";

/** Each test starts a program. */
vi.setConfig({ testTimeout: 60_000 });

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const TOKEN = "a-user-token-that-no-one-may-see";

/** Runs an example against a simulator on loopback, and returns its exit code and output. */
async function run(example: string, prepare: (simulator: KioskSimulator) => void) {
  const simulator = createKioskSimulator({ cards: [card], token: TOKEN });
  await using server = await simulator.listen();
  prepare(simulator);
  const env = {
    WISE_BASE_URL: server.url,
    WISE_API_TOKEN: TOKEN,
    WISE_PROFILE_ID: String(card.profileId),
    WISE_CARD_TOKEN: card.cardToken,
    WISE_KIOSK_ID: "WIS00001",
  };
  return await runExample(example, { env });
}

/** Loses the response to the first request. */
const losesAResponse = (simulator: KioskSimulator) => simulator.injectFault({ fault: "lost-response" });

/** Refuses the first request with a 403 that quotes the token. */
const forbids = (simulator: KioskSimulator) =>
  simulator.injectFault({
    fault: { httpStatus: 403, body: { error: "forbidden", error_description: `Not ${TOKEN}` } },
  });

/** Refuses the first request with a 404 that names the card and its profile. */
const quotesTheCard = (simulator: KioskSimulator) =>
  simulator.injectFault({
    fault: { httpStatus: 404, body: { message: `There is no card ${card.cardToken} of ${card.profileId}` } },
  });

describe.concurrent.each(["structured-logs.ts", "opentelemetry.ts"])("%s", (example) => {
  it.each([losesAResponse, forbids, quotesTheCard])("writes no token, no card token and no body", async (prepare) => {
    const { stdout, stderr } = await run(example, prepare);
    for (const secret of [TOKEN, card.cardToken, String(card.profileId), "error_description"]) {
      expect(stdout + stderr).not.toContain(secret);
    }
  });
});

describe.concurrent("structured logs", () => {
  const toLines = (text: string) =>
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it("writes a line for each request and one for the failure", async () => {
    const { stdout, exitCode } = await run("structured-logs.ts", forbids);
    expect(toLines(stdout)).toMatchObject([
      { level: "error", purpose: "call", method: "PUT", attempt: 1, httpStatus: 403, error: "ERR_PERMISSION" },
      { level: "error", error: "ERR_PERMISSION", errorCode: "forbidden", mayHaveTakenEffect: false },
    ]);
    expect(exitCode).toBe(1);
  });

  it("writes a line for each request, including the reconciling read, and one for the outcome", async () => {
    const { stdout, exitCode } = await run("structured-logs.ts", losesAResponse);
    expect(toLines(stdout)).toMatchObject([
      { level: "warn", purpose: "call", method: "PUT", attempt: 1, error: "ERR_CONNECTION" },
      { level: "info", purpose: "reconcile", method: "GET", attempt: 2, httpStatus: 200 },
      { level: "info", message: "card production", status: "IN_PROGRESS", errorCode: null },
    ]);
    expect(exitCode).toBe(0);
  });
});

describe.concurrent("OpenTelemetry", () => {
  /** Returns the values of a name in the output of the console exporter, which is made for people. */
  const findFacts = (text: string, name: string) =>
    [...text.matchAll(new RegExp(`[\\s']${name}'?: '([^']*)'`, "g"))].map(([, fact]) => fact);

  it("exports a span for each request, all in the trace of the caller", async () => {
    const { stdout, exitCode } = await run("opentelemetry.ts", losesAResponse);
    expect(findFacts(stdout, "name")).toEqual(
      expect.arrayContaining([
        "PUT /v3/spend/profiles/{profileId}/cards/{cardToken}/production",
        "GET /v3/spend/profiles/{profileId}/cards/{cardToken}/production",
        "print card",
      ]),
    );
    expect(findFacts(stdout, "wise.purpose")).toEqual(["call", "reconcile"]);
    expect(findFacts(stdout, "error.type")).toEqual(["ERR_CONNECTION"]);
    expect(findFacts(stdout, "wise.production.status")).toEqual(["IN_PROGRESS"]);
    expect(new Set(findFacts(stdout, "traceId")).size).toBe(1);
    expect(exitCode).toBe(0);
  });

  it("marks the span of a failed request", async () => {
    const { stdout, exitCode } = await run("opentelemetry.ts", forbids);
    expect(findFacts(stdout, "error.type")).toEqual(["ERR_PERMISSION"]);
    expect(exitCode).toBe(1);
  });
});
