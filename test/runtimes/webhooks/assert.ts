/** Assertions that run anywhere. */

export function equal(actual: unknown, expected: unknown): void {
  const [one, other] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (one !== other) throw new Error(`got ${one}, expected ${other}`);
}

/** The `name`, and where there is one the `reason` or `argument`, of what an action rejects with. */
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

/** Runs all cases; throws with the names of those that failed, else gives those of all. */
export async function runAll(cases: Cases): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const [name, run] of Object.entries(cases)) {
    await run().catch((error) => failures.push(`${name}: ${error?.stack ?? error}`));
  }
  if (failures.length > 0) throw new Error(failures.join("\n"));
  return Object.keys(cases);
}
