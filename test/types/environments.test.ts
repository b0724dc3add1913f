import { beforeAll, expect, it } from "vitest";
import { COMPILERS } from "../support/compilers.js";
import { createSurfaceStage, surfaceFile } from "../support/surface-stage.js";
import type { TypeProject, TypeStage } from "../support/type-project.js";

/** The types that are loaded besides those of the language. */
const ENVIRONMENTS: Readonly<Record<string, { readonly lib: readonly string[]; readonly types: readonly string[] }>> = {
  "the DOM": { lib: ["es2022", "dom"], types: [] },
  "web workers": { lib: ["es2022", "webworker"], types: [] },
  "Node.js": { lib: ["es2022"], types: ["node"] },
  "Node.js and the DOM": { lib: ["es2022", "dom"], types: ["node"] },
};

const OPTIONS = { module: "nodenext", declaration: true };

const PORTABLE = ["wise-card-kiosk/webhooks", "wise-card-kiosk/webhooks/node", "wise-card-kiosk/schemas"];

/** A worker, as Cloudflare and Deno start it. Its types are those of the DOM, of web workers or of Node.js. */
const WORKER = `import { KioskWebhooks } from "wise-card-kiosk/webhooks";

const webhooks = new KioskWebhooks({ environment: "sandbox", subscriptionIds: ["72195556"] });
const handler = webhooks.handler({ onProduction: (event, { headers }) => [event.cardToken, headers.get("x")] });
export const worker: { fetch(request: Request, env: object): Promise<Response> } = { fetch: handler };
export const event = (request: Request) => request.text().then((body) => webhooks.unwrap(body, request.headers));
`;

let stage: TypeStage;

beforeAll(() => {
  stage = createSurfaceStage("environments", PORTABLE, ["inferred"]);
  stage.write("esm/worker.ts", WORKER);
});

it.each(COMPILERS)("%s compiles /webhooks and /schemas without the types of Node.js and the DOM", async (compiler) => {
  const projects = PORTABLE.map((specifier): [string, TypeProject] => {
    // The declarations of zod name the type `URL`, which only checks of libraries find.
    const skipLibCheck = specifier.endsWith("/schemas");
    const compilerOptions = { ...OPTIONS, lib: ["es2022"], types: [], skipLibCheck };
    return [specifier, { compilerOptions, files: [`esm/${surfaceFile("inferred", specifier)}`] }];
  });
  expect(await stage.compile(compiler, Object.fromEntries(projects))).toEqual(
    Object.fromEntries(PORTABLE.map((specifier) => [specifier, ""])),
  );
});

it.each(COMPILERS)(
  "%s compiles /webhooks, /schemas and a worker with the types of each environment",
  async (compiler) => {
    const files = ["esm/worker.ts", ...PORTABLE.map((specifier) => `esm/${surfaceFile("inferred", specifier)}`)];
    const projects = Object.entries(ENVIRONMENTS).map(([name, environment]): [string, TypeProject] => [
      name,
      { compilerOptions: { ...OPTIONS, ...environment }, files },
    ]);
    expect(await stage.compile(compiler, Object.fromEntries(projects))).toEqual(
      Object.fromEntries(Object.keys(ENVIRONMENTS).map((name) => [name, ""])),
    );
  },
);
