import { KioskNotFoundError } from "../errors/api-error.js";
import { KioskDecodeError } from "../errors/decode-error.js";
import type { KioskError } from "../errors/kiosk-error.js";
import type { CallHistory } from "../response/attempt-outcome.js";
import { printable } from "../text/printable.js";

/**
 * Creates the error of an `ensure` if whatever it creates or finds does not stay.
 *
 * @param absence the latest response that a subscription does not exist, if there was one.
 */
export function createGiveUpError(absence: KioskNotFoundError | undefined, history: CallHistory): KioskError {
  const message = "ensure: each subscription that it created or found is gone: find out what deletes them";
  if (absence !== undefined) return new KioskNotFoundError(message, { ...absence, body: absence.body, ...history });
  return new KioskDecodeError(message, {
    issues: [{ path: "", message: "the lists contradict each other" }],
    ...history,
  });
}

/**
 * Creates the error of an `ensure` whose subscription Wise shows otherwise than it was requested. Values are left out, because they
 * may be secret.
 *
 * @param mismatches the fields that differ, by their paths in a body.
 */
export function createMismatchError(
  id: string,
  mismatches: readonly string[],
  isDeleted: boolean,
  history: CallHistory,
): KioskDecodeError {
  const fields = mismatches.map((path) => `\`${path}\``).join(" and ");
  const what = `ensure: Wise created the subscription ${printable(id)} with a different ${fields} than requested`;
  const advice = isDeleted
    ? "and it was deleted: pass `ensure` what `create` returns"
    : "and it still exists: delete it, or pass `ensure` what `get` returns";
  const issues = mismatches.map((path) => ({ path, message: "differs from the request" }));
  return new KioskDecodeError(`${what}, ${advice}`, { issues, ...history, operation: undefined });
}
