import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { consumer } from "./consumer.js";
import { installTools } from "./install-tools.js";

const FOLDER = fileURLToPath(new URL("../package/next-app", import.meta.url));

const NEXT = join(FOLDER, "node_modules/next/dist/bin/next");

/** A Next.js application that runs. */
export interface NextServer extends AsyncDisposable {
  readonly url: string;
}

/** Installs Next.js, and the package from its tarball beside it. For `beforeAll`. */
export function installNextApp(): void {
  installTools(FOLDER);
  const installed = join(FOLDER, "node_modules/wise-card-kiosk");
  rmSync(installed, { recursive: true, force: true });
  mkdirSync(installed);
  execFileSync("tar", ["-xzf", consumer().tarball, "-C", installed, "--strip-components=1"]);
}

/**
 * Builds the application in `test/package/next-app` and starts it.
 *
 * @param name names the folder of the build.
 * @param options of `next build`.
 * @param env environment variables of the build and of the server.
 */
export async function startNextApp(name: string, options: readonly string[], env: object): Promise<NextServer> {
  const distDir = `.next-${name}`;
  const folder = join(FOLDER, distDir);
  rmSync(folder, { recursive: true, force: true });
  const settings = { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", DIST_DIR: distDir, ...env };
  const spawned = { cwd: FOLDER, env: settings as NodeJS.ProcessEnv };
  await promisify(execFile)(process.execPath, [NEXT, "build", ...options], { ...spawned, timeout: 170_000 });
  const server = spawn(process.execPath, [NEXT, "start", "--hostname", "127.0.0.1", "--port", "0"], spawned);
  let url: string | undefined;
  for await (const line of createInterface({ input: server.stdout })) {
    url = /Local:\s+(\S+)/.exec(line)?.[1];
    if (url !== undefined) break;
  }
  if (url === undefined) throw new Error("Next.js ended before it listened");
  return {
    url,
    async [Symbol.asyncDispose]() {
      server.kill();
      await once(server, "close");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
