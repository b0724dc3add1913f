/**
 * Returns a text without a character that its end may repeat. A regular expression such as `/\/+$/` takes quadratic time for a
 * long row of the character in the middle of the text.
 */
export function withoutTrailing(character: string, text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}
