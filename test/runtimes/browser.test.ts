import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startChromium } from "../support/chromium.js";
import { consumer } from "../support/consumer.js";
import { productionBody } from "../support/event-bodies.js";
import { type HttpServer, startHttpServer } from "../support/http-server.js";
import { signedHeaders, wise } from "../support/signed-delivery.js";
import { conformance } from "./webhooks/conformance.js";
import type { TestPage } from "./webhooks/page.js";

/** Bundles code for browsers, with the package as it is published. */
async function bundleForBrowsers(options: BuildOptions): Promise<string> {
  const { outputFiles } = await build({ ...options, bundle: true, platform: "browser", format: "esm", write: false });
  return outputFiles?.[0]?.text ?? "";
}

/** Bundles a program of one line in the project of a user. */
function bundleLine(contents: string): Promise<string> {
  return bundleForBrowsers({ stdin: { contents, resolveDir: consumer().folder }, logLevel: "silent" });
}

describe("a headless Chromium", () => {
  let browser: Browser;
  let server: HttpServer;
  let page: Page;

  beforeAll(async () => {
    const script = await bundleForBrowsers({
      entryPoints: ["test/runtimes/webhooks/page.ts"],
      alias: {
        "wise-card-kiosk/webhooks": join(consumer().folder, "node_modules/wise-card-kiosk/dist/webhooks/index.js"),
      },
    });
    // The page comes from loopback, because browsers have WebCrypto only in a secure context.
    server = await startHttpServer((response, { path }) => {
      response.setHeader("Content-Type", path === "/script.js" ? "text/javascript" : "text/html");
      response.end(path === "/script.js" ? script : '<script type="module" src="/script.js"></script>');
    });
    browser = await startChromium();
    page = await browser.newPage();
    await page.goto(server.url);
  });

  afterAll(async () => {
    await browser.close();
    await server[Symbol.asyncDispose]();
  });

  const unwrap = (body: string, headers: Record<string, string>) =>
    page.evaluate(
      ([text, sent, key]) => (globalThis as unknown as { testPage: TestPage }).testPage.unwrap(text, sent, key),
      [body, headers, wise.publicKey] as const,
    );

  it("/webhooks passes its conformance cases in Chromium", async () => {
    const passed = page.evaluate(() => (globalThis as unknown as { testPage: TestPage }).testPage.runConformance());
    expect(await passed).toEqual(Object.keys(conformance));
  });

  it("/webhooks accepts a signed delivery in Chromium, and refuses a forged one", async () => {
    const body = productionBody();
    expect(await unwrap(body, signedHeaders(body))).toBe("PRODUCED");
    const forged = productionBody({ data: { status: "READY" } });
    expect(await unwrap(forged, signedHeaders(body))).toBe("ERR_WEBHOOK_SIGNATURE mismatch");
  });
});

it.each([
  "wise-card-kiosk/webhooks",
  "wise-card-kiosk/schemas",
  "wise-card-kiosk/print-jobs",
  "wise-card-kiosk/testing/msw",
])("%s can be bundled for browsers", async (name) => {
  expect(await bundleLine(`export * from "${name}"`)).not.toContain("node:");
});

it.each([
  "wise-card-kiosk",
  "wise-card-kiosk/subscriptions",
  "wise-card-kiosk/testing",
  "wise-card-kiosk/webhooks/node",
])("a bundle of %s for browsers is refused, because it needs Node.js", async (name) => {
  await expect(bundleLine(`export * from "${name}"`)).rejects.toThrow(/Could not resolve "node:\w+"/);
});
