import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { ClerkView } from "../clerk-view.js";

/** What the backend logs when a print changes. */
export interface LoggedChange {
  readonly print: string;
  readonly state: string;
  /** How many production requests of the print may have left. */
  readonly requests: number;
}

/** The backend in a process of its own. */
export class BackendProcess implements AsyncDisposable {
  readonly url: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string) {
    this.#child = child;
    this.url = url;
  }

  /**
   * Starts the backend, and resolves once it listens.
   *
   * @param onChange called with each print that changes.
   */
  static async start(env: NodeJS.ProcessEnv, onChange: (change: LoggedChange) => void): Promise<BackendProcess> {
    const server = fileURLToPath(new URL("../server.ts", import.meta.url));
    const child = fork(server, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "inherit", "ipc"] });
    const url = await new Promise<string>((resolve, reject) => {
      child.once("close", () => reject(new Error("The backend did not start.")));
      createInterface({ input: child.stdout as NodeJS.ReadableStream }).on("line", (line) => {
        const { msg = "", print, state, requests } = JSON.parse(line);
        const [address] = /^Server listening at (\S+)/.exec(msg)?.slice(1) ?? [];
        if (address !== undefined) resolve(address);
        if (print !== undefined) onChange({ print, state, requests });
      });
    });
    return new BackendProcess(child, url);
  }

  /** Asks for a print, as a clerk's screen does. */
  async print(id: string, cardToken: string, kioskId: string): Promise<ClerkView> {
    const response = await fetch(`${this.url}/prints/${id}`, {
      method: "PUT",
      headers: { "content-type": "application/json", "x-clerk": "clerk-17" },
      body: JSON.stringify({ cardToken, kioskId }),
    });
    const { print, ...view } = (await response.json()) as ClerkView & { print?: ClerkView };
    // The card has an open print: the clerk sees that one.
    return print ?? view;
  }

  async show(id: string): Promise<ClerkView> {
    const response = await fetch(`${this.url}/prints/${id}`, { headers: { "x-clerk": "clerk-17" } });
    return (await response.json()) as ClerkView;
  }

  async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, "close");
    this.#child.kill(signal);
    await closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end("SIGTERM");
  }
}
