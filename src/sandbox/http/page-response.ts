import { createHash } from "node:crypto";
import type { ServerResponse } from "node:http";
import { COMMON_HEADERS } from "./json-responses.js";

/** Sends the page, with a policy that runs nothing but what it contains. */
export function sendPage(outgoing: ServerResponse, html: string): void {
  outgoing.writeHead(200, {
    ...COMMON_HEADERS,
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": contentSecurityPolicy(html),
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
  });
  outgoing.end(html);
}

/** Returns a policy that allows the inline scripts and styles of a page by their hashes, and requests to the sandbox itself. */
export function contentSecurityPolicy(html: string): string {
  return [
    "default-src 'none'",
    `script-src ${hashes(html, "script")}`,
    `style-src ${hashes(html, "style")}`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

function hashes(html: string, tag: "script" | "style"): string {
  const contents = [...html.matchAll(new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, "gs"))].map(
    ([, content = ""]) => content,
  );
  return contents.map((content) => `'sha256-${createHash("sha256").update(content).digest("base64")}'`).join(" ");
}
