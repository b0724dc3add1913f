/**
 * Returns PEM text with real line breaks. Environment variables and secret stores often keep it on one line, with each line break
 * written as the two characters `\n`. PEM itself contains no backslash.
 */
export function withLineBreaks(pem: string): string {
  return pem.replaceAll("\\r", "\r").replaceAll("\\n", "\n");
}
