import { EventEmitter, once } from "node:events";
import { runSandbox } from "../../src/sandbox/run-sandbox.js";
import type { SandboxOptions } from "../../src/sandbox/sandbox-options.js";

/** A sandbox that runs in this process, on a free port of loopback. */
export interface RunningSandbox extends AsyncDisposable {
  /** The URL without a slash at its end. */
  readonly url: string;
  readonly token: string;
  /** What it has written to standard output so far. */
  readonly output: readonly string[];
  /** What it has written to standard error so far. */
  readonly errors: readonly string[];
  /** Sends a request to the control API, with a JSON body if there is one. */
  control(method: string, path: string, body?: unknown): Promise<ControlResult>;
  /** Asks Wise's API to print a card. */
  print(card: { readonly profileId: string; readonly cardToken: string }, kioskId?: string): Promise<Response>;
  /** Stops the sandbox and returns its exit code. */
  stop(): Promise<number>;
}

/** A response of the control API. */
export interface ControlResult {
  readonly status: number;
  readonly type: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: each operation has its own body, and each test knows which
  readonly body: any;
}

/** Starts a sandbox. Rejects if it does not start. */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const output: string[] = [];
  const errors: string[] = [];
  const stopping = new AbortController();
  const writing = new EventEmitter();
  const started = once(writing, "line");
  const stdout = {
    write(text: string) {
      output.push(text);
      writing.emit("line");
    },
  };
  const stderr = { write: (text: string) => void errors.push(text) };
  const ended = runSandbox({ port: 0, ...options }, { stdout, stderr, signal: stopping.signal });
  await Promise.race([started, ended]);
  const { url, token } = parseStart(output[0] ?? "");
  const stop = () => {
    stopping.abort();
    return ended;
  };
  return {
    url,
    token,
    output,
    errors,
    stop,
    async control(method, path, body) {
      const headers = { authorization: `Bearer ${token}` };
      const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
      const response = await fetch(`${url}/_sandbox${path}`, init);
      return { status: response.status, type: response.headers.get("content-type"), body: await response.json() };
    },
    print: ({ profileId, cardToken }, kioskId = "WIS00001") =>
      fetch(`${url}/v3/spend/profiles/${profileId}/cards/${cardToken}/production`, {
        method: "PUT",
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ kioskId }),
      }),
    async [Symbol.asyncDispose]() {
      await stop();
    },
  };
}

/** Returns what the first line of either format says. */
function parseStart(text: string): { url: string; token: string } {
  if (text.startsWith("{")) return JSON.parse(text);
  const [, url = "", token = ""] = /^Sandbox: url (\S+) token (\S+) /.exec(text) ?? [];
  return { url, token };
}
