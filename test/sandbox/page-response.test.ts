import { createHash } from "node:crypto";
import { expect, it } from "vitest";
import { contentSecurityPolicy } from "../../src/sandbox/http/page-response.js";
import { startSandbox } from "../support/running-sandbox.js";

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

it("the policy of a page allows its own scripts and styles, whatever their attributes, and nothing else", () => {
  const html =
    '<style>a{}</style><style media="print">b\n{}</style><script type="module">c()</script><script></script>';
  expect(contentSecurityPolicy(html)).toBe(
    [
      "default-src 'none'",
      `script-src ${hash("c()")} ${hash("")}`,
      `style-src ${hash("a{}")} ${hash("b\n{}")}`,
      "connect-src 'self'",
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ].join("; "),
  );
});

it("the sandbox serves its page with a policy for it, and without a cache", async () => {
  await using sandbox = await startSandbox();
  const response = await fetch(sandbox.url);
  const html = await response.text();
  expect(html).toMatch(/^<!doctype html>/);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": contentSecurityPolicy(html),
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
  });
});
