// Assertions that run anywhere.

export function equal(actual: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (one !== other) throw new Error(`got ${one}, expected ${other}`);
}

/** Returns the `name` of the error of an action, with its `reason` or `argument` if it has one, or "none". */
export async function rejection(action: () => unknown): Promise<string> {
  try {
    await action();
  } catch (error) {
    const { name, reason, argument } = error as { name: string; reason?: string; argument?: string };
    return [name, reason ?? argument].join(" ").trim();
  }
  return "none";
}

export type Cases = Readonly<Record<string, () => Promise<void>>>;

/**
 * Runs all cases and returns their names.
 *
 * @throws {Error} with the names of the cases that failed.
 */
export async function runAll(cases: Cases): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const [name, run] of Object.entries(cases)) {
    await run().catch((error) => failures.push(`${name}: ${error?.stack ?? error}`));
  }
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return Object.keys(cases);
}
