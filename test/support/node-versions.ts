import { runtimeBinary } from "./runtime-binary.js";

/** The versions of Node.js that the package is tested on: the oldest that `engines` allows, and the newest of each line. */
export const NODE_VERSIONS = ["20.18", "20", "22", "24", "26"] as const;

/** Returns the path of the binary of a version of Node.js. */
export function nodeBinary(version: (typeof NODE_VERSIONS)[number]): string {
  return runtimeBinary(`node-${version}`);
}
