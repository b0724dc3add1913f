/**
 * Returns a function for `catch` that throws all errors but the expected ones. Those it passes to `note`, and the promise resolves
 * with `undefined`.
 */
export function catchOnly<E>(isExpected: (error: unknown) => error is E, note: (error: E) => void = () => {}) {
  return (error: unknown): undefined => {
    if (!isExpected(error)) throw error;
    note(error);
  };
}
