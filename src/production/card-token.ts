/** Returns whether a text can be the token of a card: it has no whitespace around it, and a path can hold it as one segment. */
export function isCardToken(text: string): boolean {
  return text.trim() === text && text.isWellFormed() && !["", ".", ".."].includes(text);
}
