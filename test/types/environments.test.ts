import { beforeAll, expect, it } from "vitest";
import { COMPILERS_WITH_SETTINGS } from "../support/module-settings.js";
import { createSurfaceStage, surfaceFile } from "../support/surface-stage.js";
import type { TypeProject, TypeStage } from "../support/type-project.js";

/** The types that a compiler loads. */
interface Environment {
  readonly lib: readonly string[];
  readonly types: readonly string[];
}

/** The types that are loaded besides those of the language, under every module setting. */
const ENVIRONMENTS: Readonly<Record<string, Environment>> = {
  "the DOM": { lib: ["es2022", "dom"], types: [] },
  "Node.js": { lib: ["es2022"], types: ["node"] },
};

/** The same, under `nodenext` only. */
const MORE_ENVIRONMENTS: Readonly<Record<string, Environment>> = {
  "web workers": { lib: ["es2022", "webworker"], types: [] },
  "Node.js and the DOM": { lib: ["es2022", "dom"], types: ["node"] },
};

const WEBHOOKS = ["wise-card-kiosk/webhooks", "wise-card-kiosk/webhooks/node"];
const SCHEMAS = "wise-card-kiosk/schemas";

const ZOD_LACKS_URL = /^\S*\bnode_modules\/zod\/\S+: error TS2304: Cannot find name 'URL'\.$/;

const WORKER_FILE = "worker.ts";

/** A worker, as Cloudflare and Deno start it. Its types are those of the DOM, of web workers or of Node.js. */
const WORKER = `import { KioskWebhooks } from "wise-card-kiosk/webhooks";

const webhooks = new KioskWebhooks({ environment: "sandbox", subscriptionIds: ["72195556"] });
const handler = webhooks.handler({ onProduction: (event, { headers }) => [event.cardToken, headers.get("x")] });
export const worker: { fetch(request: Request, env: object): Promise<Response> } = { fetch: handler };
export const event = (request: Request) => request.text().then((body) => webhooks.unwrap(body, request.headers));
`;

let stage: TypeStage;

beforeAll(() => {
  stage = createSurfaceStage("environments", [...WEBHOOKS, SCHEMAS], ["inferred"]);
  for (const format of ["esm", "cjs"]) stage.write(`${format}/${WORKER_FILE}`, WORKER);
});

it.each(COMPILERS_WITH_SETTINGS)(
  "%s compiles /webhooks, /schemas and a worker with the types of each environment, and without any: %s",
  async (...row) => {
    const [compiler, name, { compilerOptions, formats }] = row;
    const environments = Object.entries({ ...ENVIRONMENTS, ...(name === "nodenext" ? MORE_ENVIRONMENTS : {}) });
    const webhooks = WEBHOOKS.map((specifier) => surfaceFile("inferred", specifier));
    const schemas = [surfaceFile("inferred", SCHEMAS)];
    const project = (files: readonly string[], environment: Environment = { lib: ["es2022"], types: [] }) => ({
      compilerOptions: { ...compilerOptions, ...environment, declaration: true },
      files: files.flatMap((file) => formats.map((format) => `${format}/${file}`)),
    });
    const withTypes = environments.map(([title, environment]): [string, TypeProject] => [
      title,
      project([WORKER_FILE, ...webhooks, ...schemas], environment),
    ]);
    const { schemasAlone = "", ...reports } = await stage.compile(compiler, {
      webhooksAlone: project(webhooks),
      schemasAlone: project(schemas),
      ...Object.fromEntries(withTypes),
    });
    expect(reports).toEqual({
      webhooksAlone: "",
      ...Object.fromEntries(environments.map(([title]) => [title, ""])),
    });
    // Only the declarations of zod lack a type.
    for (const line of schemasAlone.trim().split("\n")) expect(line).toMatch(ZOD_LACKS_URL);
  },
);
