/** Things seen by several observers, to be taken one by one in the order in which they were seen. */
export class Observations<T> {
  readonly #seen: T[] = [];
  #isWanted = false;
  #onSeen: (() => void) | undefined;
  #onWanted: (() => void) | undefined;

  add(observation: T): void {
    this.#seen.push(observation);
    this.#onSeen?.();
  }

  /** What was seen first of all that nobody took yet; `undefined` where there is nothing. */
  take(): T | undefined {
    return this.#seen.shift();
  }

  /** Resolves once there is something to take. */
  async waitForOne(): Promise<void> {
    while (this.#seen.length === 0) {
      this.#isWanted = true;
      this.#onWanted?.();
      await new Promise<void>((resolve) => {
        this.#onSeen = resolve;
      });
      this.#isWanted = false;
    }
  }

  /** Resolves once {@link Observations.waitForOne} waits: an observer that waits for that sees no more than is wanted. */
  async wanted(): Promise<void> {
    if (this.#isWanted) return;
    await new Promise<void>((resolve) => {
      this.#onWanted = resolve;
    });
  }
}
