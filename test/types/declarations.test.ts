import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import manifest from "../../package.json";
import { COMPILERS, consumer } from "../support/consumer.js";
import { SPECIFIERS } from "../support/entry-points.js";

const typeTests = fileURLToPath(new URL("types", import.meta.url));

/** The module resolutions of users, and the module formats that work with each. */
const RESOLUTIONS = [
  { moduleResolution: "bundler", module: "esnext", include: ["esm", "cjs"] },
  { moduleResolution: "node16", module: "node16", lib: ["es2022"], include: ["esm", "cjs"] },
  { moduleResolution: "nodenext", module: "nodenext", lib: ["es2022"], include: ["esm", "cjs"] },
  // The declarations of zod require `esModuleInterop` here.
  { moduleResolution: "node10", module: "commonjs", lib: ["es2022"], include: ["cjs"], esModuleInterop: true },
] as const;

/** MSW's own declarations need the types of a browser, and cannot be imported from CommonJS under `node16`. */
const WITH_MSW = "wise-card-kiosk/testing/msw";

beforeAll(() => {
  const all = SPECIFIERS.filter((name) => name !== WITH_MSW)
    .map((name, index) => `export * as entry${index} from "${name}";\n`)
    .join("");
  for (const format of ["esm", "cjs"]) {
    const folder = join(consumer().folder, format, "types");
    cpSync(typeTests, folder, { recursive: true });
    writeFileSync(join(folder, "all-entry-points.ts"), all);
  }
  const folder = join(consumer().folder, "with-msw");
  mkdirSync(folder);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "entry.ts"), `export * as entry from "${WITH_MSW}";\n`);
});

describe.each(COMPILERS)("%s", (compiler) => {
  // TypeScript 7 no longer has `node10`.
  const resolutions = RESOLUTIONS.filter((each) => compiler !== "typescript-7" || each.moduleResolution !== "node10");

  it.each(resolutions)(
    "compiles every entry point and type test under $moduleResolution",
    ({ include, ...options }) => {
      const project = join(consumer().folder, `tsconfig.${compiler}.${options.moduleResolution}.json`);
      const compilerOptions = {
        ...options,
        target: "es2022",
        types: ["node"],
        strict: true,
        exactOptionalPropertyTypes: true,
        skipLibCheck: false,
        noEmit: true,
      };
      writeFileSync(project, JSON.stringify({ compilerOptions, include }));
      expect(compile(compiler, project)).toEqual({ status: 0, stdout: "" });
    },
  );
});

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

it.each(COMPILERS)("%s reports the missing option and no other", (compiler) => {
  const file = `incomplete.${compiler}.ts`;
  const project = join(consumer().folder, `tsconfig.${file}.json`);
  const head = [
    'import { createRefreshingToken, WiseKioskClient } from "wise-card-kiosk";',
    'import { createClientCredentialsToken, KioskSubscriptions } from "wise-card-kiosk/subscriptions";',
    'import { KioskWebhooks } from "wise-card-kiosk/webhooks";',
    'declare const environment: "production" | "sandbox";',
    'const credentials = { clientSecret: "secret", refreshToken: "refresh", onRefresh: () => {} };',
  ];
  writeFileSync(join(consumer().folder, file), [...head, ...INCOMPLETE.map(([, call]) => call)].join("\n"));
  const compilerOptions = { module: "nodenext", target: "es2022", types: ["node"], strict: true, noEmit: true };
  writeFileSync(project, JSON.stringify({ compilerOptions, files: [file] }));
  const { stdout } = compile(compiler, project);
  const byCall = INCOMPLETE.map((_call, index) => {
    const start = stdout.indexOf(`${file}(${head.length + index + 1},`);
    const end = stdout.indexOf(`${file}(${head.length + index + 2},`);
    const message = stdout.slice(start, end === -1 ? undefined : end);
    return [...message.matchAll(/Property '(\w+)' is missing/g)].map(([, name]) => name);
  });
  expect(byCall, stdout).toEqual(INCOMPLETE.map(([missing]) => [missing]));
});

it.each(RESOLUTIONS)(`${WITH_MSW} compiles under $moduleResolution`, ({ include: _include, ...options }) => {
  const project = join(consumer().folder, `tsconfig.msw.${options.moduleResolution}.json`);
  const compilerOptions = {
    ...options,
    lib: ["es2022", "dom"],
    target: "es2022",
    types: ["node"],
    strict: true,
    noEmit: true,
  };
  writeFileSync(project, JSON.stringify({ compilerOptions, files: ["with-msw/entry.ts"] }));
  expect(compile("typescript-5.9", project)).toEqual({ status: 0, stdout: "" });
});

it.each([
  { name: "wise-card-kiosk/webhooks", lib: ["es2022"] },
  { name: "wise-card-kiosk/schemas", lib: ["es2022", "webworker"] },
])("$name compiles without the types of Node.js, with $lib only", ({ name, lib }) => {
  const file = `portable.${name.replaceAll("/", ".")}.ts`;
  const project = join(consumer().folder, `tsconfig.${file}.json`);
  const compilerOptions = { module: "nodenext", target: "es2022", lib, types: [], strict: true, noEmit: true };
  writeFileSync(join(consumer().folder, file), `export * as entry from "${name}";\n`);
  writeFileSync(project, JSON.stringify({ compilerOptions, files: [file] }));
  expect(compile("typescript-5.9", project)).toEqual({ status: 0, stdout: "" });
});

function compile(compiler: string, project: string): { status: number | null; stdout: string } {
  const tsc = join(consumer().folder, "node_modules", compiler, "bin/tsc");
  const { status, stdout } = spawnSync(process.execPath, [tsc, "--project", project], {
    encoding: "utf8",
    timeout: 110_000,
  });
  return { status, stdout };
}

describe("the declarations", () => {
  const installed = (): string => join(consumer().folder, "node_modules", manifest.name);

  /** Returns the packages that a declaration file imports, directly or through other files of this package. */
  function packagesImportedBy(file: string, seen = new Set<string>()): string[] {
    if (seen.has(file)) return [];
    seen.add(file);
    const text = readFileSync(join(installed(), file), "utf8");
    const names = [...text.matchAll(/(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"]([^'"]+)['"]/g)].map(
      ([, name = ""]) => name,
    );
    return names.flatMap((name) =>
      name.startsWith(".") ? packagesImportedBy(normalize(join(dirname(file), toDeclarationPath(name))), seen) : [name],
    );
  }

  const toDeclarationPath = (path: string): string => path.replace(/\.(c?)js$/, ".d.$1ts");

  const files = Object.values(manifest.exports).flatMap((entry) =>
    typeof entry === "string" ? [] : [entry.import.types, entry.require.types],
  );

  it.each(files)("%s imports no types of undici or jose, and types of zod only in /schemas", (file) => {
    const packages = new Set(packagesImportedBy(file).map((name) => name.split("/", 1)[0]));
    expect(["zod", "undici", "jose"].filter((name) => packages.has(name))).toEqual(
      file.includes("/schemas/") ? ["zod"] : [],
    );
  });

  it("declarations have no optional property that rejects undefined", () => {
    const own = files.map((file) => join(installed(), file));
    const program = ts.createProgram(own, {
      module: ts.ModuleKind.NodeNext,
      target: ts.ScriptTarget.ES2022,
      strict: true,
      exactOptionalPropertyTypes: true,
    });
    const refusing = program
      .getSourceFiles()
      .filter(({ fileName }) => fileName.startsWith(installed()))
      .flatMap((file) => refusingProperties(file, program.getTypeChecker()));
    const unexpected = refusing.filter((name) => !HANDED_OUT.has(name.split(".", 1)[0] ?? ""));
    expect(new Set(unexpected)).toEqual(new Set());
    expect(refusing).toContain("Exchange.httpStatus");
  });
});

/**
 * Types of objects that the package creates for its user. They never contain `undefined`, and the types to which users pass them
 * (those of `fetch`, undici and AWS) may reject it.
 */
const HANDED_OUT: ReadonlySet<string> = new Set([
  "TokenContext",
  "SubscriptionTokenContext",
  "Exchange",
  "FetchInitLike",
  "DispatchOptionsLike",
  "LambdaHttpResult",
]);

/** Returns the optional properties in a file that can be omitted but not be `undefined`, each after its type. */
function refusingProperties(file: ts.SourceFile, checker: ts.TypeChecker): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node, owner: string): void => {
    const name = ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) ? node.name.text : owner;
    if (ts.isTypeReferenceNode(node) && node.typeName.getText() === "Partial") found.push(`${name}.[Partial]`);
    if (ts.isMethodSignature(node) && node.questionToken !== undefined) found.push(`${name}.${node.name.getText()}`);
    const isOptional =
      (ts.isPropertySignature(node) || ts.isPropertyDeclaration(node) || ts.isMappedTypeNode(node)) &&
      node.questionToken !== undefined;
    if (isOptional && node.type !== undefined && !acceptsUndefined(checker.getTypeFromTypeNode(node.type))) {
      found.push(`${name}.${ts.isMappedTypeNode(node) ? "[mapped]" : node.name.getText()}`);
    }
    node.forEachChild((child) => visit(child, name));
  };
  visit(file, "");
  return found;
}

function acceptsUndefined(type: ts.Type): boolean {
  const accepting = ts.TypeFlags.Undefined | ts.TypeFlags.Unknown | ts.TypeFlags.Any;
  return type.isUnion() ? type.types.some(acceptsUndefined) : (type.flags & accepting) !== 0;
}
