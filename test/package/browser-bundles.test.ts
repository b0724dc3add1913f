import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type BundleCase, runBundler } from "../support/bundlers.js";
import { startChromium } from "../support/chromium.js";
import { consumer } from "../support/consumer.js";
import { type HttpServer, startHttpServer } from "../support/http-server.js";

const ROLLUP: BundleCase = ["Rollup", "rollup", { format: "esm", plugins: ["node-resolve for browsers"] }];
const ROLLDOWN: BundleCase = ["Rolldown", "rolldown", { format: "esm", platform: "browser" }];
const VITE: BundleCase = ["Vite", "vite", { format: "esm", platform: "browser" }];
const WEBPACK: BundleCase = ["webpack", "webpack", { format: "esm", target: "web" }];

/** The entry points with a client, and all that need Node.js. */
const CLIENTS = ["wise-card-kiosk", "wise-card-kiosk/subscriptions"];
const NODE_ENTRIES = [...CLIENTS, "wise-card-kiosk/testing", "wise-card-kiosk/webhooks/node"];

/** What the page says about bundles for browsers. */
const ADVICE = readFileSync(new URL("../../src/RUNTIMES.md", import.meta.url), "utf8");

let directory: string;
let server: HttpServer;
let browser: Browser;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), "wise-card-kiosk-browser-bundles-"));
  server = await startHttpServer((response, { path }) => {
    response.setHeader("Content-Type", path === "/" ? "text/html" : "text/javascript");
    response.end(path === "/" ? "<title>A page</title>" : readFileSync(join(directory, path)));
  });
  browser = await startChromium();
});

afterAll(async () => {
  await browser.close();
  await server[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

/** Bundles a program that imports an entry point for browsers. */
async function bundleEntry(entry: string, bundle: BundleCase) {
  const program = join(consumer().folder, `in-a-browser-${entry.replaceAll("/", "-")}.mjs`);
  writeFileSync(program, `import * as entry from "${entry}";\nglobalThis.entry = entry;\n`);
  const { file, warnings } = await runBundler(program, bundle, directory);
  return { path: `/${relative(directory, file).replaceAll("\\", "/")}`, warnings };
}

/**
 * Runs code after a bundle in a new page of Chromium. Returns what it throws, or `"no error"`, and the first line on the console
 * that begins with `expected`, if that is given.
 */
async function runInPage(path: string, { code = "", expected = "" } = {}) {
  await using page = await browser.newPage();
  await page.goto(server.url);
  const reported = expected && page.waitForEvent("console", (message) => message.text().startsWith(expected));
  // As text, because Vitest would rewrite the import.
  const error = await page.evaluate(`import("${path}").then(() => { ${code} }).then(() => "no error", String)`);
  const line = reported && (await reported).text();
  return { error, line };
}

it.each([ROLLUP, ROLLDOWN, VITE, WEBPACK])("/webhooks starts in Chromium if it is bundled by %s", async (...bundle) => {
  const { path, warnings } = await bundleEntry("wise-card-kiosk/webhooks", bundle);
  expect(await runInPage(path, { code: "new entry.KioskWebhooks({ environment: 'production' })" })).toMatchObject({
    error: "no error",
  });
  expect(warnings).not.toContain("node:");
});

it.each(NODE_ENTRIES)("webpack refuses to bundle %s for browsers", async (entry) => {
  await expect(bundleEntry(entry, WEBPACK)).rejects.toThrow(
    /"node:\w+" is not handled by plugins \(Unhandled scheme\)/,
  );
});

it.each(NODE_ENTRIES.flatMap((entry) => [ROLLUP, ROLLDOWN].map((bundle) => [entry, bundle[0], bundle] as const)))(
  "%s fails when it starts in Chromium if it is bundled by %s",
  async (entry, _title, bundle) => {
    const { path } = await bundleEntry(entry, bundle);
    const report = "Access to script at 'node:";
    expect(await runInPage(path, { expected: report })).toEqual({
      error: expect.stringMatching(/^TypeError: Failed to fetch dynamically imported module/),
      line: expect.stringContaining("blocked by CORS policy"),
    });
    expect(ADVICE).toContain(`\`${report}…'\``);
  },
);

it("Rolldown warns about a bundle of the client for browsers, and Rollup does not", async () => {
  const warning = "treating it as an external dependency";
  const rolldown = await bundleEntry("wise-card-kiosk", ROLLDOWN);
  expect(rolldown.warnings).toContain(warning);
  const rollup = await bundleEntry("wise-card-kiosk", ROLLUP);
  expect(rollup.warnings).not.toContain("node:");
  expect(ADVICE).toContain(`Only Rolldown warns: \`${warning}\``);
});

const EXTERNALIZED = "has been externalized for browser compatibility";

it.each(CLIENTS)("%s fails when it starts in Chromium if it is bundled by Vite, which warns", async (entry) => {
  const { path, warnings } = await bundleEntry(entry, VITE);
  expect(warnings).toMatch(new RegExp(`"node:async_hooks" ${EXTERNALIZED}`));
  const report = "AsyncLocalStorage is not a constructor";
  const { error } = await runInPage(path);
  expect(error).toMatch(new RegExp(`^TypeError: .*${report}$`));
  for (const quote of [EXTERNALIZED, report]) expect(ADVICE).toContain(`\`${quote}\``);
});

it("/testing starts in Chromium if it is bundled by Vite, which warns, but listen() fails", async () => {
  const { path, warnings } = await bundleEntry("wise-card-kiosk/testing", VITE);
  expect(warnings).toContain(EXTERNALIZED);
  expect(await runInPage(path)).toMatchObject({ error: "no error" });
  const { error } = await runInPage(path, { code: "return entry.createKioskSimulator().listen();" });
  expect(error).toMatch(/^TypeError: .* is not a function$/);
});

it("/webhooks/node starts in Chromium if it is bundled by Vite, which warns", async () => {
  const { path, warnings } = await bundleEntry("wise-card-kiosk/webhooks/node", VITE);
  expect(warnings).toContain(EXTERNALIZED);
  expect(await runInPage(path)).toMatchObject({ error: "no error" });
});
