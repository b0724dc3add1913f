import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { root } from "../support/pages.js";

const { scripts } = JSON.parse(readFileSync(new URL("package.json", root), "utf8"));

it("the commands for tests and checks, which the workflows run, leave none out", () => {
  const names = Object.keys(scripts).filter((name) => /^(test|check|lint|typecheck|prepublishOnly)\b/.test(name));
  expect(Object.fromEntries(names.map((name) => [name, scripts[name]]))).toEqual({
    test: "vitest run --project source --coverage",
    "test:examples": "vitest run --project examples",
    "test:package": "vitest run --project package",
    "test:runtimes": "vitest run --project runtimes",
    "test:types": "vitest run --project types",
    "test:proofs": "vitest run --project proofs",
    "test:fuzz": "node --import tsx test/fuzz/fuzz.ts",
    "test:mutation": "node test/mutation/run.mjs",
    "test:all": [
      "npm test --ignore-scripts",
      "npm run test:examples",
      "npm run test:package",
      "npm run test:runtimes",
      "npm run test:types",
      "npm run test:proofs",
    ].join(" && "),
    lint: "biome check --error-on-warnings .",
    typecheck: "tsc --noEmit && tsc --noEmit -p src/sandbox/page",
    "check:imports": "depcruise src",
    "check:unused": "knip",
    "check:audit": "node .ci/audit.mjs",
    "check:package": "npm run build && publint --strict && attw --pack",
    "check:docs": "typedoc --options .ci/typedoc.config.mjs --emit none",
    "check:api": "node test/package/api/api-reports.mjs && node test/package/api/changelog-rule.mjs",
    "check:release": "node .github/release/check-release.mjs",
    check: [
      "npm run lint",
      "npm run typecheck",
      "npm run check:imports",
      "npm run check:unused",
      "npm run check:docs",
      "npm run check:package",
      "npm run check:api",
    ].join(" && "),
    prepublishOnly: "npm run check:release && npm run check && npm run test:all",
  });
});
