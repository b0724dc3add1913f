import { expect, it } from "vitest";
import { runToEnd } from "../support/run-example.js";

/** What the demo prints, in order. */
const STORY = [
  "PostgreSQL is running on this machine",
  "Wise is simulated at http://127.0.0.1:",
  "The backend of the bank is running at http://127.0.0.1:",
  "presses “print” for Anna's card, twice",
  "and its request may leave now",
  "Both screens show the same print: ",
  "Production requests: 1.",
  "produced",
  "Anna takes her card.",
  "presses “print” for Bert's card",
  "print-3: requested, and its request may leave now",
  "the backend is killed",
  "The backend is started again.",
  "Nothing is sent. The screen shows print-3",
  "print-3: accepted",
  "print-3: produced",
  "Bert takes his card.",
  "Cards: 2, production requests: 2, deaths of the backend: 1.",
];

it("shows how the branch backend survives a crash, and exits with 0", { timeout: 60_000 }, async () => {
  const { exitCode, stdout, stderr } = await runToEnd("npm", ["run", "--silent", "demo:backend"]);
  let from = 0;
  for (const words of STORY) {
    const at = stdout.indexOf(words, from);
    expect(at, `"${words}" after character ${from} of:\n${stdout}${stderr}`).toBeGreaterThanOrEqual(0);
    from = at + words.length;
  }
  expect(stderr.replaceAll(/^npm warn .*\n?/gm, "")).toBe("");
  expect(exitCode).toBe(0);
});
