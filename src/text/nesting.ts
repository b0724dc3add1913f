/** The greatest number of nested arrays and objects in a JSON value that is sent or recorded. */
export const DEEPEST_LEVEL = 100;

/**
 * Returns whether a value has more than this many levels of arrays and objects. `JSON.parse` reads any number of levels, but
 * `JSON.stringify` throws a `RangeError` after a few thousand.
 */
export function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}
