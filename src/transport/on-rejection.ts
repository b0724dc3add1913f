/**
 * Runs a function of the user, which may be async although its type says otherwise, and calls `listener` with what it throws or
 * rejects with. Any thenable counts, including a promise of another realm.
 */
export function onRejection(run: () => unknown, listener: (reason: unknown) => void): void {
  try {
    const result = run();
    if (isObject(result)) void reportRejection(result, listener);
  } catch (error) {
    listener(error);
  }
}

async function reportRejection(result: object, listener: (reason: unknown) => void): Promise<void> {
  try {
    await result;
  } catch (error) {
    listener(error);
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}
