import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { consumer } from "../support/consumer.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

it("npm run bench -- --quick prints its tables", () => {
  const installed = join(consumer().folder, "node_modules/wise-card-kiosk");
  const printed = execFileSync(process.execPath, ["test/bench/bench.mjs", "--quick", "--package", installed], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 280_000,
  });
  for (const row of ["wise-card-kiosk", "undici, request", "stripe", "nothing"]) expect(printed).toMatch(`\n| ${row} `);
  expect(printed).toContain("| unwrap, in flight: ");
  expect(printed).toContain(" unwraps | ");
});
