/** Random choices that a seed determines. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** Returns an integer from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  /** Returns `true` with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Returns one of the options. There must be one. */
  pick<const T>(options: readonly T[]): T {
    return options[this.below(options.length)] as T;
  }

  /** Returns some of the items in any order, maybe none. */
  some<T>(items: readonly T[], probability: number): T[] {
    const some: T[] = [];
    for (const item of items) if (this.chance(probability)) some.splice(this.below(some.length + 1), 0, item);
    return some;
  }

  /** Returns other dice, whose choices the seed determines as well. */
  another(): Dice {
    return new Dice(this.below(2 ** 32));
  }

  /** Returns a number from 0 to less than 1 (mulberry32). */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
