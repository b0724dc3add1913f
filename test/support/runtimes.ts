import { NODE_VERSIONS, nodeBinary } from "./node-versions.js";
import { runtimeBinary } from "./runtime-binary.js";

/** The path of a runtime, and its options. */
export type RuntimeCommand = readonly [path: string, ...options: string[]];

/** The runtimes of the whole package: each with its name and its command. */
export const RUNTIMES: readonly (readonly [name: string, command: RuntimeCommand])[] = [
  ...NODE_VERSIONS.map((version) => [`Node.js ${version}`, [nodeBinary(version)]] as const),
  ["Bun", [runtimeBinary("bun")]],
  ["Deno", [runtimeBinary("deno"), "run", "--quiet", "--no-lock", "--allow-all"]],
];
