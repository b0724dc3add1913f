import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { startChromium } from "../support/chromium.js";
import { consumer } from "../support/consumer.js";

/** Starts the installed program as a script does, and returns what its first line says. */
async function startInstalled() {
  const { folder } = consumer();
  const program = spawn(`${folder}/node_modules/.bin/wise-card-kiosk`, ["sandbox", "--port", "0", "--json"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface(program.stdout), "line");
  return { program, start: JSON.parse(line) as { url: string; token: string } };
}

it.each(["SIGINT", "SIGTERM"] as const)(
  "the installed sandbox shows its page in a browser, and %s ends it with 0",
  async (signal) => {
    const { program, start } = await startInstalled();
    const browser = await startChromium();
    const page = await browser.newPage();
    await page.goto(start.url);
    await page.getByRole("button", { name: "Print", exact: true }).first().click();
    await page.getByRole("button", { name: "Collect" }).click();
    await expect.poll(() => page.getByRole("list", { name: "Produced" }).textContent()).toContain("1 print");
    await browser.close();
    program.kill(signal);
    expect(await once(program, "exit")).toEqual([0, null]);
  },
);
