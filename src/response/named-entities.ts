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
 * Returns the character code of an HTML entity, such as `quot`, `#34` or `#x22`, or `undefined` if there is no such entity or its
 * code is above 0xffff.
 */
export function entityCode(name: string): number | undefined {
  const digits = /^#(x[0-9a-f]+|\d+)$/i.exec(name)?.[1];
  if (digits === undefined) return CODES.get(name);
  const code = Number(`0${digits}`);
  return code <= 0xffff ? code : undefined;
}
