import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** From here to below the ports that systems assign to connections, and to servers that ask for any free port. */
const RANGE = [20_000, 32_000] as const;

const MAX_ATTEMPTS = 20;

/** Returns a port of this machine that is free now, and that the system does not assign to others. */
export async function findFreePort(): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    // Tests mock `Math.random`.
    const port = randomInt(...RANGE);
    const server = createServer().listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch (error) {
      if (attempt === MAX_ATTEMPTS) throw error;
      continue;
    }
    server.close();
    await once(server, "close");
    return port;
  }
}
