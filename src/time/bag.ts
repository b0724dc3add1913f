/** The place of an item in a {@link Bag}. */
export interface BagEntry<T> {
  readonly item: T;
  /** The index of the entry; -1 once it is removed. */
  index: number;
}

/**
 * Items in no particular order.
 *
 * A `Set` that many items pass through would cost more: it moves to a new table again and again, and each old table keeps the
 * items of the next ones alive until a full garbage collection.
 */
export class Bag<T> {
  readonly #entries: BagEntry<T>[] = [];

  /** The number of items. */
  get size(): number {
    return this.#entries.length;
  }

  /** Adds an item. Returns its entry, to remove it with. */
  add(item: T): BagEntry<T> {
    const entry = { item, index: this.#entries.length };
    this.#entries.push(entry);
    return entry;
  }

  /** Removes an entry. Returns whether it was there. */
  delete(entry: BagEntry<T>): boolean {
    const { index } = entry;
    if (index < 0) return false;
    const last = this.#entries.pop() as BagEntry<T>;
    if (last !== entry) {
      this.#entries[index] = last;
      last.index = index;
    }
    entry.index = -1;
    return true;
  }

  /** Returns the entries that are in the bag now. */
  list(): readonly BagEntry<T>[] {
    return [...this.#entries];
  }
}
