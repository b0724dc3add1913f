/**
 * Sets a field that may hold personal data. It can be read like any other, but loops over the fields of the error pass it
 * over, and with them `JSON.stringify`, `console.log` and the serializers of loggers.
 */
export function setHiddenField<E extends Error, F extends keyof E>(error: E, field: F, value: E[F]): void {
  Object.defineProperty(error, field, { value, enumerable: false, configurable: true, writable: true });
}
