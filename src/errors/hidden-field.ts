/**
 * Sets a field that may contain personal data. It can be read like any other, but it is not enumerable: `JSON.stringify`,
 * `console.log` and the serializers of loggers skip it.
 */
export function setHiddenField<E extends Error, F extends keyof E>(error: E, field: F, value: E[F]): void {
  Object.defineProperty(error, field, { value, enumerable: false, configurable: true, writable: true });
}
