import { readFileSync } from "node:fs";
import { isKioskError } from "wise-card-kiosk";
import type { RunSecrets } from "./run-secrets.js";

/** The codes that the page about errors documents. */
const DOCUMENTED_CODES: ReadonlySet<string> = new Set(
  readFileSync(new URL("../../examples/errors.md", import.meta.url), "utf8").match(/\bERR_[A-Z_]+\b/g),
);

/** A promise of the package that an input broke. */
export class BrokenProperty extends Error {}

/** What an input led to: a value, or what was thrown. */
export type FuzzOutcome = { readonly value: unknown } | { readonly thrown: unknown };

/** Returns what a function leads to. */
export async function outcomeOf(run: () => unknown): Promise<FuzzOutcome> {
  try {
    return { value: await run() };
  } catch (thrown) {
    return { thrown };
  }
}

/**
 * Checks that an outcome is a value, or an error of this package with a documented code, and that it shows no secret.
 *
 * @throws {BrokenProperty} if it is not.
 */
export function checkOutcome(outcome: FuzzOutcome, secrets: RunSecrets): void {
  if ("thrown" in outcome) checkError(outcome.thrown);
  refuseSecrets("thrown" in outcome ? outcome.thrown : outcome.value, secrets);
}

/**
 * Checks that something thrown is an error of this package with a documented code.
 *
 * @throws {BrokenProperty} if it is not.
 */
export function checkError(thrown: unknown): void {
  if (!isKioskError(thrown)) throw new BrokenProperty("an error that is not of this package", { cause: thrown });
  if (!DOCUMENTED_CODES.has(thrown.code)) throw new BrokenProperty(`the undocumented code ${thrown.code}`);
  if (typeof thrown.mayHaveTakenEffect !== "boolean") throw new BrokenProperty("an error without mayHaveTakenEffect");
}

/**
 * Checks that a value shows no secret.
 *
 * @throws {BrokenProperty} if it shows one.
 */
export function refuseSecrets(value: unknown, secrets: RunSecrets): void {
  const secret = secrets.findIn(value);
  if (secret !== undefined) throw new BrokenProperty(`a secret is shown, as ${secret.slice(0, 12)}…`, { cause: value });
}

/**
 * Checks a condition.
 *
 * @throws {BrokenProperty} if it is not met.
 */
export function mustHold(isKept: boolean, what: string, cause?: unknown): void {
  if (!isKept) throw new BrokenProperty(what, { cause });
}
