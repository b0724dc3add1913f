import { onTestFinished } from "vitest";

/** Collects the errors that are uncaught until the test has finished. Without it, they fail the test. */
export function collectUncaughtErrors(): readonly unknown[] {
  const errors: unknown[] = [];
  const listeners = process.listeners("uncaughtException");
  process.removeAllListeners("uncaughtException");
  process.on("uncaughtException", (error) => errors.push(error));
  onTestFinished(() => {
    process.removeAllListeners("uncaughtException");
    for (const listener of listeners) process.on("uncaughtException", listener);
  });
  return errors;
}
