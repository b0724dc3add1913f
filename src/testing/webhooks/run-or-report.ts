/** Captured at load time, so that a test that mocks it later still gets the error. */
const { queueMicrotask: queue } = globalThis;

/** Calls a function of a test. If it throws, the error becomes uncaught, so that it is noticed but stops nothing else. */
export function runOrReport(run: () => void): void {
  try {
    run();
  } catch (error) {
    queue(() => {
      throw error;
    });
  }
}
