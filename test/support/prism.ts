import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { findFreePort } from "./free-port.js";

/** A server that Prism runs from a description of an API. It refuses requests that the description does not allow. */
export interface PrismServer extends AsyncDisposable {
  readonly url: string;
}

/**
 * Starts Prism on loopback.
 *
 * @param upstream the URL of a server to which requests are passed on. Requests and responses that do not match the description
 * then become errors. Default: none, Prism responds with the examples of the description.
 */
export async function startPrism(description: URL, upstream?: string): Promise<PrismServer> {
  const port = await findFreePort();
  const program = createRequire(import.meta.url).resolve("@stoplight/prism-cli/dist/index.js");
  const mode = upstream === undefined ? ["mock", "--errors"] : ["proxy", "--errors"];
  const target = [fileURLToPath(description), ...(upstream === undefined ? [] : [upstream])];
  const child = spawn(process.execPath, [program, ...mode, "--host", "127.0.0.1", "--port", String(port), ...target], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  await new Promise<void>((resolve, reject) => {
    child.once("close", () => reject(new Error("Prism did not start")));
    createInterface({ input: child.stdout }).on("line", (line) => {
      if (line.includes("Prism is listening")) resolve();
    });
    child.stderr.resume();
  });
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(child, "close");
      child.kill();
      await closed;
    },
  };
}
