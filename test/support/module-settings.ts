import { COMPILERS, type Compiler } from "./compilers.js";

/** Module settings that users have, and the compilers that know them. */
export interface ModuleSetting {
  /** What the tests call it. */
  readonly name: string;
  readonly compilerOptions: Readonly<Record<string, unknown>>;
  /** The formats of the packages that can use it: ESM, CommonJS or both. */
  readonly formats: readonly ("esm" | "cjs")[];
  readonly compilers: readonly Compiler[];
}

const BOTH = ["esm", "cjs"] as const;
const IN_COMMONJS = {
  formats: ["cjs"],
  // The declarations of zod need `esModuleInterop` here. It is always on in TypeScript 7.
  compilerOptions: { module: "commonjs", esModuleInterop: true, lib: ["es2022"] },
} as const;

/** `lib` is left out once, which loads the types of the DOM beside those of Node.js. */
const MODULE_SETTINGS: readonly ModuleSetting[] = [
  {
    name: "bundler",
    compilerOptions: { module: "esnext", moduleResolution: "bundler" },
    formats: BOTH,
    compilers: COMPILERS,
  },
  { name: "node16", compilerOptions: { module: "node16", lib: ["es2022"] }, formats: BOTH, compilers: COMPILERS },
  { name: "nodenext", compilerOptions: { module: "nodenext", lib: ["es2022"] }, formats: BOTH, compilers: COMPILERS },
  {
    name: "commonjs with node10",
    formats: IN_COMMONJS.formats,
    compilerOptions: { ...IN_COMMONJS.compilerOptions, moduleResolution: "node10" },
    compilers: ["typescript-5.4", "typescript-5.9"],
  },
  {
    name: "commonjs with node10, silenced",
    formats: IN_COMMONJS.formats,
    compilerOptions: { ...IN_COMMONJS.compilerOptions, moduleResolution: "node10", ignoreDeprecations: "6.0" },
    compilers: ["typescript-6.0"],
  },
  {
    name: "commonjs with bundler",
    formats: IN_COMMONJS.formats,
    compilerOptions: { ...IN_COMMONJS.compilerOptions, moduleResolution: "bundler" },
    compilers: ["typescript-6.0", "typescript-7.0"],
  },
];

/** Each compiler with each of its module settings. */
export const COMPILERS_WITH_SETTINGS: readonly (readonly [Compiler, string, ModuleSetting])[] = MODULE_SETTINGS.flatMap(
  (setting) => setting.compilers.map((compiler) => [compiler, setting.name, setting] as const),
);

/** Options that every project of these tests has. */
export const STRICT_OPTIONS = {
  target: "es2022",
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: false,
  noEmit: true,
} as const;
