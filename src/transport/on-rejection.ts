/**
 * Runs a function of the user, which may be async although its type says otherwise, and calls `listener` with what it throws or
 * rejects with. Any thenable counts, including a promise of another realm.
 */
export function onRejection(run: () => unknown, listener: (reason: unknown) => void): void {
  try {
    const result = run();
    if (typeof result === "object" || typeof result === "function") void reportRejection(result, listener);
  } catch (error) {
    listener(error);
  }
}

async function reportRejection(result: unknown, listener: (reason: unknown) => void): Promise<void> {
  try {
    await result;
  } catch (error) {
    listener(error);
  }
}
