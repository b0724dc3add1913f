/** The HTML entity names of visible ASCII characters, each followed by its character. */
const NAMES = `excl! quot" QUOT" num# dollar$ percnt% amp& AMP& apos' lpar( rpar) ast* midast* plus+ comma, period. sol/ colon:
  semi; lt< LT< equals= gt> GT> quest? commat@ lsqb[ lbrack[ bsol\\ rsqb] rbrack] Hat^ lowbar_ UnderBar_ grave\`
  DiacriticalGrave\` lcub{ lbrace{ verbar| vert| VerticalLine| rcub} rbrace}`;

const CODES: ReadonlyMap<string, number> = new Map([
  ["Tab", 0x09],
  ["NewLine", 0x0a],
  ...NAMES.split(/\s+/).map((entry) => [entry.slice(0, -1), entry.charCodeAt(entry.length - 1)] as const),
]);

/** The length of the longest name, `DiacriticalGrave`. A numeric entity with more characters than that is not decoded. */
export const LONGEST_ENTITY = 16;

/**
 * Returns the character code of an HTML entity, such as `quot`, `#34` or `#x22`, or `undefined` if there is no such entity or its
 * code is above 0xffff.
 */
export function entityCode(name: string): number | undefined {
  const digits = /^#(?:x([0-9a-f]+)|(\d+))$/i.exec(name);
  if (digits === null) return CODES.get(name);
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  return code <= 0xffff ? code : undefined;
}
