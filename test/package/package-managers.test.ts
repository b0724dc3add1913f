import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json";
import { consumer } from "../support/consumer.js";
import { SPECIFIERS } from "../support/entry-points.js";
import { installTools } from "../support/install-tools.js";
import { ALL_WORKS, runPrintProgram } from "../support/run-print-program.js";

const managers = fileURLToPath(new URL("managers", import.meta.url));

/** The entry points that need no other package of the user. */
const ENTRIES = SPECIFIERS.filter((name) => !name.endsWith("/msw"));

interface Manager {
  /** The program of the package manager. */
  readonly program: string;
  /** The arguments that install the packages of package.json. */
  readonly install: readonly string[];
  /** The arguments that run a command of a package. */
  readonly run: readonly string[];
  /** Returns the arguments with which Node.js finds packages. */
  readonly node: (folder: string) => readonly string[];
}

const MANAGERS: readonly (readonly [string, Manager])[] = [
  [
    "pnpm, which lets a package reach only its own dependencies",
    {
      program: "pnpm/bin/pnpm.cjs",
      install: ["install", "--ignore-scripts", "--config.store-dir=.store"],
      run: ["exec", manifest.name],
      node: () => [],
    },
  ],
  [
    "Yarn Plug'n'Play, which writes no node_modules",
    {
      program: "@yarnpkg/cli-dist/bin/yarn.js",
      install: ["install"],
      run: ["run", manifest.name],
      node: (folder) => [
        "--no-warnings",
        `--require=${join(folder, ".pnp.cjs")}`,
        `--experimental-loader=${pathToFileURL(join(folder, ".pnp.loader.mjs"))}`,
      ],
    },
  ],
];

beforeAll(() => installTools(managers));

describe.each(MANAGERS)("installed by %s", (_name, { program, install, run, node }) => {
  let folder: string;

  /** Runs a program in the project, and returns what it prints. */
  const execute = (...args: readonly string[]): string => {
    const registry = execFileSync("npm", ["config", "get", "registry"], {
      cwd: folder,
      encoding: "utf8",
      shell: process.platform === "win32",
    });
    const settings = {
      YARN_NPM_REGISTRY_SERVER: registry.trim().replace(/\/$/, ""),
      YARN_NODE_LINKER: "pnp",
      YARN_ENABLE_GLOBAL_CACHE: "false",
      YARN_ENABLE_IMMUTABLE_INSTALLS: "false",
      YARN_ENABLE_SCRIPTS: "false",
      YARN_ENABLE_TELEMETRY: "false",
    };
    const env = { ...process.env, ...settings };
    return execFileSync(process.execPath, args, { cwd: folder, env, encoding: "utf8", timeout: 250_000 }).trim();
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "wise-card-kiosk-manager-"));
    cpSync(consumer().tarball, join(folder, "package.tgz"));
    const dependencies = { [manifest.name]: "file:./package.tgz" };
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies }));
    // Without it, Yarn takes a project further up for this one.
    writeFileSync(join(folder, "yarn.lock"), "");
    cpSync(fileURLToPath(new URL("bundle-program.mjs", import.meta.url)), join(folder, "program.mjs"));
    execute(join(managers, "node_modules", program), ...install);
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("each entry point has the same exports if imported and if required", () => {
    const source = `
      const names = (entry) => Object.keys(entry).filter((name) => !["default", "module.exports"].includes(name)).sort();
      const load = async (name) => [name, names(await import(name)), names(require(name))];
      Promise.all(${JSON.stringify(ENTRIES)}.map(load)).then((loaded) => console.log(JSON.stringify(loaded)));`;
    const loaded: [string, string[], string[]][] = JSON.parse(execute(...node(folder), "--eval", source));
    expect(loaded.map(([name]) => name)).toEqual(ENTRIES);
    for (const [name, imported, required] of loaded) {
      expect(imported, name).not.toHaveLength(0);
      expect(required, name).toEqual(imported);
    }
  });

  it("prints over every connection and receives a webhook", async () => {
    expect(await runPrintProgram([process.execPath, ...node(folder)], join(folder, "program.mjs"))).toEqual(ALL_WORKS);
  });

  it("the command explains a code", () => {
    const printed = execute(join(managers, "node_modules", program), ...run, "explain", "PRT_COVER_OPEN");
    expect(printed).toContain("The printer's cover is open.");
  });

  it("the user cannot reach the dependencies of the package", () => {
    const source = 'try { require("zod") } catch ({ code }) { console.log(code) }';
    expect(execute(...node(folder), "--eval", source)).toBe("MODULE_NOT_FOUND");
  });
});
