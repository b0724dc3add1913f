import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json";
import { compilerFile } from "../support/compilers.js";
import { consumer } from "../support/consumer.js";
import { nodeBinary } from "../support/node-versions.js";
import { runtimeBinary } from "../support/runtime-binary.js";

const EXAMPLES = fileURLToPath(new URL("../../examples/testing", import.meta.url));

/** nock and MSW 3 require this version or a later one. */
const node22 = () => nodeBinary("22");
/** Jest can `require` ES modules from this version on, with a flag. */
const node24 = () => nodeBinary("24");
const withVmModules = { NODE_OPTIONS: "--experimental-vm-modules" };

/** Returns the folder with the examples for a runner, in a project that has installed the package. */
const runnerFolder = (runner: string, project = consumer().folder): string => join(project, "testing-examples", runner);
const programOf = (path: string): string => join(consumer().folder, "node_modules", path);

beforeAll(() => cpSync(EXAMPLES, join(consumer().folder, "testing-examples"), { recursive: true }));

/**
 * Runs examples and returns what their runner prints.
 *
 * @throws {Error} if one of them fails.
 */
function runExamples(cwd: string, program: string, args: readonly string[], env: NodeJS.ProcessEnv = {}): string {
  // The variables that this runner sets for itself must not reach another one.
  const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|NODE_|JEST_|TEST$)/.test(name));
  try {
    const clean = { ...Object.fromEntries(own), NO_COLOR: "1", ...env };
    return execFileSync(program, args, {
      cwd,
      encoding: "utf8",
      env: clean,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 250_000,
    });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${stdout}\n${stderr}`);
  }
}

describe("the testing examples", () => {
  it("the testing examples pass under Vitest", () => {
    const vitest = [programOf("vitest/vitest.mjs"), "run"];
    expect(runExamples(runnerFolder("vitest"), node22(), vitest)).toMatch(/Tests +5 passed \(5\)/);
    const withoutNock = [...vitest, "--exclude", "nock.test.js"];
    expect(runExamples(runnerFolder("vitest"), process.execPath, withoutNock)).toMatch(/Tests +4 passed \(4\)/);
  });

  it("the testing examples pass under Jest, some of them with a flag", () => {
    const jest = [programOf("jest/bin/jest.js"), "simulator", "mock-agent"];
    runExamples(runnerFolder("jest"), process.execPath, jest);
    runExamples(runnerFolder("jest"), node22(), [programOf("jest/bin/jest.js"), "nock"], withVmModules);
    runExamples(runnerFolder("jest"), node24(), [programOf("jest/bin/jest.js")], withVmModules);
  });

  it("the testing examples pass under node:test", () => {
    expect(runExamples(runnerFolder("node-test"), node22(), ["--test"])).toMatch(/# pass 5\n# fail 0\n/);
    const files = ["simulator", "msw", "mock-agent"].map((name) => `${name}.test.js`);
    expect(runExamples(runnerFolder("node-test"), process.execPath, ["--test", ...files])).toMatch(
      /# pass 4\n# fail 0\n/,
    );
  });

  it("the testing examples pass under Bun", () => {
    expect(() => runExamples(runnerFolder("bun"), runtimeBinary("bun"), ["test"])).not.toThrow();
  });
});

describe.each([
  // The last version that Jest can load without a flag. Newer ones need one, and Node.js 24.9.
  ["2.10.5", () => process.execPath, "jest", () => [programOf("jest/bin/jest.js"), "msw.test"]],
  ["3", node22, "node-test", () => ["--test", "msw.test.js"]],
] as const)("with MSW %s", (version, node, runner, args) => {
  let project: string;

  beforeAll(() => {
    project = join(consumer().folder, `msw-${version}`);
    mkdirSync(project);
    writeFileSync(join(project, "package.json"), '{ "private": true }');
    const tarball = join(consumer().folder, `${manifest.name}-${manifest.version}.tgz`);
    const install = ["install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline"];
    execFileSync("npm", [...install, tarball, `msw@${version}`], {
      cwd: project,
      shell: process.platform === "win32",
      stdio: ["ignore", "pipe", "pipe"],
    });
    cpSync(EXAMPLES, join(project, "testing-examples"), { recursive: true });
  });

  it(`the example for MSW ${version} passes under ${runner}`, () => {
    expect(() => runExamples(runnerFolder(runner, project), node(), args())).not.toThrow();
  });

  it(`setupServer of MSW ${version} accepts the handlers`, () => {
    const source = `import { setupServer } from "msw/node";
      import { createKioskSimulator } from "wise-card-kiosk/testing";
      import { kioskHandlers } from "wise-card-kiosk/testing/msw";
      export const server = setupServer(...kioskHandlers(createKioskSimulator()));`;
    writeFileSync(join(project, "handlers.mts"), source);
    const tsc = [
      compilerFile("typescript-5.9", "bin/tsc"),
      "--strict",
      "--noEmit",
      "--skipLibCheck",
      "--module",
      "nodenext",
    ];
    runExamples(project, process.execPath, [...tsc, "--target", "es2022", "handlers.mts"]);
  });
});
