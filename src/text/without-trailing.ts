/**
 * Returns a text without any trailing repetitions of a character. A regular expression such as `/\/+$/` takes quadratic time if
 * the text has a long run of the character in its middle.
 */
export function withoutTrailing(character: string, text: string): string {
  let end = text.length;
  while (text[end - 1] === character) end -= 1;
  return text.slice(0, end);
}
