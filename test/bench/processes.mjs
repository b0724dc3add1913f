// Child processes that run until they are stopped, and reply to one message at a time.
import { fork, spawnSync } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/**
 * Whether each process can be kept on one core, by `taskset` of Linux. If not, a client that shares a core with the server costs up to
 * 30 % less.
 */
const canPin = ["0", "1"].every((core) => spawnSync("taskset", ["-c", core, "true"]).status === 0);

/**
 * Starts a program of this folder: the server on the first core, everything else on the second, if possible. Resolves with the
 * process and its first message.
 */
export async function start(program, args = [], execArgv = []) {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const core = program === "server.mjs" ? "0" : "1";
  const pinned = { execPath: "taskset", execArgv: ["-c", core, process.execPath, ...execArgv] };
  const child = fork(path, args, canPin ? pinned : { execArgv });
  const [message] = await nextMessage(child, program);
  return { child, message };
}

/** Sends a message to a process, and returns its reply. */
export async function ask(child, message) {
  const reply = nextMessage(child, child.spawnargs.join(" "));
  child.send(message);
  return (await reply)[0];
}

/** Stops a process. */
export async function stop(child) {
  const exited = once(child, "exit");
  child.disconnect();
  await exited;
}

function nextMessage(child, name) {
  const stopWaiting = new AbortController();
  const { signal } = stopWaiting;
  const exit = once(child, "exit", { signal }).then(([code]) => {
    throw new Error(`${name} ended with code ${code}`);
  });
  exit.catch(() => {});
  return Promise.race([once(child, "message", { signal }), exit]).finally(() => stopWaiting.abort());
}
