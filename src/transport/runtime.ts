/** Whether this is Bun, which replaces undici by a stub without `dispatch`. */
export function isBun(): boolean {
  return process.versions["bun"] !== undefined;
}
