/** Something that can be in one {@link Bag}. */
export interface Bagged {
  /** Its index in the bag, which the bag maintains; `undefined` if it is in none. */
  bagIndex: number | undefined;
}

/**
 * Items in no particular order.
 *
 * A `Set` that many items pass through would cost more: it moves to a new table again and again, and each old table keeps the
 * items of the next ones alive until a full garbage collection.
 */
export class Bag<T extends Bagged> {
  readonly #items: T[] = [];

  /** The number of items. */
  get size(): number {
    return this.#items.length;
  }

  /** Adds an item that is in no bag. */
  add(item: T): void {
    item.bagIndex = this.#items.length;
    this.#items.push(item);
  }

  /** Removes an item. Returns whether it was there. */
  delete(item: T): boolean {
    const index = item.bagIndex;
    if (index === undefined) return false;
    const last = this.#items.pop() as T;
    if (last !== item) {
      this.#items[index] = last;
      last.bagIndex = index;
    }
    item.bagIndex = undefined;
    return true;
  }

  /** Calls `visit` with each item that is in the bag now, unless it has been removed by then. */
  forEach(visit: (item: T) => void): void {
    for (const item of [...this.#items]) if (item.bagIndex !== undefined) visit(item);
  }
}
