// Writes the API report of every entry point (`npm run api`), or fails if one of them is stale (`npm run check:api`).
// A report is what API Extractor finds in the built declarations.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Extractor, ExtractorConfig } from "@microsoft/api-extractor";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const folder = fileURLToPath(new URL(".", import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

const COMPILER_OPTIONS = {
  target: "es2022",
  // MSW's own declarations need the types of a browser.
  lib: ["es2022", "dom"],
  module: "nodenext",
  types: ["node"],
  strict: true,
  exactOptionalPropertyTypes: true,
  // `npm run test:types` checks the declarations.
  skipLibCheck: true,
};

/** What the declarations say is a matter of other checks: here only their content counts. */
const MESSAGES = {
  compilerMessageReporting: { default: { logLevel: "error" } },
  extractorMessageReporting: { default: { logLevel: "none" } },
  tsdocMessageReporting: { default: { logLevel: "none" } },
};

const reports = createReports();
const inFolder = readdirSync(folder).filter((file) => file.endsWith(".api.md"));
if (process.argv.includes("--write")) {
  for (const file of inFolder) if (!reports.has(file)) rmSync(join(folder, file));
  for (const [file, text] of reports) writeFileSync(join(folder, file), text);
} else {
  const stale = [...new Set([...inFolder, ...reports.keys()])].filter((file) => committed(file) !== reports.get(file));
  if (stale.length > 0) {
    console.error(
      `Stale in test/package/api: ${stale.join(", ")}. Run "npm run api", and describe the change in CHANGELOG.md.`,
    );
    process.exitCode = 1;
  }
}

/** Returns the report in the repository, with the line breaks that git has. */
function committed(file) {
  const path = join(folder, file);
  return existsSync(path) ? readFileSync(path, "utf8").replaceAll("\r\n", "\n") : undefined;
}

/** Returns the report of each entry point by file name: `webhooks-node.api.md` is that of `./webhooks/node`. */
function createReports() {
  const temporary = mkdtempSync(join(tmpdir(), "wise-card-kiosk-api-"));
  try {
    const entries = Object.entries(manifest.exports).filter(([, target]) => typeof target === "object");
    return new Map(
      entries.map(
        ([
          path,
          {
            import: { types },
          },
        ]) => {
          const specifier = join(manifest.name, path).replaceAll("\\", "/");
          const name = path === "." ? manifest.name : path.slice(2).replaceAll("/", "-");
          return [`${name}.api.md`, createReport(specifier, join(root, types), temporary)];
        },
      ),
    );
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}

function createReport(specifier, declarations, temporary) {
  if (!existsSync(declarations)) throw new Error(`There is no ${declarations}: run "npm run build" first.`);
  const reportFileName = "report.api.md";
  const config = ExtractorConfig.prepare({
    packageJsonFullPath: join(root, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: declarations,
      compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, files: [declarations] } },
      apiReport: {
        enabled: true,
        includeForgottenExports: true,
        reportFileName,
        reportFolder: temporary,
        reportTempFolder: join(temporary, basename(declarations, ".d.ts")),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      newlineKind: "lf",
      messages: MESSAGES,
    },
  });
  const problems = [];
  Extractor.invoke(config, {
    localBuild: true,
    messageCallback(message) {
      if (message.logLevel === "error") problems.push(message.text);
      message.handled = true;
    },
  });
  if (problems.length > 0) throw new Error(`No API report of ${specifier}: ${problems.join("; ")}`);
  const report = readFileSync(join(temporary, reportFileName), "utf8");
  rmSync(join(temporary, reportFileName));
  const code = report.slice(report.indexOf("```ts"));
  return `# The public surface of \`${specifier}\`\n\n\`npm run api\` writes this file.\n\n${code}`;
}
