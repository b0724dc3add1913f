import { expect, it } from "vitest";
import { isCardToken } from "../../src/production/card-token.js";

it.each(["ca0c8154-1e14-4464-a1ce-dcea7dc3de52", "a", "...", "a b", "\u{1F4B3}"])(
  "%j can be the token of a card",
  (text) => {
    expect(isCardToken(text)).toBe(true);
  },
);

it.each(["", " ", ".", "..", " a", "a\n", "\uD83D"])("%j cannot be the token of a card", (text) => {
  expect(isCardToken(text)).toBe(false);
});
