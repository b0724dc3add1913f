import { readdirSync } from "node:fs";
import { expect, it } from "vitest";

const importProgram = (name: string) => import(new URL(name, import.meta.url).href);
const { FOLDERS } = await importProgram("folders.mjs");
const { formatScores, toScore } = await importProgram("score.mjs");

it("every folder of src is mutated", () => {
  const folders = readdirSync("src", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(Object.keys(FOLDERS).sort()).toEqual(folders.map(({ name }) => name).sort());
});

it("a score counts what a test noticed, and leaves out what is ignored or survives for a reason", () => {
  const statuses = ["Killed", "Killed", "Timeout", "Survived", "NoCoverage", "Ignored"];
  const mutants: readonly { status: string; reason?: string }[] = statuses.map((status) => ({ status }));
  const score = toScore("time", [...mutants, { status: "Survived", reason: "It does nothing." }]);
  expect(score).toEqual({ folder: "time", noticed: 3, explained: 1, unnoticed: 2, percent: 60 });
  const text = toScore("text", [{ status: "Killed", reason: "A test notices it now." }, { status: "RuntimeError" }]);
  expect(formatScores([score, text])).toBe(
    [
      "| folder of `src` | mutants | noticed | score | equivalent |",
      "| --- | --- | --- | --- | --- |",
      "| `time` | 5 | 3 | 60.0 % | 1 |",
      "| `text` | 2 | 1 | 50.0 % | 0 |",
      "| all | 7 | 4 | 57.1 % | 1 |",
    ].join("\n"),
  );
});
