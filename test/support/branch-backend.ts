import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { PrintJobResolution } from "wise-card-kiosk/print-jobs";
import type { ClerkView } from "../../examples/branch-backend/clerk-view.js";
import { root } from "./pages.js";

/** The compiled program. It is below `node_modules`, so that it finds the dependencies. */
const COMPILED_BACKEND = `${fileURLToPath(root)}node_modules/.cache/wise-card-kiosk/${process.pid}/branch-backend.mjs`;

let compiledBackend: Promise<unknown> | undefined;

/** Compiles the backend once: compiling at each start would take longer than the start itself. */
async function compileBackend(): Promise<unknown> {
  process.once("exit", () => rmSync(COMPILED_BACKEND, { force: true }));
  return build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: ["examples/branch-backend/server.ts"],
    outfile: COMPILED_BACKEND,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
  });
}

/** The response of a route. */
export interface BackendResponse<T = ClerkView> {
  readonly httpStatus: number;
  readonly body: T;
}

/** One instance of the backend, in a process of its own. */
export class BackendInstance {
  readonly url: string;
  /** What it has logged so far, one JSON object per line. */
  readonly log: string[];
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string, log: string[]) {
    this.#child = child;
    this.url = url;
    this.log = log;
  }

  static async start(env: NodeJS.ProcessEnv): Promise<BackendInstance> {
    compiledBackend ??= compileBackend();
    await compiledBackend;
    const child = spawn(process.execPath, [COMPILED_BACKEND], {
      cwd: fileURLToPath(root),
      env: { PATH: process.env["PATH"], PORT: "0", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 60_000,
      killSignal: "SIGKILL",
    });
    const log: string[] = [];
    child.stderr.on("data", (text) => log.push(String(text)));
    const url = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        log.push(line);
        const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
        if (line.includes("Server listening at") && address !== undefined) resolve(address);
      });
      child.once("close", () => reject(new Error(`The backend did not start:\n${log.join("\n")}`)));
    });
    return new BackendInstance(child, url, log);
  }

  /** Sends a request as a clerk's screen does. */
  async ask<T = ClerkView>(method: string, path: string, body?: object): Promise<BackendResponse<T>> {
    const response = await fetch(this.url + path, {
      method,
      headers: { "x-clerk": "clerk-17", ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { httpStatus: response.status, body: (await response.json()) as T };
  }

  print(id: string, cardToken: string, kioskId = "WIS00001"): Promise<BackendResponse> {
    return this.ask("PUT", `/prints/${id}`, { cardToken, kioskId });
  }

  show(id: string): Promise<BackendResponse> {
    return this.ask("GET", `/prints/${id}`);
  }

  resolve(id: string, outcome: PrintJobResolution, reason: string): Promise<BackendResponse> {
    return this.ask("POST", `/prints/${id}/resolution`, { outcome, reason });
  }

  /** Sends a signal and waits until the process ends. Returns the exit code, or the signal if that ended the process. */
  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return exitCode ?? signalCode;
    const closed = once(this.#child, "close");
    this.#child.kill(signal);
    const [code, endedBy] = await closed;
    return code ?? endedBy;
  }
}
