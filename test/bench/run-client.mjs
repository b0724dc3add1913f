// Runs one client in a process of its own, as the parent asks: `{ calls, inFlight }` makes that many calls, so many at a time.
// Arguments: the name of the client, and its options as JSON.
import { CLIENTS } from "./clients.mjs";

const [, , name, options] = process.argv;
const call = await CLIENTS[name](JSON.parse(options));

/** Makes calls, and returns their processor and wall time in microseconds per call. */
async function run({ calls, inFlight }) {
  let left = calls;
  const runOne = async () => {
    while (left > 0) {
      left -= 1;
      const { status } = await call();
      if (status !== "IN_PROGRESS") throw new Error(`${name} returned the status ${status}`);
    }
  };
  const before = process.cpuUsage();
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: inFlight }, runOne));
  const wallUs = (performance.now() - startedAt) * 1000;
  const { user, system } = process.cpuUsage(before);
  return { cpuUs: (user + system) / calls, wallUs: wallUs / calls };
}

process.on("message", async (task) => process.send(await run(task)));
process.on("disconnect", () => process.exit());
process.send("ready");
