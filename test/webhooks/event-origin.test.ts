import { expect, it } from "vitest";
import { isExpectedOrigin, parseIdList } from "../../src/webhooks/event/event-origin.js";

it.each([[["a", ""]], [["a b"]], [["a", 7]], [[" a"]]])(
  "parseIdList refuses %j, because one of its elements is not an id",
  (ids) => {
    expect(() => parseIdList(ids, "subscriptionIds")).toThrow("an array with other values");
  },
);

it.each([
  [true, { subscriptionId: "S1", clientId: "C1" }],
  [true, { subscriptionId: "s1", clientId: null }],
  [true, { subscriptionId: null, clientId: "c1" }],
  [false, { subscriptionId: "s1", clientId: "c2" }],
  [false, { subscriptionId: "s2", clientId: "c1" }],
  [false, { subscriptionId: null, clientId: null }],
])("isExpectedOrigin returns %s for %j", (isExpected, origin) => {
  expect(isExpectedOrigin(origin, parseIdList(["S1"], "subscriptionIds"), parseIdList(["c1"], "clientIds"))).toBe(
    isExpected,
  );
});

it("isExpectedOrigin compares no id without a list", () => {
  const origin = { subscriptionId: "s2", clientId: "c2" };
  expect(isExpectedOrigin(origin, undefined, undefined)).toBe(true);
  expect(isExpectedOrigin(origin, parseIdList(["s2"], "subscriptionIds"), undefined)).toBe(true);
  expect(isExpectedOrigin(origin, undefined, parseIdList(["c1"], "clientIds"))).toBe(false);
});
