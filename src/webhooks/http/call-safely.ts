/** Calls a listener and awaits it. Its errors are ignored, so that no response depends on a logger. */
export async function callSafely<T extends readonly unknown[]>(
  listener: (...args: T) => unknown,
  ...args: T
): Promise<void> {
  try {
    await listener(...args);
  } catch {
    // See above.
  }
}
