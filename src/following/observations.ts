/** Things seen by several observers, to be taken one by one in the order in which they were seen. */
export class Observations<T> {
  readonly #seen: { readonly observation: T; readonly taken: () => void }[] = [];
  #wake: (() => void) | undefined;

  /** Resolves when the observation is taken: an observer that waits for that sees no more than somebody wants to know. */
  add(observation: T): Promise<void> {
    return new Promise((taken) => {
      this.#seen.push({ observation, taken });
      this.#wake?.();
    });
  }

  async next(): Promise<T> {
    for (;;) {
      const next = this.#seen.shift();
      if (next !== undefined) {
        next.taken();
        return next.observation;
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
