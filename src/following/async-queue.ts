/** A queue that several producers fill and one consumer empties, in order of arrival. */
export class AsyncQueue<T> {
  readonly #items: T[] = [];
  #isDemanded = false;
  #onItem: (() => void) | undefined;
  #onDemand: (() => void) | undefined;

  /** Adds an item at the end, and wakes the waiting consumer. */
  add(item: T): void {
    this.#items.push(item);
    this.#onItem?.();
  }

  /** Removes and returns the oldest item; `undefined` if the queue is empty. */
  take(): T | undefined {
    return this.#items.shift();
  }

  /** Resolves once the queue has an item. */
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

  /** Resolves once {@link AsyncQueue.waitForOne} waits. A producer awaits this, so that it produces only on demand. */
  async demanded(): Promise<void> {
    if (this.#isDemanded) return;
    await new Promise<void>((resolve) => {
      this.#onDemand = resolve;
    });
  }
}
