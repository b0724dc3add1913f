import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer, Server } from "node:net";
import { format } from "node:util";
import { afterAll, afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import * as everything from "wise-card-kiosk";
import type { KioskSimulator } from "wise-card-kiosk/testing";
import manifest from "../../package.json" with { type: "json" };
import { codeBlocks, isTestFile, promisedOutput } from "./readme-blocks.js";
import { ReadmeModules } from "./readme-modules.js";
import { type ReadmeStage, setReadmeStage } from "./readme-stage.js";

/** The README believes Wise's webhooks. Here they are signed by the simulator. */
vi.mock("../../src/webhooks/webhook-keys.js", async () => {
  const { publicKey } = (await import("wise-card-kiosk/testing")).createKioskSimulator();
  return { WISE_WEBHOOK_KEYS: { production: publicKey, sandbox: publicKey } };
});

const root = new URL("../../", import.meta.url);
const readme = readFileSync(new URL("README.md", root), "utf8");
const blocks = codeBlocks(readme);
const programs = blocks.filter(({ language }) => language === "ts");
const scripts = programs.filter((program) => !isTestFile(program));

/** What has to happen around a script, where it is more than the stage does anyway: found by a piece of its code. */
const CIRCUMSTANCES: Readonly<Record<string, (simulator: KioskSimulator, cardToken: string) => void>> = {
  "kiosk.watchProduction(": (simulator, cardToken) => {
    setTimeout(() => simulator.card(cardToken).produce(), 100);
    setTimeout(() => simulator.card(cardToken).complete(), 200);
  },
  "`No answer. $": (simulator) => {
    const fault = { httpStatus: 504, headers: { "retry-after": "120" } };
    simulator.injectFault({ operation: "produceCard", fault, takesEffect: true });
  },
};

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

const modules = new ReadmeModules(programs, await freePort());
afterAll(() => modules[Symbol.dispose]());

let stage: ReadmeStage;

beforeEach(async () => {
  stage = await setReadmeStage();
  for (const [name, value] of Object.entries(stage.names)) vi.stubGlobal(name, value);
});

afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  await stage[Symbol.asyncDispose]();
});

/** Delivers a card's events to a server that a script left open. */
async function deliverTo(server: Server): Promise<void> {
  const { names, received } = stage;
  const target = names.simulator.deliverTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  names.simulator.card(names.card.cardToken).produce().fail("PRD_HOPPER_JAM");
  // Whoever holds a signed event can send it as a test: it must not be stored.
  names.simulator.deliver(names.simulator.deliveries.at(-1)?.body, { isTest: true });
  await target.settled();
  expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual([200, 200, 200]);
  expect(received.map(({ production }) => production.status)).toEqual(["IN_PROGRESS", "PRODUCTION_ERROR"]);
}

describe("the programs of the README", () => {
  test("compile", { timeout: 60_000 }, () => {
    expect(modules.typeErrors(Object.keys(stage.names))).toEqual([]);
  });

  test.each(scripts)("run, and print what they say: line $line, $heading", { timeout: 30_000 }, async (script) => {
    const printed: string[] = [];
    vi.spyOn(console, "log").mockImplementation((...line) => void printed.push(format(...line)));
    const complaints = vi.spyOn(console, "error");
    const listen = vi.spyOn(Server.prototype, "listen");
    const openServers = () => (listen.mock.contexts as Server[]).filter(({ listening }) => listening);
    onTestFinished(() => {
      for (const server of openServers()) server.close();
    });
    for (const [piece, arrange] of Object.entries(CIRCUMSTANCES)) {
      if (script.code.includes(piece)) arrange(stage.names.simulator, stage.names.card.cardToken);
    }

    const exported = await import(modules.pathOf(script));
    for (const server of openServers()) await deliverTo(server);

    expect(printed.filter((line) => promisedOutput(script).includes(line))).toEqual(promisedOutput(script));
    expect(complaints).not.toHaveBeenCalled();
    expect(Object.keys(exported), "what is exported has to be run by this test").toEqual([]);
  });

  test("are all run", () => {
    expect(programs.length).toBe(readme.match(/^\s*(```|~~~)\s*(ts|typescript|js|mts|tsx)\b/gm)?.length);
    expect(scripts.length).toBeGreaterThan(10);
    expect(programs.filter(isTestFile).length).toBeGreaterThan(0);
    for (const piece of Object.keys(CIRCUMSTANCES)) {
      expect(
        scripts.filter(({ code }) => code.includes(piece)),
        piece,
      ).toHaveLength(1);
    }
  });

  test("come first: working code begins within 20 lines", () => {
    expect(programs[0]?.line).toBeLessThan(20);
  });
});

describe("the rest of the README", () => {
  test("has no blocks of other languages than these", () => {
    expect([...new Set(blocks.map(({ language }) => language))].sort()).toEqual(["sh", "sql", "ts"]);
  });

  test("has no other commands than these, and npm knows them", () => {
    const commands = blocks.filter(({ language }) => language === "sh").flatMap(({ code }) => code.split("\n"));
    expect(commands).toEqual(["npm install wise-card-kiosk", "npm ci && npm run demo", "npm ci && npm test"]);
    const mentioned = [...readme.matchAll(/npm (?:run )?(test|demo|build|check[:\w]*|lint|typecheck)\b/g)];
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(mentioned.map(([, script]) => script)));
  });

  test("leads only to what is there", () => {
    const anchors = [...readme.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) => anchorOf(heading));
    const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => link);
    for (const link of links) {
      if (link.startsWith("#")) expect(anchors).toContain(link.slice(1));
      else if (!link.startsWith("https://")) expect(existsSync(new URL(link, root)), link).toBe(true);
    }
    expect(links.length).toBeGreaterThan(20);
  });

  test("tells of everything that the main entry exports", () => {
    const names = Object.keys(everything).filter((name) => !readme.includes(name));
    expect(names).toEqual([]);
  });
});

/** The anchor of a heading, as the usual forges make it. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, "")
    .replaceAll(" ", "-");
}
