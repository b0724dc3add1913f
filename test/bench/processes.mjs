// Child processes that run until they are stopped, and reply to one message at a time.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** Starts a program of this folder. Resolves with the process and its first message. */
export async function start(program, args = [], execArgv = []) {
  const child = fork(fileURLToPath(new URL(program, import.meta.url)), args, { execArgv });
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
