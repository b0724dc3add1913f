/**
 * Returns what `build` returns. Bundlers drop a call that is marked as pure if nothing uses its result, but keep the calls in its
 * arguments. So every schema is built inside a function.
 */
export function define<T>(build: () => T): T {
  return build();
}
