import { builtinModules } from "node:module";

/** The folders of `src`, lowest first, and what each may import beside itself. An entry point may import any. */
const MAY_IMPORT = {
  text: [],
  time: [],
  production: ["text"],
  schemas: ["production"],
  errors: ["production"],
  arguments: ["text", "errors"],
  decoding: ["text", "production", "schemas", "errors"],
  transport: ["text", "errors"],
  tokens: ["time", "errors", "arguments"],
  answer: ["text", "time", "production", "errors", "decoding", "transport"],
  delivery: ["text", "time", "production", "errors", "decoding", "transport", "tokens", "answer"],
  options: ["text", "time", "errors", "arguments", "transport", "tokens"],
  oauth: ["time", "schemas", "errors", "arguments", "transport", "tokens", "answer", "delivery", "options"],
  following: ["time", "production", "errors", "arguments", "decoding", "transport", "answer", "options", "webhooks"],
  client: [
    "time",
    "production",
    "errors",
    "arguments",
    "decoding",
    "transport",
    "tokens",
    "answer",
    "delivery",
    "options",
    "following",
  ],
  webhooks: ["text", "production", "schemas", "errors", "arguments", "decoding"],
  testing: ["text", "time", "production", "schemas", "errors", "arguments", "decoding", "transport", "webhooks"],
};

const direction = Object.entries(MAY_IMPORT).map(([folder, others]) => ({
  name: `direction-of-${folder}`,
  comment: `src/${folder} may import ${["itself", ...others].join(", ")}.`,
  severity: "error",
  from: { path: `^src/${folder}/` },
  to: { path: "^src/", pathNot: `^src/(${[folder, ...others].join("|")})/` },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
export default {
  forbidden: [
    ...direction,
    {
      name: "known-folders",
      comment: "A new folder gets its place in MAY_IMPORT first.",
      severity: "error",
      from: { path: "^src/[^/]+/", pathNot: `^src/(${Object.keys(MAY_IMPORT).join("|")})/` },
      to: {},
    },
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "errors-know-types-only",
      comment: "Errors carry productions, and know nothing of how they are made.",
      severity: "error",
      from: { path: "^src/errors/" },
      to: { path: "^src/production/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "entries-are-for-users",
      comment: "An entry point lists what users get; inside, import the file itself.",
      severity: "error",
      from: { path: "^src/" },
      to: { path: "^src/(index|[^/]+/index)\\.ts$" },
    },
    {
      name: "webhooks-run-anywhere",
      comment: "A worker has neither undici nor the modules of Node.js.",
      severity: "error",
      from: { path: "^src/webhooks/index\\.ts$" },
      to: { path: [`^(node:)?(${builtinModules.join("|")})$`, "/undici/"], reachable: true },
    },
    {
      name: "declared-dependencies",
      severity: "error",
      from: { path: "^src/" },
      to: {
        dependencyTypesNot: ["npm-peer"],
        dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown", "unknown", "undetermined"],
      },
    },
    {
      name: "names-that-say-something",
      severity: "error",
      from: {},
      to: { path: "/(utils?|helpers?|common|misc|shared|types)(\\.ts|/)", pathNot: "node_modules" },
    },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
  },
};
