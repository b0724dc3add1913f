import { expect, it } from "vitest";
import { describeValue, quoteValue } from "../../src/arguments/found-value.js";

it.each([
  ["live", '"live"'],
  ["li\u001b[1mve", '"li [1mve"'],
  ["live\r", '"live" with whitespace around it'],
  ["", "an empty string"],
  [" ", "a blank string"],
  [7, "7"],
  [null, "null"],
])("quoteValue shows a string, and describes any other value: %j", (value, shown) => {
  expect(quoteValue(value)).toBe(shown);
});

it("describeValue never throws, whatever the value", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect(describeValue(proxy)).toBe("an object that cannot be read");
});
