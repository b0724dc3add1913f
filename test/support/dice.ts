/** Random decisions that are the same for the same seed. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** Returns an integer from 0 to `count` - 1. */
  below(count: number): number {
    return Math.floor(this.#next() * count);
  }

  chance(probability: number): boolean {
    return this.#next() < probability;
  }

  pick<const T>(options: readonly [T, ...T[]]): T {
    return options[this.below(options.length)] ?? options[0];
  }

  /** Returns some of the items in any order, maybe none. */
  some<T>(items: readonly T[], probability: number): T[] {
    const some: T[] = [];
    for (const item of items) if (this.chance(probability)) some.splice(this.below(some.length + 1), 0, item);
    return some;
  }

  /** Returns other dice, whose decisions depend on the seed too. */
  another(): Dice {
    return new Dice(this.below(2 ** 32));
  }

  /** Mulberry32, a generator of 32 bits. */
  #next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
}
