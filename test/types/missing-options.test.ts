import { beforeAll, expect, it } from "vitest";
import { COMPILERS } from "../support/compilers.js";
import { TypeStage } from "../support/type-project.js";

/** Calls with a missing option: the name of the option, and the call. */
const INCOMPLETE = [
  ["token", 'new WiseKioskClient({ environment: "sandbox" });'],
  ["token", "new WiseKioskClient({ environment, timeoutMs: 1000 });"],
  ["token", 'new WiseKioskClient({ baseUrl: "http://127.0.0.1" });'],
  ["token", 'new WiseKioskClient({ environment: "sandbox", baseUrl: "http://127.0.0.1" });'],
  ["environment", 'new WiseKioskClient({ token: "token" });'],
  ["clientId", "createRefreshingToken({ environment, ...credentials });"],
  ["clientId", 'createRefreshingToken({ baseUrl: "http://127.0.0.1", ...credentials });'],
  ["environment", 'createRefreshingToken({ clientId: "your-bank", ...credentials });'],
  ["clientKey", 'new KioskSubscriptions({ environment, token: "token" });'],
  ["clientSecret", 'createClientCredentialsToken({ environment, clientId: "client-1" });'],
  ["environment", 'new KioskWebhooks({ subscriptionIds: ["72195556"] });'],
] as const;

const HEAD = [
  'import { createRefreshingToken, WiseKioskClient } from "wise-card-kiosk";',
  'import { createClientCredentialsToken, KioskSubscriptions } from "wise-card-kiosk/subscriptions";',
  'import { KioskWebhooks } from "wise-card-kiosk/webhooks";',
  'declare const environment: "production" | "sandbox";',
  'const credentials = { clientSecret: "secret", refreshToken: "refresh", onRefresh: () => {} };',
];

let stage: TypeStage;

beforeAll(() => {
  stage = new TypeStage("missing-options");
  stage.write("esm/incomplete.ts", [...HEAD, ...INCOMPLETE.map(([, call]) => call)].join("\n"));
});

it.each(COMPILERS)("%s reports the missing option and no other", async (compiler) => {
  const compilerOptions = { module: "nodenext", types: ["node"] };
  const { report = "" } = await stage.compile(compiler, { report: { compilerOptions, files: ["esm/incomplete.ts"] } });
  const byCall = INCOMPLETE.map((_call, index) => {
    const start = report.indexOf(`incomplete.ts(${HEAD.length + index + 1},`);
    const end = report.indexOf(`incomplete.ts(${HEAD.length + index + 2},`);
    const message = report.slice(start, end === -1 ? undefined : end);
    return [...message.matchAll(/Property '(\w+)' is missing/g)].map(([, name]) => name);
  });
  expect(byCall, report).toEqual(INCOMPLETE.map(([missing]) => [missing]));
});
