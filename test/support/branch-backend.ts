import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { PrintJobResolution } from "wise-card-kiosk/print-jobs";
import type { ClerkView } from "../../examples/branch-backend/clerk-view.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Below `node_modules`, so that the compiled program finds the dependencies. */
const COMPILED = `${root}node_modules/.cache/wise-card-kiosk/${process.pid}/branch-backend.mjs`;

let compiled: Promise<unknown> | undefined;

/** Compiles the backend once: compiling it at each start takes longer than the start. */
async function compile(): Promise<unknown> {
  process.once("exit", () => rmSync(COMPILED, { force: true }));
  return build({
    absWorkingDir: root,
    entryPoints: ["examples/branch-backend/server.ts"],
    outfile: COMPILED,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
  });
}

/** What a route returned. */
export interface Answer<T = ClerkView> {
  readonly httpStatus: number;
  readonly body: T;
}

/** One instance of the backend: a process of its own. */
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
    compiled ??= compile();
    await compiled;
    const child = spawn(process.execPath, [COMPILED], {
      cwd: root,
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

  /** Sends a request of a clerk's screen. */
  async ask<T = ClerkView>(method: string, path: string, body?: object): Promise<Answer<T>> {
    const response = await fetch(this.url + path, {
      method,
      headers: { "x-clerk": "clerk-17", ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { httpStatus: response.status, body: (await response.json()) as T };
  }

  print(id: string, cardToken: string, kioskId = "WIS00001"): Promise<Answer> {
    return this.ask("PUT", `/prints/${id}`, { cardToken, kioskId });
  }

  show(id: string): Promise<Answer> {
    return this.ask("GET", `/prints/${id}`);
  }

  resolve(id: string, outcome: PrintJobResolution, reason: string): Promise<Answer> {
    return this.ask("POST", `/prints/${id}/resolution`, { outcome, reason });
  }

  /** Sends a signal and waits for the end. Returns the exit code, or the name of the signal if that ended the process. */
  async end(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    const { exitCode, signalCode } = this.#child;
    if (exitCode !== null || signalCode !== null) return exitCode ?? signalCode;
    const closed = once(this.#child, "close");
    this.#child.kill(signal);
    const [code, endedBy] = await closed;
    return code ?? endedBy;
  }
}
