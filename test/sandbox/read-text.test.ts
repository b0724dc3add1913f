import type { IncomingMessage } from "node:http";
import { expect, it } from "vitest";
import { readText } from "../../src/sandbox/http/read-text.js";

it("the sandbox keeps few of many small chunks of a body, and copies the others", async () => {
  const source = Buffer.alloc(1_000_000, "a");
  async function* chunks() {
    for (let at = 0; at < source.length; at += 1) yield source.subarray(at, at + 1);
    source.fill("b");
  }
  const body = await readText(chunks() as unknown as IncomingMessage);
  expect(body.length).toBe(source.length);
  expect(body.indexOf("b")).toBeGreaterThan(984_000);
});
