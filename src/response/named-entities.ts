/** The HTML entity names of ASCII characters, each followed by its character, or by a plus sign for whitespace. */
const NAMES = `excl! quot" QUOT" num# dollar$ percnt% amp& AMP& apos' lpar( rpar) ast* midast* plus+ comma, period. sol/ colon:
  semi; lt< LT< equals= gt> GT> quest? commat@ lsqb[ lbrack[ bsol\\ rsqb] rbrack] Hat^ lowbar_ UnderBar_ grave\`
  DiacriticalGrave\` lcub{ lbrace{ verbar| vert| VerticalLine| rcub} rbrace} Tab+ NewLine+`;

const CODES: ReadonlyMap<string, number> = new Map(
  NAMES.split(/\s+/).map((entry) => [entry.slice(0, -1), entry.charCodeAt(entry.length - 1)]),
);

/** The length of the longest name, `DiacriticalGrave`. A numeric entity with more characters than that is not decoded. */
export const LONGEST_ENTITY = 16;

/**
 * Returns the character code of an HTML entity, such as `quot`, `#34` or `#x22`, or `NaN` if there is no such entity. The code may
 * be too large for a character.
 */
export function entityCode(name: string): number {
  const digits = /^#(x[0-9a-f]+|\d+)$/i.exec(name)?.[1];
  return digits === undefined ? (CODES.get(name) ?? Number.NaN) : Number(`0${digits}`);
}
