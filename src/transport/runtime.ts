/** Returns whether this is Bun, which replaces undici with a stub without `dispatch`. */
export function isBun(): boolean {
  return process.versions["bun"] !== undefined;
}
