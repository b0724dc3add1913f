// Measures whether the resident set grows with the number of calls and of unwrapped webhooks.
import { start, stop } from "./processes.mjs";

/** @returns for each kind of work the resident set after each tenth of it, in bytes. */
export async function measureMemory({ packageFolder, memoryCalls }) {
  const { child: server, message } = await start("server.mjs");
  const options = JSON.stringify({ baseUrl: `http://127.0.0.1:${message.port}`, packageFolder });
  const results = [];
  for (const kind of ["calls", "unwraps"]) {
    const { child, message: samples } = await start(
      "run-memory.mjs",
      [kind, String(memoryCalls), options],
      ["--expose-gc"],
    );
    results.push({ kind, count: memoryCalls, samples });
    await stop(child);
  }
  await stop(server);
  return results;
}
