import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { page } from "../support/pages.js";

const { markdown } = page(".github/CONTRIBUTING.md");

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "wise-card-kiosk-first-version-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("the command of CONTRIBUTING.md that sets a version also accepts the one that package.json has", async () => {
  const [, command = ""] = /`(npm version [^`]*)<version>`/.exec(markdown) ?? [];
  const [npm = "", ...args] = command.trim().split(" ");
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: manifest.name, version: manifest.version }));
  for (const version of [manifest.version, "99.0.0"]) {
    await promisify(execFile)(npm, [...args, version], { cwd: folder, shell: process.platform === "win32" });
    expect(JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))).toMatchObject({ version });
  }
});

/** Starts a registry without packages, which accepts every one. */
async function startRegistry() {
  const published: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.method === "PUT") published.push(body);
    response.writeHead(request.method === "PUT" ? 201 : 404, { "Content-Type": "application/json" }).end("{}");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}/`,
    published,
    [Symbol.dispose]: () => void server.close(),
  };
}

it("CONTRIBUTING.md says how to publish the version by hand that npm needs before it accepts a trusted publisher", async () => {
  const [first = ""] = /`\{ "name".*\}`/.exec(markdown) ?? [];
  expect(first).not.toBe("");
  expect(markdown.indexOf(first)).toBeLessThan(markdown.indexOf("the trusted publisher of the package"));
  mkdirSync(join(folder, "first"));
  writeFileSync(join(folder, "first/package.json"), first.replaceAll("`", ""));

  using registry = await startRegistry();
  writeFileSync(join(folder, "npmrc"), `//${registry.address}:_authToken=a-token\n`);
  await promisify(execFile)(
    "npm",
    ["publish", `--registry=http://${registry.address}`, `--userconfig=${join(folder, "npmrc")}`],
    { cwd: join(folder, "first"), shell: process.platform === "win32" },
  );
  expect(registry.published.map((body) => JSON.parse(body))).toMatchObject([
    { name: manifest.name, "dist-tags": { latest: "0.0.0" } },
  ]);
});
