import { describe, expect, it, vi } from "vitest";
import { createKioskSimulator, type KioskSimulator } from "wise-card-kiosk/testing";
import { runExample } from "../support/run-example.js";

/** Each program starts, and takes its time. */
vi.setConfig({ testTimeout: 60_000 });

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };
const TOKEN = "a-user-token-that-nobody-may-see";

/** Runs an example against a Wise on loopback, and gives what it wrote. */
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

/** A Wise whose first answer is lost, and one that wants no more. */
const losesAnAnswer = (simulator: KioskSimulator) => simulator.injectFault({ fault: "lost-response" });
const forbids = (simulator: KioskSimulator) =>
  simulator.injectFault({
    fault: { httpStatus: 403, body: { error: "forbidden", error_description: `Not ${TOKEN}` } },
  });

/** A Wise whose words name the card. */
const quotesTheCard = (simulator: KioskSimulator) =>
  simulator.injectFault({
    fault: { httpStatus: 404, body: { message: `There is no card ${card.cardToken} of ${card.profileId}` } },
  });

describe.concurrent.each(["structured-logs.ts", "opentelemetry.ts"])("%s", (example) => {
  it.each([losesAnAnswer, forbids, quotesTheCard])("writes no token, no card token and no body", async (prepare) => {
    const { stdout, stderr } = await run(example, prepare);
    for (const secret of [TOKEN, card.cardToken, String(card.profileId), "error_description"]) {
      expect(stdout + stderr).not.toContain(secret);
    }
  });
});

describe.concurrent("structured logs", () => {
  const linesOf = (text: string) =>
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  it("has a line for each request and one for the failure", async () => {
    const { stdout, exitCode } = await run("structured-logs.ts", forbids);
    expect(linesOf(stdout)).toMatchObject([
      { level: "error", purpose: "call", method: "PUT", attempt: 1, httpStatus: 403, error: "ERR_PERMISSION" },
      { level: "error", error: "ERR_PERMISSION", errorCode: "forbidden", mayHaveTakenEffect: false },
    ]);
    expect(exitCode).toBe(1);
  });

  it("has a line for each request, the read that reconciled it included, and one for the outcome", async () => {
    const { stdout, exitCode } = await run("structured-logs.ts", losesAnAnswer);
    expect(linesOf(stdout)).toMatchObject([
      { level: "warn", purpose: "call", method: "PUT", attempt: 1, error: "ERR_CONNECTION" },
      { level: "info", purpose: "reconcile", method: "GET", attempt: 2, httpStatus: 200 },
      { level: "info", message: "card production", status: "IN_PROGRESS", errorCode: null },
    ]);
    expect(exitCode).toBe(0);
  });
});

describe.concurrent("OpenTelemetry", () => {
  /** What the console exporter writes is made for people: these are the facts in it. */
  const factsOf = (text: string, name: string) =>
    [...text.matchAll(new RegExp(`[\\s']${name}'?: '([^']*)'`, "g"))].map(([, fact]) => fact);

  it("has a span for each request, all in the span of the caller", async () => {
    const { stdout, exitCode } = await run("opentelemetry.ts", losesAnAnswer);
    expect(factsOf(stdout, "name")).toEqual(
      expect.arrayContaining([
        "PUT /v3/spend/profiles/{profileId}/cards/{cardToken}/production",
        "GET /v3/spend/profiles/{profileId}/cards/{cardToken}/production",
        "print card",
      ]),
    );
    expect(factsOf(stdout, "wise.purpose")).toEqual(["call", "reconcile"]);
    expect(factsOf(stdout, "error.type")).toEqual(["ERR_CONNECTION"]);
    expect(factsOf(stdout, "wise.production.status")).toEqual(["IN_PROGRESS"]);
    expect(new Set(factsOf(stdout, "traceId")).size).toBe(1);
    expect(exitCode).toBe(0);
  });

  it("marks what failed", async () => {
    const { stdout, exitCode } = await run("opentelemetry.ts", forbids);
    expect(factsOf(stdout, "error.type")).toEqual(["ERR_PERMISSION"]);
    expect(exitCode).toBe(1);
  });
});
