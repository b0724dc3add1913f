import { KioskArgumentError } from "../errors/argument-error.js";
import { printable } from "../text/printable.js";
import { builtInUndici, type Undici } from "./built-in-undici.js";

/** What to report if undici cannot be loaded. */
export interface UndiciNeed {
  /** The name of the option that cannot be used. */
  readonly argument: string;
  /** What is wrong with it: the predicate of a sentence that begins with its name. */
  readonly fault: string;
}

const LOADING_ADVICE =
  "leave undici out of the bundle (`external`) and install it next to the bundle; or, if the bundle is an ES module, begin it with " +
  '`import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`; ' +
  "or, on a runtime without undici, pass `fetch` instead";

/**
 * Loads undici and returns one of its exports, or that of the undici in Node.js if undici cannot be loaded.
 *
 * The first call that needs undici loads it, because that takes longer than loading the rest of this package. Bundlers may break
 * undici: in an ES module made by esbuild it calls a `require` that does not exist. In a bundle made by Rollup it imports modules
 * that only newer versions of Node.js have, and without the plugin for CommonJS most of it is missing.
 *
 * @throws {KioskArgumentError} if the export is not available from Node.js either.
 */
export async function loadUndici<Name extends keyof Undici>(name: Name, need: UndiciNeed): Promise<Undici[Name]> {
  let reason = "";
  try {
    const { [name]: exported } = (await import("undici")) as unknown as Partial<Undici>;
    // After a failed load, bundlers return the part of the module that was evaluated.
    if (exported !== undefined) return exported;
  } catch (error) {
    reason = ` (${printable(String((error as Partial<Error>).message))})`;
  }
  const { [name]: exported } = builtInUndici();
  if (exported !== undefined) return exported;
  throw new KioskArgumentError(
    need.argument,
    `${need.fault}, because undici could not be loaded${reason}: ${LOADING_ADVICE}`,
  );
}
