import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { buffer } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { serve } from "../support/webhook-loopback.js";

const AUDIT = fileURLToPath(new URL("../../.ci/audit.mjs", import.meta.url));

const ADVISORY = {
  id: 1,
  url: "https://advisories.example/1",
  title: "Prints cards by itself",
  severity: "high",
  vulnerable_versions: "<2.0.0",
  cwe: [],
  cvss: { score: 0, vectorString: null },
};

/** A project with one dependency and one tool. */
const LOCK = {
  name: "audited",
  lockfileVersion: 3,
  requires: true,
  packages: {
    "": { name: "audited", dependencies: { "a-dependency": "^1.0.0" }, devDependencies: { "a-tool": "^1.0.0" } },
    "node_modules/a-dependency": { version: "1.0.0" },
    "node_modules/a-tool": { version: "1.0.0", dev: true },
  },
};

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "wise-card-kiosk-audit-"));
  writeFileSync(join(folder, "package.json"), JSON.stringify(LOCK.packages[""]));
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(LOCK));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a registry in which these packages are vulnerable, until the test ends. Returns its URL. */
function startRegistry(vulnerable: readonly string[]): Promise<string> {
  return serve(async (request, response) => {
    const sent = await buffer(request);
    const send = (value: object) => response.setHeader("Content-Type", "application/json").end(JSON.stringify(value));
    if (request.method === "POST") {
      const asked: object = JSON.parse(
        (request.headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent).toString(),
      );
      const found = Object.keys(asked).filter((name) => vulnerable.includes(name));
      return send(Object.fromEntries(found.map((name) => [name, [ADVISORY]])));
    }
    const name = request.url?.slice(1) ?? "";
    return send({ name, "dist-tags": { latest: "1.0.0" }, versions: { "1.0.0": { name, version: "1.0.0" } } });
  });
}

/** Audits the project at a registry. Returns the exit code and what it prints. */
async function audit(registry: string, ...options: readonly string[]): Promise<readonly [number, string]> {
  return auditWith({ npm_config_registry: registry }, ...options);
}

/** Audits the project with these variables. Returns the exit code and what it prints. */
async function auditWith(
  variables: NodeJS.ProcessEnv,
  ...options: readonly string[]
): Promise<readonly [number, string]> {
  const env = { ...process.env, npm_config_cache: join(folder, ".npm"), ...variables };
  return new Promise((resolve) => {
    execFile(process.execPath, [AUDIT, ...options], { cwd: folder, env, timeout: 60_000 }, (error, stdout) =>
      resolve([error === null ? 0 : Number(error.code), stdout]),
    );
  });
}

describe("npm run check:audit", () => {
  it("passes if no package is vulnerable", async () => {
    const registry = await startRegistry([]);
    const [code, printed] = await audit(registry, "--all", "--strict");
    expect(printed).toBe(
      "Dependencies of the package: no known vulnerability.\nAll packages of this repository: no known vulnerability.\n",
    );
    expect(code).toBe(0);
  });

  it("fails and names the advisory if a dependency of the package is vulnerable", async () => {
    const registry = await startRegistry(["a-dependency"]);
    const [code, printed] = await audit(registry);
    expect(printed).toContain("a-dependency * (high): Prints cards by itself: https://advisories.example/1");
    expect(code).toBe(1);
  });

  it.each([
    [0, []],
    [1, ["--all"]],
  ] as const)("ends with the code %i if a tool is vulnerable and the options are %j", async (expected, options) => {
    const registry = await startRegistry(["a-tool"]);
    const [code, printed] = await audit(registry, ...options);
    expect(printed).toContain("Dependencies of the package: no known vulnerability.");
    expect(printed).toContain("a-tool * (high)");
    expect(code).toBe(expected);
  });

  it.each([
    [0, []],
    [1, ["--strict"]],
  ] as const)("ends with the code %i if the registry fails and the options are %j", async (expected, options) => {
    const registry = await serve((_request, response) => response.writeHead(503).end());
    const [code, printed] = await audit(registry, ...options);
    expect(printed).toMatch(/^Dependencies of the package: not checked, because the registry did not respond/);
    expect(code).toBe(expected);
  });

  it.each([
    [0, []],
    [1, ["--strict"]],
  ] as const)("ends with the code %i if npm prints no JSON and the options are %j", async (expected, options) => {
    const bin = join(folder, "bin");
    mkdirSync(bin, { recursive: true });
    writeFileSync(join(bin, "npm"), "#!/bin/sh\necho 'npm is not installed properly'\n", { mode: 0o755 });
    const [code, printed] = await auditWith({ PATH: `${bin}${delimiter}${process.env["PATH"]}` }, ...options);
    expect(printed).toBe(
      ["Dependencies of the package", "All packages of this repository"]
        .map((title) => `${title}: not checked, because the registry did not respond (npm printed no JSON).\n`)
        .join(""),
    );
    expect(code).toBe(expected);
  });
});
