import { fileURLToPath } from "node:url";
import { Stryker } from "@stryker-mutator/core";
import { FOLDERS, LEAST_SCORE } from "./folders.mjs";
import { explain, listUnexplained, readReasons } from "./reasons.mjs";
import { formatScores, toScore } from "./score.mjs";

// `npm run test:mutation` mutates every folder of `src`, and `npm run test:mutation -- src/time src/text` only these.
const names = process.argv.slice(2).map((argument) => argument.replace(/^src\//, "").replace(/\/$/, ""));
const unknown = names.filter((name) => !(name in FOLDERS));
if (unknown.length > 0) {
  console.error(
    `Not a folder of src that is mutated: ${unknown.join(", ")}. Name one of: ${Object.keys(FOLDERS).join(", ")}`,
  );
  process.exit(2);
}

const scores = [];
for (const folder of names.length > 0 ? names : Object.keys(FOLDERS)) {
  const { mutate, tests } = FOLDERS[folder];
  const mutants = await new Stryker({
    testRunner: "hot",
    plugins: ["test-runner.mjs", "equivalent-mutants.mjs"].map((name) => fileURLToPath(new URL(name, import.meta.url))),
    ignorers: ["equivalent"],
    hotTests: [folder, ...tests].flatMap((name) => [`test/${name}/**/*.test.ts`, `test/${name}.test.ts`]),
    mutate: mutate ?? [`src/${folder}/**/*.ts`],
    // The wording of messages is not what a mutant should change: the tests of the documentation and of messages hold it.
    mutator: { excludedMutations: ["StringLiteral"] },
    coverageAnalysis: "perTest",
    // A constant of a module is mutated before any test begins, so each would cost a new worker and all tests of its folder.
    ignoreStatic: true,
    concurrency: Number(process.env.MUTATION_WORKERS ?? 2),
    timeoutMS: 30_000,
    timeoutFactor: 0.1,
    // A busy machine takes long for all tests without a mutant.
    dryRunTimeoutMinutes: 20,
    tempDirName: ".mutation/sandboxes",
    ignorePatterns: ["dist", "coverage"],
    incremental: true,
    incrementalFile: `.mutation/${folder}.incremental.json`,
    reporters: ["progress-append-only", "json", "html"],
    jsonReporter: { fileName: `.mutation/${folder}.json` },
    htmlReporter: { fileName: `.mutation/${folder}.html` },
    warnings: { unknownOptions: false },
  }).runMutationTest();
  const explained = explain(mutants, readReasons(folder));
  for (const survivor of listUnexplained(explained)) console.log(survivor);
  scores.push(toScore(folder, explained));
  console.log(formatScores(scores));
}

const low = scores.filter(({ percent }) => percent < LEAST_SCORE);
for (const { folder, percent } of low) {
  console.error(
    `src/${folder}: ${percent.toFixed(1)} % of the mutants are noticed, but ${LEAST_SCORE} % must be. .mutation/${folder}.html shows the others.`,
  );
}
process.exitCode = low.length > 0 ? 1 : 0;
