import { copyFileSync, renameSync } from "node:fs";

/** Copies a file in one step: a program that reads it meanwhile finds the old file or the new one, and never none. */
export function copyFile(from: URL, to: string): void {
  const copy = `${to}.${crypto.randomUUID()}`;
  copyFileSync(from, copy);
  renameSync(copy, to);
}
