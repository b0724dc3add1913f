import sparticuz from "@sparticuz/chromium";
import { type Browser, chromium } from "playwright-core";

/** Starts a browser without a window: the one at `CHROME_PATH`, or else one that comes with an npm package for Linux. */
export async function startChromium(): Promise<Browser> {
  const executablePath = process.env["CHROME_PATH"] ?? (await sparticuz.executablePath());
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
}
