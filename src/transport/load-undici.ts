import { KioskArgumentError } from "../errors/argument-error.js";
import { printable } from "../text/printable.js";
import { builtInUndici, type Undici } from "./built-in-undici.js";

/** The option that cannot be used if undici cannot be loaded, and what to say of it. */
export interface UndiciNeed {
  readonly argument: string;
  readonly fault: string;
}

const LOADING_ADVICE =
  "leave undici out of the bundle (`external`) and install it beside, or let the bundle begin with " +
  '`import { createRequire } from "node:module"; const require = createRequire(import.meta.url);` if it is an ES module';

/**
 * Loads undici and returns one of its exports; if it cannot be loaded, that of the undici in Node.js.
 *
 * The first call that needs undici loads it, because that takes longer than loading the rest of this package. Bundlers may break it:
 * in an ES module made by esbuild it calls a `require` that does not exist, and in any bundle made by Rollup it imports modules that
 * only newer versions of Node.js have.
 *
 * @throws {KioskArgumentError} if Node.js has none either.
 */
export async function loadUndici<Name extends keyof Undici>(name: Name, need: UndiciNeed): Promise<Undici[Name]> {
  let reason = "";
  try {
    const { [name]: exported } = (await import("undici")) as unknown as Partial<Undici>;
    // After a failure, bundlers return the module as far as it got.
    if (exported !== undefined) return exported;
  } catch (error) {
    reason = ` (${printable(String((error as Partial<Error> | undefined)?.message))})`;
  }
  const { [name]: exported } = builtInUndici();
  if (exported !== undefined) return exported;
  throw new KioskArgumentError(
    need.argument,
    `${need.fault}, because undici could not be loaded${reason}: ${LOADING_ADVICE}`,
  );
}
