import { existsSync } from "node:fs";
import { type AddressInfo, Server } from "node:net";
import { format } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import type { KioskSimulator } from "wise-card-kiosk/testing";
import { type CodeBlock, isTestFile, promisedOutput } from "../support/code-blocks.js";
import { commentExamples } from "../support/comment-examples.js";
import { findFreePort } from "../support/free-port.js";
import { PageModules } from "../support/page-modules.js";
import { type PageStage, setPageStage } from "../support/page-stage.js";
import { findPrograms, type Program, page, pages, root } from "../support/pages.js";

/** The pages trust Wise's webhook keys. Here the simulator signs. */
vi.mock("../../src/webhooks/signature/webhook-keys.js", async () => {
  const { publicKey } = (await import("wise-card-kiosk/testing")).createKioskSimulator();
  return { WISE_WEBHOOK_KEYS: { production: publicKey, sandbox: publicKey } };
});

/** What must happen beside a script, in addition to the stage: by a piece of the code of the script. */
const CIRCUMSTANCES: Readonly<Record<string, (simulator: KioskSimulator, cardToken: string) => void>> = {
  "kiosk.watchProduction(": (simulator, cardToken) => {
    setTimeout(() => simulator.card(cardToken).produce(), 100);
    setTimeout(() => simulator.card(cardToken).complete(), 200);
  },
  "`No response. $": (simulator) => {
    const fault = { httpStatus: 504, headers: { "retry-after": "120" } };
    simulator.injectFault({ operation: "produceCard", fault, takesEffect: true });
  },
};

let stage: PageStage;

beforeEach(async () => {
  stage = await setPageStage();
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
  // Anyone with a signed event can send it as a test, so a test must not be stored.
  names.simulator.deliver(names.simulator.deliveries.at(-1)?.body, { isTest: true });
  await target.settled();
  expect(target.attempts.map(({ httpStatus }) => httpStatus)).toEqual([200, 200, 200]);
  expect(received.map(({ production }) => production.status)).toEqual(["IN_PROGRESS", "PRODUCTION_ERROR"]);
}

/** Runs a script and returns the lines that it prints. */
async function run(script: CodeBlock, path: string): Promise<string[]> {
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
  const exported = await import(path);
  for (const server of openServers()) await deliverTo(server);
  expect(complaints).not.toHaveBeenCalled();
  expect(Object.keys(exported), "a script must export nothing, because this test runs no exports").toEqual([]);
  return printed;
}

const programs = [...pages.flatMap(findPrograms), ...commentExamples()];
const scripts = programs.filter((program) => !isTestFile(program));
let modules: PageModules;

beforeAll(async () => {
  modules = new PageModules(programs, await findFreePort());
});

afterAll(() => modules[Symbol.dispose]());

it("every program of every page and doc comment compiles", { timeout: 120_000 }, () => {
  expect(modules.typeErrors(Object.keys(stage.names))).toEqual([]);
});

it.each(scripts)(
  "$path: the program at line $line prints what it promises ($heading)",
  { timeout: 30_000 },
  async (script) => {
    const promised = promisedOutput(script);
    const printed = await run(script, modules.filePath(script));
    expect(printed.flatMap((text) => text.split("\n")).filter((line) => promised.includes(line))).toEqual(promised);
  },
);

it("src/webhooks/README.md: the program that applies an event logs one that names no card, and reads nothing", async () => {
  const { simulator, event } = stage.names;
  vi.stubGlobal("event", { ...event, cardToken: null });
  const logged = vi.spyOn(console, "error").mockImplementation(() => {});
  const program = findPrograms(page("src/webhooks/README.md")).find(({ code }) =>
    code.includes("applyProductionEvent("),
  );
  await import(`${modules.filePath(program as Program)}?names-no-card`);
  expect(logged).toHaveBeenCalledOnce();
  expect(simulator.requests).toEqual([]);
});

it("runs every program of every page", () => {
  const fences = pages.flatMap(
    ({ markdown }) => markdown.match(/^\s*(```|~~~)\s*(ts|typescript|js|mts|tsx)\b/gm) ?? [],
  );
  expect(pages.flatMap(findPrograms)).toHaveLength(fences.length);
  expect(findPrograms(page("README.md")).length).toBeGreaterThan(10);
});

it.each(pages)("$path contains no broken links", ({ path, markdown }) => {
  const links = [...markdown.matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => link);
  for (const link of links.filter((link) => !link.startsWith("https://"))) {
    const [target = "", anchor] = link.split("#");
    const url = new URL(target, new URL(path, root));
    expect(existsSync(url), link).toBe(true);
    if (anchor !== undefined) {
      const linked = target === "" ? path : url.pathname.slice(root.pathname.length);
      expect(findAnchors(page(linked).markdown), link).toContain(anchor);
    }
  }
});

/** Returns the anchors of the headings of a page, as the usual forges create them. */
function findAnchors(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, "")
      .replaceAll(" ", "-"),
  );
}
