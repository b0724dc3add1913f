import { build } from "esbuild";
import { beforeAll, describe, expect, it } from "vitest";
import { consumer } from "../support/consumer.js";
import { NODE_VERSIONS, nodeBinary } from "../support/node-versions.js";
import { runProgram } from "../support/run-runtime-program.js";

const UNDICI = ["undici-6", "undici", "undici-8"];

/** Every version of Node.js with every version of undici that it can load, and the newest one with each of them minified. */
const PAIRS = [
  ...NODE_VERSIONS.flatMap((node) =>
    UNDICI.filter((undici) => !node.startsWith("20") || undici !== "undici-8").map((undici) => [node, undici] as const),
  ),
  ...UNDICI.map((undici) => ["26", `./${undici}.min.cjs`] as const),
];

interface Result {
  readonly outcome: unknown;
  readonly received: readonly { readonly request: string; readonly token: string; readonly body: string }[];
  readonly proxied?: number;
}

const PUT = {
  request: "PUT /v3/spend/profiles/123456/cards/ca0c/production",
  token: "Bearer a-token-of-visible-ascii-0123456789",
  body: '{"kioskId":"WIS00001"}',
};

const notSent = { name: "KioskConnectionError", requestSent: false, mayHaveTakenEffect: false };
const inDoubt = { name: "KioskConnectionError", requestSent: true, mayHaveTakenEffect: true };
/** The call ends by a time limit if the dispatcher keeps trying. */
const neverStarted = { requestSent: false, mayHaveTakenEffect: false };
const misdirected = { name: "KioskApiError", httpStatus: 421 };
const unavailable = { name: "KioskServerError", httpStatus: 503, mayHaveTakenEffect: true };
const redirected = { name: "KioskApiError", httpStatus: 307, mayHaveTakenEffect: true };
const refused = { name: "KioskArgumentError", argument: "dispatcher", mayHaveTakenEffect: false };

/** The expected outcome of each case, and the expected number of requests at the server. */
const EXPECTED: Readonly<Record<string, readonly [unknown, number]>> = {
  agent: ["IN_PROGRESS", 1],
  "agent, 422": ["REQUEST_ERROR", 1],
  "agent, 503": [unavailable, 1],
  "agent, reset": [inDoubt, 1],
  "agent, truncated": [inDoubt, 1],
  "agent, 1xx": ["IN_PROGRESS", 1],
  pool: ["IN_PROGRESS", 1],
  "pool of another origin": [notSent, 0],
  "closed agent": [{ name: "KioskConnectionError" }, 0],
  "refused connection": [notSent, 0],
  "refused connection, retries composed": [notSent, 0],
  "refused connection, dns composed": [neverStarted, 0],
  "refused tunnel, 407": [notSent, 0],
  "refused tunnel, 403": [notSent, 0],
  "refused tunnel, 502": [notSent, 0],
  "refused tunnel, responseError composed": [notSent, 0],
  "refused tunnel, fetch": [notSent, 0],
  "tunnel that hangs up": [neverStarted, 0],
  "tunnel that never opens": [neverStarted, 0],
  "TLS peer that hangs up": [notSent, 0],
  "TLS peer that resets": [notSent, 0],
  "TLS peer that responds in plain HTTP": [notSent, 0],
  "TLS peer that is silent": [neverStarted, 0],
  "TLS peer that hangs up, fetch": [notSent, 0],
  "TLS peer that hangs up, retries composed": [notSent, 0],
  "agent, 421": [misdirected, 1],
  "fetch, 421": [misdirected, 1],
  "wrapped fetch, 421": [misdirected, 1],
  "global fetch, 421": [misdirected, 1],
  "hidden RetryAgent, reset and then refused": [inDoubt, 0],
  mock: ["IN_PROGRESS", 0],
  "mock without a match": [notSent, 0],
  "mock that fails": [notSent, 0],
  proxy: ["IN_PROGRESS", 1],
  "RetryAgent refused": [refused, 0],
  "own RetryAgent refused": [refused, 0],
  "hidden RetryAgent, 503": [inDoubt, 1],
  "hidden RetryAgent, reset": [inDoubt, 1],
  "retries composed, 503": [unavailable, 1],
  "retries composed, reset": [inDoubt, 1],
  "retries composed, truncated": [inDoubt, 1],
  "redirects composed": [redirected, 1],
  "dns composed": ["IN_PROGRESS", 1],
  "cache composed": ["IN_PROGRESS", 1],
  "decompress composed": ["IN_PROGRESS", 1],
  "deduplicate composed": ["IN_PROGRESS", 1],
  "responseError composed, 422": ["REQUEST_ERROR", 1],
  "responseError composed, 503": [unavailable, 1],
  "global agent": ["IN_PROGRESS", 1],
  "global mock": ["IN_PROGRESS", 0],
  "global proxy": ["IN_PROGRESS", 1],
  "global RetryAgent refused": [refused, 0],
  "global retries composed, 503": [unavailable, 1],
  "global retries composed, reset": [inDoubt, 1],
  "global redirects composed": [redirected, 1],
};

/** Bundles each undici as the minified program of a user contains it. */
beforeAll(async () => {
  const esm = `${consumer().folder}/esm`;
  for (const undici of UNDICI) {
    const stdin = { contents: `module.exports = require("${undici}")`, resolveDir: esm };
    const outfile = `${esm}/${undici}.min.cjs`;
    await build({ stdin, outfile, bundle: true, minify: true, format: "cjs", platform: "node" });
  }
});

describe.each(PAIRS)("under Node.js %s, dispatchers of %s", (node, undici) => {
  let results: Readonly<Record<string, Result>>;

  beforeAll(async () => {
    results = (await runProgram("dispatchers.mjs", [nodeBinary(node)], undici)) as typeof results;
  });

  it("runs every case", () => {
    expect(Object.keys(results).sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(Object.entries(EXPECTED))("has the expected outcome and requests: %s", (name, [outcome, count]) => {
    const result = results[name];
    if (typeof outcome === "string") expect(result?.outcome).toBe(outcome);
    else expect(result?.outcome).toMatchObject(outcome as object);
    expect(result?.received).toEqual(Array(count).fill(PUT));
    if (name.includes("proxy")) expect(result?.proxied).toBe(1);
  });
});
