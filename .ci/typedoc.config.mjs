import { readFileSync } from "node:fs";

const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

/** @type {Partial<import("typedoc").TypeDocOptions>} */
export default {
  // The entry points, from the `exports` of package.json.
  entryPoints: Object.values(exports)
    .filter((target) => typeof target === "object")
    .map((target) => target.import.default.replace(/^\.\/dist\/(.+)\.js$/, "../src/$1.ts")),
  out: "../.docs",
  readme: "none",
  includeVersion: true,
  // Pages must not depend on the clone from which they are made.
  disableSources: true,
  excludeInternal: true,
  excludePrivate: true,
  treatWarningsAsErrors: true,
  validation: { notExported: true, invalidLink: true, invalidPath: true, rewrittenLink: true, notDocumented: true },
  // test/documentation/member-hovers.test.ts requires that properties are documented, except those that zod infers.
  requiredToBeDocumented: [
    "Module",
    "Variable",
    "Function",
    "Class",
    "Interface",
    "TypeAlias",
    "Method",
    "Accessor",
    "Constructor",
  ],
  // Other types name what these contain.
  intentionallyNotExported: ["OPERATIONS", "SUBSCRIPTION_OPERATIONS", "SIMULATED_OPERATIONS", "Changes"],
};
