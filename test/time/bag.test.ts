import { expect, it } from "vitest";
import { Bag, type Bagged } from "../../src/time/bag.js";

const createItem = (): Bagged => ({ bagIndex: undefined });

it("a bag removes its first, middle and last item, each of them once", () => {
  const bag = new Bag();
  const items = [createItem(), createItem(), createItem(), createItem()];
  for (const item of items) bag.add(item);
  for (const index of [1, 0, 3, 2]) {
    expect(bag.delete(items[index] as Bagged)).toBe(true);
    expect(bag.delete(items[index] as Bagged)).toBe(false);
  }
  expect(bag.size).toBe(0);
});

it("a bag does not visit an item that an earlier visit has removed", () => {
  const bag = new Bag();
  const items = [createItem(), createItem(), createItem()] as const;
  for (const item of items) bag.add(item);
  const visited: Bagged[] = [];
  bag.forEach((item) => {
    visited.push(item);
    bag.delete(items[1]);
  });
  expect(visited).toEqual([items[0], items[2]]);
  expect(bag.size).toBe(2);
});
