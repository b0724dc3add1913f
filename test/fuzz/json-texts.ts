import type { Dice } from "../support/dice.js";

/** The name of a field and the texts of values that suit it. */
export type Fields = Readonly<Record<string, readonly string[]>>;

const TIMES = [
  '"2024-01-01T12:24:56.789Z"',
  '"2024-01-01T12:24:56Z"',
  '"2024-01-01T12:24:560Z"',
  '"2024-01-01T14:24:56.789123456+02:00"',
  '"+275760-09-13T00:00:00.001Z"',
  '"-000001-01-01T00:00:00Z"',
  '"2024-02-30T25:61:61Z"',
  '"2024"',
  '"now"',
  '""',
  "1704112496789",
];
const STATUSES = [
  '"READY"',
  '"IN_PROGRESS"',
  '"PRODUCED"',
  '"PRODUCTION_ERROR"',
  '"REQUEST_ERROR"',
  '"UNRECOGNIZED"',
  '"produced"',
  '"__proto__"',
  '""',
];
const CODES = [
  '"PRT_RIBBON"',
  '"PIN_VERIFICATION_FAILED"',
  '"REQUEST_ALREADY_EXISTS"',
  '"UNKNOWN_ERROR"',
  '"PRX_"',
  "null",
];
const IDS = ['"01234567-89ab-cdef-0123-456789abcdef"', '"00000000-0000-0000-0000-000000000000"', '""', "null"];

/** The fields of a production. */
export const PRODUCTION_FIELDS: Fields = {
  status: STATUSES,
  kioskId: ['"WIS00001"', '"wis00001"', "null"],
  occurredAt: TIMES,
  errorCode: CODES,
  description: ['"Card produced"', '"\\u202e\\n\\u001b[31m"', "null"],
  rawStatus: ['"PAUSED"', "null"],
};

/** The fields of a token response. */
export const TOKEN_FIELDS: Fields = {
  token_type: ['"bearer"'],
  expires_in: ["43199", '"43199"', "-1", "1e308", "0", '"1e9"', "null"],
  expires_at: TIMES,
  scope: ['"transfers"'],
};

/** The fields of a subscription. */
export const SUBSCRIPTION_FIELDS: Fields = {
  id: IDS,
  name: ['"Kiosk production"'],
  trigger_on: ['"cards#card-production-status-change"', '"transfers#state-change"'],
  delivery: ['{"version":"4.0.0","url":"https://bank.example/wise"}', '{"version":4,"url":"file:///"}', "{}", "null"],
  scope: ['{"domain":"application","id":"your-bank"}'],
  created_by: ['{"type":"application","id":"your-bank"}'],
  created_at: TIMES,
};

/** The fields of an error response. */
export const ERROR_FIELDS: Fields = {
  error: ['"invalid_request"', '"invalid_grant"', "401", "{}"],
  error_description: ['"Missing grant type"'],
  message: ['"No card"', '"<b>No card</b>"'],
  errors: ['[{"code":"card.notFound","message":"No card"}]', "[null,[],1]", "{}", "[]"],
  code: ['"card.notFound"'],
  timestamp: TIMES,
};

const RESOURCE_FIELDS: Fields = {
  type: ['"card"'],
  profile_id: ["123456", '"123456"', "0", "-1", "9007199254740991", "9007199254740993", "1e400", '"0x10"', "1.5"],
  client_id: ['"your-bank"', '"YOUR-BANK"', "null"],
  card_token: ['"35050a4a-9521-426e-8109-1396e3687a3e"', "null", '""'],
};
const DATA_FIELDS: Fields = {
  status: STATUSES,
  kiosk_id: ['"WIS00001"', "null"],
  occurred_at: TIMES,
  error_code: CODES,
  description: ['"Card produced"', "null"],
};
const EVENT_FIELDS: Fields = {
  subscription_id: IDS,
  event_type: ['"cards#card-production-status-change"', '"cards#card-order-status-change"', '"other"', '""'],
  schema_version: ['"4.0.0"', '"2.0.0"', '"5.0.0"', "4"],
  sent_at: TIMES,
};

/** Returns the text of an event, almost as Wise sends it. */
export function eventText(dice: Dice): string {
  const resource = objectText(dice, RESOURCE_FIELDS);
  const data = objectText(dice, { ...DATA_FIELDS, resource: [resource] });
  return objectText(dice, { ...EVENT_FIELDS, data: [data] });
}

/** Returns the text of an object: usually with these fields and suitable values, sometimes with others. */
export function objectText(dice: Dice, fields: Fields): string {
  const members: string[] = [];
  for (const [name, values] of Object.entries(fields)) {
    if (dice.chance(0.03)) continue;
    const value = dice.chance(0.02)
      ? anyText(dice)
      : dice.pick([values[0] as string, values[0] as string, dice.pick(values)]);
    members.push(`${nameText(dice, name)}:${space(dice)}${value}`);
    if (dice.chance(0.02)) members.push(`${JSON.stringify(name)}:${anyText(dice)}`);
  }
  if (dice.chance(0.1)) members.push(`${dice.pick(ODD_NAMES)}:${anyText(dice)}`);
  const ordered = dice.chance(0.2) ? members.sort(() => dice.next() - 0.5) : members;
  return `${space(dice)}{${space(dice)}${ordered.join(`,${space(dice)}`)}}${space(dice)}`;
}

const ODD_NAMES = [
  '"__proto__"',
  '"constructor"',
  '"toString"',
  '"toJSON"',
  '"then"',
  '""',
  '"\\u0000"',
  '"a b"',
  '"0"',
];

const ODD_VALUES = [
  "null",
  "true",
  "0",
  "-0",
  "1e400",
  "-1e-400",
  "9007199254740993",
  "123456789012345678901234567890",
  '""',
  '"\\ud800"',
  '"\\u0000"',
  '"\\uFEFF"',
  '"\u{1f4b3}"',
  "[]",
  "{}",
  '{"__proto__":{"status":"PRODUCED"}}',
  '{"toJSON":1,"then":1}',
  '"[redacted]"',
];

/** Returns the text of any JSON value. */
export function anyText(dice: Dice, depth = 3): string {
  if (depth === 0 || dice.chance(0.6)) return dice.pick(ODD_VALUES);
  if (dice.chance(0.01)) return deepText(dice);
  if (dice.chance(0.02)) return JSON.stringify("x".repeat(dice.pick([100, 1000, 20_000, 200_000])));
  const items = Array.from({ length: dice.below(4) }, () => anyText(dice, depth - 1));
  if (dice.chance(0.5)) return `[${items.join()}]`;
  return `{${items.map((item) => `${dice.pick(ODD_NAMES)}:${item}`).join()}}`;
}

/** Returns the text of a value that is nested deeply. It is not always complete. */
function deepText(dice: Dice): string {
  const depth = dice.pick([10, 100, 1000, 20_000]);
  const [open, close] = dice.pick([
    ["[", "]"],
    ['{"a":', "}"],
    ['[{"message":', "}]"],
  ]);
  return open.repeat(depth) + (dice.chance(0.7) ? `1${close.repeat(depth)}` : "");
}

function nameText(dice: Dice, name: string): string {
  if (dice.chance(0.03)) return JSON.stringify(name.toUpperCase());
  if (dice.chance(0.03)) return `"\\u${name.charCodeAt(0).toString(16).padStart(4, "0")}${name.slice(1)}"`;
  return JSON.stringify(name);
}

function space(dice: Dice): string {
  return dice.chance(0.97) ? "" : dice.pick([" ", "\n", "\t\r\n", "\u00a0", "\uFEFF"]);
}
