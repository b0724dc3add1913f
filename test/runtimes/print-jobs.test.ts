import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type PostgresServer, startPostgres } from "../support/postgres.js";
import { runProgram } from "../support/run-runtime-program.js";
import { RUNTIMES } from "../support/runtimes.js";

const EXPECTED = {
  printed: ["accepted", "IN_PROGRESS"],
  conflict: ["ERR_PRINT_JOB_CONFLICT", "request-1"],
  failed: ["failed", "PRD_HOPPER_JAM"],
  swept: 0,
  jobs: ["request-3 produced", "request-1 failed"],
};

let postgres: PostgresServer;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(() => postgres.close());

describe.each(RUNTIMES)("under %s", (_name, command) => {
  it("print jobs work with a store in memory", async () => {
    expect(await runProgram("print-jobs.mjs", command)).toEqual(EXPECTED);
  });

  it("print jobs work with PostgreSQL through pg", async () => {
    const { url } = await postgres.createDatabase();
    expect(await runProgram("print-jobs.mjs", command, url)).toEqual(EXPECTED);
  });
});
