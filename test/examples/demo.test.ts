import { describe, expect, it, vi } from "vitest";
import { createKioskSimulator } from "wise-card-kiosk/testing";
import { type Ended, runExample, runToEnd } from "../support/run-example.js";

/** Each test starts a program. */
vi.setConfig({ testTimeout: 60_000 });

const card = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };

/** Makes a program treat its output as a terminal. Node.js decides whether that terminal shows colours. */
const AS_IF_AT_A_TERMINAL = `data:text/javascript,${encodeURIComponent(`
  import { WriteStream } from "node:tty";
  process.stdout.isTTY = true;
  process.stdout.getColorDepth = WriteStream.prototype.getColorDepth;
  process.stdout.hasColors = WriteStream.prototype.hasColors;
`)}`;

const ESCAPE = "\u001b";

/** What happens, in the words of the demo. */
const STORY = [
  "READY.",
  "PUT  produceCard: 200",
  "IN_PROGRESS at kiosk WIS00001.",
  "PRODUCTION_ERROR (PRD_HOPPER_JAM) at kiosk WIS00001.",
  "A card is jammed in the hopper.",
  "Check the machine and its reject box for a card.",
  "Fix this at the kiosk, then produce the card again.",
  "PUT  produceCard: 200",
  "IN_PROGRESS at kiosk WIS00001.",
  "PRODUCED at kiosk WIS00001.",
  "The customer holds the card. Production requests: 2, failures: 1, cards: 1.",
];

/** Expects these words in this order. */
function expectStory(stdout: string, words: readonly string[] = STORY): void {
  let from = 0;
  for (const word of words) {
    const at = stdout.indexOf(word, from);
    expect(at, `"${word}" after character ${from} of:\n${stdout}`).toBeGreaterThanOrEqual(0);
    from = at + word.length;
  }
}

function expectEarlyEnd({ exitCode, stderr }: Ended, reason: string | RegExp): void {
  expect(stderr.trim().split("\n")).toHaveLength(1);
  expect(stderr).toMatch(/^The demo ended early\. /);
  expect(stderr).toMatch(reason);
  expect(exitCode).toBe(1);
}

/** Starts a sandbox on loopback, and returns it with the environment that directs the demo to it. */
async function sandbox() {
  const simulator = createKioskSimulator({ kiosks: ["BRANCH7"], cards: [card], token: "user-token" });
  const server = await simulator.listen();
  const env = {
    WISE_API_TOKEN: "user-token",
    WISE_PROFILE_ID: String(card.profileId),
    WISE_CARD_TOKEN: card.cardToken,
    WISE_KIOSK_ID: "BRANCH7",
    WISE_BASE_URL: server.url,
  };
  return { simulator, env, [Symbol.asyncDispose]: () => server.close() };
}

describe.concurrent("the demo without credentials", () => {
  it("prints the whole story as text and exits with 0", async () => {
    const { exitCode, stdout, stderr } = await runToEnd("npm", ["run", "--silent", "demo"]);
    expectStory(stdout);
    expectStory(stdout, [
      "webhook: IN_PROGRESS, signature verified",
      "webhook: PRODUCTION_ERROR, signature verified",
      "webhook: IN_PROGRESS, signature verified",
      "webhook: PRODUCED, signature verified",
    ]);
    expect(stdout).toContain("Wise is simulated at http://127.0.0.1:");
    expect(stdout).not.toContain(ESCAPE);
    expect(stderr.replaceAll(/^npm warn .*\n?/gm, "")).toBe("");
    expect(exitCode).toBe(0);
  });

  it.each([
    ["a terminal with colours", { TERM: "xterm-256color" }, true],
    ["a terminal without colours", { TERM: "dumb" }, false],
    ["a terminal with NO_COLOR set", { TERM: "xterm-256color", NO_COLOR: "1" }, false],
  ])("prints colours only if the terminal supports them: %s", async (_, env, isColourful) => {
    const { exitCode, stdout } = await runExample("demo.ts", { env, imports: [AS_IF_AT_A_TERMINAL] });
    expect(stdout.includes(ESCAPE)).toBe(isColourful);
    expect(stdout).toContain("A card is jammed in the hopper.");
    expect(exitCode).toBe(0);
  });
});

describe.concurrent("the demo against the sandbox", () => {
  it("prints the same story for the card that the environment names", async () => {
    await using wise = await sandbox();
    const { exitCode, stdout } = await runExample("demo.ts", { env: wise.env });
    expectStory(
      stdout,
      STORY.map((words) => words.replace("WIS00001", "BRANCH7")),
    );
    expect(stdout).not.toContain("user-token");
    expect(exitCode).toBe(0);
    expect(wise.simulator.card(card.cardToken).history.map(({ status, errorCode }) => errorCode ?? status)).toEqual([
      "READY",
      "IN_PROGRESS",
      "PRD_HOPPER_JAM",
      "IN_PROGRESS",
      "PRODUCED",
    ]);
  });

  it("reports that the card was produced before, and sends no production request", async () => {
    await using wise = await sandbox();
    wise.simulator.card(card.cardToken).produce("BRANCH7").complete();
    const { exitCode, stdout } = await runExample("demo.ts", { env: wise.env });
    expect(stdout).toContain("This card was produced before.");
    expect(wise.simulator.requests.filter(({ method }) => method === "PUT")).toEqual([]);
    expect(exitCode).toBe(0);
  });

  it.each([
    [{ WISE_API_TOKEN: "user-token" }, "Not set: WISE_PROFILE_ID, WISE_CARD_TOKEN, WISE_KIOSK_ID."],
    [{ WISE_API_TOKEN: "t", WISE_PROFILE_ID: "1", WISE_CARD_TOKEN: "c", WISE_KIOSK_ID: "" }, "Not set: WISE_KIOSK_ID."],
  ])("reports which variable is missing: %j", async (env, reason) => {
    expectEarlyEnd(await runExample("demo.ts", { env }), reason);
  });

  it("rejects a WISE_BASE_URL of another machine", async () => {
    await using wise = await sandbox();
    const elsewhere = { ...wise.env, WISE_BASE_URL: "https://api.wise.com" };
    expectEarlyEnd(await runExample("demo.ts", { env: elsewhere }), "WISE_BASE_URL must be the URL of a server");
  });

  it("reports in one line that Wise rejects the token", async () => {
    await using wise = await sandbox();
    const env = { ...wise.env, WISE_API_TOKEN: "expired-token" };
    const ended = await runExample("demo.ts", { env });
    expectEarlyEnd(ended, "KioskAuthenticationError: ");
    expect(ended.stdout + ended.stderr).not.toContain("expired-token");
  });

  it("reports in one line that the kiosk does not exist", async () => {
    await using wise = await sandbox();
    const env = { ...wise.env, WISE_KIOSK_ID: "NOWHERE" };
    expectEarlyEnd(await runExample("demo.ts", { env }), /KIOSK_ID_NOT_FOUND.*No kiosk is set up under this kiosk id/);
  });

  it("reports in one line that Wise cannot be reached", async () => {
    const wise = await sandbox();
    await wise[Symbol.asyncDispose]();
    expectEarlyEnd(await runExample("demo.ts", { env: wise.env }), "KioskConnectionError: ");
  });
});
