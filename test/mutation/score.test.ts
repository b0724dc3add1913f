import { readdirSync } from "node:fs";
import { expect, it } from "vitest";

const importProgram = (name: string) => import(new URL(name, import.meta.url).href);
const { FOLDERS } = await importProgram("folders.mjs");
const { formatScores, toScore } = await importProgram("score.mjs");

it("every folder of src is mutated", () => {
  const folders = readdirSync("src", { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(Object.keys(FOLDERS).sort()).toEqual(folders.map(({ name }) => name).sort());
});

it("a score counts what a test noticed, and leaves out what is ignored", () => {
  const statuses = ["Killed", "Killed", "Timeout", "Survived", "NoCoverage", "Ignored"];
  const score = toScore(
    "time",
    statuses.map((status) => ({ status })),
  );
  expect(score).toEqual({ folder: "time", noticed: 3, unnoticed: 2, percent: 60 });
  const text = toScore("text", [{ status: "Killed" }, { status: "RuntimeError" }]);
  expect(formatScores([score, text])).toBe(
    [
      "| folder of `src` | mutants | noticed | score |",
      "| --- | --- | --- | --- |",
      "| `time` | 5 | 3 | 60.0 % |",
      "| `text` | 2 | 1 | 50.0 % |",
      "| all | 7 | 4 | 57.1 % |",
    ].join("\n"),
  );
});
