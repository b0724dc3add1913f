import { expect, it } from "vitest";
import { AsyncQueue } from "../../src/following/async-queue.js";

/** Lets everything run that waits for no timer. */
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

it("a queue keeps items that are added before a consumer waits, in order", async () => {
  const queue = new AsyncQueue<string>();
  queue.add("first");
  queue.add("second");
  await queue.waitForOne();
  expect([queue.take(), queue.take(), queue.take()]).toEqual(["first", "second", undefined]);
});

it("a queue wakes its consumer without a producer that waits for demand", async () => {
  const queue = new AsyncQueue<string>();
  const waiting = queue.waitForOne();
  queue.add("first");
  await waiting;
  expect(queue.take()).toBe("first");
});

it("a queue demands nothing until a consumer waits, and nothing after it has an item", async () => {
  const queue = new AsyncQueue<string>();
  const happened: string[] = [];
  void queue.demanded().then(() => happened.push("demanded"));
  await nextTurn();
  expect(happened).toEqual([]);
  const waiting = queue.waitForOne();
  await nextTurn();
  expect(happened).toEqual(["demanded"]);
  queue.add("first");
  await waiting;
  void queue.demanded().then(() => happened.push("demanded again"));
  await nextTurn();
  expect(happened).toEqual(["demanded"]);
});
