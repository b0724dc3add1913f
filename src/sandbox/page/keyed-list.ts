/** An item of a list: its element stays the same as long as its key does. */
export interface KeyedItem<T> {
  readonly element: HTMLElement;
  update(value: T): void;
}

/** Shows values as the children of an element. Elements are kept and moved, so that a reader does not lose the place. */
export class KeyedList<T> {
  readonly #parent: HTMLElement;
  readonly #keyOf: (value: T) => string;
  readonly #create: (value: T) => KeyedItem<T>;
  readonly #items = new Map<string, KeyedItem<T>>();

  constructor(parent: HTMLElement, keyOf: (value: T) => string, create: (value: T) => KeyedItem<T>) {
    this.#parent = parent;
    this.#keyOf = keyOf;
    this.#create = create;
  }

  show(values: readonly T[]): void {
    const keys = new Set(values.map(this.#keyOf));
    for (const [key, item] of this.#items) {
      if (keys.has(key)) continue;
      // It may be in another list already.
      if (item.element.parentElement === this.#parent) item.element.remove();
      this.#items.delete(key);
    }
    for (const [index, value] of values.entries()) {
      const { element } = this.#put(value);
      const there = this.#parent.children[index] ?? null;
      if (there !== element) this.#parent.insertBefore(element, there);
    }
  }

  #put(value: T): KeyedItem<T> {
    const key = this.#keyOf(value);
    const item = this.#items.get(key) ?? this.#create(value);
    this.#items.set(key, item);
    item.update(value);
    return item;
  }
}
