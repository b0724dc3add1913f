/** Things seen by several observers, to be taken one by one in the order in which they were seen. */
export class AsyncQueue<T> {
  readonly #items: T[] = [];
  #isDemanded = false;
  #onItem: (() => void) | undefined;
  #onDemand: (() => void) | undefined;

  add(item: T): void {
    this.#items.push(item);
    this.#onItem?.();
  }

  /** What was seen first of all that nobody took yet; `undefined` where there is nothing. */
  take(): T | undefined {
    return this.#items.shift();
  }

  /** Resolves once there is something to take. */
  async waitForOne(): Promise<void> {
    while (this.#items.length === 0) {
      this.#isDemanded = true;
      this.#onDemand?.();
      await new Promise<void>((resolve) => {
        this.#onItem = resolve;
      });
      this.#isDemanded = false;
    }
  }

  /** Resolves once {@link AsyncQueue.waitForOne} waits: an observer that waits for that sees no more than is wanted. */
  async demanded(): Promise<void> {
    if (this.#isDemanded) return;
    await new Promise<void>((resolve) => {
      this.#onDemand = resolve;
    });
  }
}
