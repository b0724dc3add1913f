import type { Dice } from "../support/dice.js";

/** Bytes that parsers of JSON, text and headers often handle wrongly. */
const NASTY: readonly Buffer[] = [
  ...[
    '"__proto__":{"status":"PRODUCED"},',
    '"constructor":{"prototype":null},',
    '"status":"READY",',
    '"data":null,',
    "\\u0000",
    "\\ud800",
    "\\udc00\\ud800",
    "\u{10ffff}",
    "\u2028",
    "1e400",
    "-0",
    "9007199254740993",
    "null",
    "{",
    "[[[[",
    '"',
    "\\",
    ",",
    "\r\n\r\n",
    "\uFEFF",
    "NaN",
    "/*",
    "%00",
    "&#0;",
    "\u202e",
  ].map((text) => Buffer.from(text)),
  ...[[0x00], [0xff], [0xfe, 0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x80]].map(
    (bytes) => Buffer.from(bytes),
  ),
];

/** How many bytes of repetitions are inserted at most. */
const MAX_REPEATED = 300_000;

type Mutation = (bytes: Buffer, dice: Dice, others: readonly Buffer[]) => Buffer;

const MUTATIONS: readonly Mutation[] = [
  function flipBit(bytes, dice) {
    return withByte(bytes, dice, (byte) => byte ^ (1 << dice.below(8)));
  },
  function setByte(bytes, dice) {
    return withByte(bytes, dice, () => dice.below(256));
  },
  function insertNasty(bytes, dice) {
    return insert(bytes, dice.below(bytes.length + 1), dice.pick(NASTY));
  },
  function insertNoise(bytes, dice) {
    const noise = Buffer.from(Array.from({ length: 1 + dice.below(16) }, () => dice.below(256)));
    return insert(bytes, dice.below(bytes.length + 1), noise);
  },
  function removePart(bytes, dice) {
    const [from, to] = part(bytes, dice);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
  },
  function repeatPart(bytes, dice) {
    const [from, to] = part(bytes, dice);
    const most = Math.floor(MAX_REPEATED / (to - from + 1));
    const times = Math.min(dice.chance(0.02) ? 2000 : 1 + dice.below(4), most);
    return insert(bytes, to, Buffer.concat(Array(times).fill(bytes.subarray(from, to))));
  },
  function cutOff(bytes, dice) {
    return bytes.subarray(0, dice.below(bytes.length + 1));
  },
  function splice(bytes, dice, others) {
    const other = dice.pick(others);
    return Buffer.concat([
      bytes.subarray(0, dice.below(bytes.length + 1)),
      other.subarray(dice.below(other.length + 1)),
    ]);
  },
  function insertOther(bytes, dice, others) {
    return insert(bytes, dice.below(bytes.length + 1), dice.pick(others));
  },
  function asUtf16(bytes, dice) {
    return dice.chance(0.1) ? Buffer.from(bytes.toString("utf8"), "utf16le") : bytes;
  },
];

/** Returns changed bytes: parts of them flipped, inserted, removed, repeated, cut off, or replaced with parts of others. */
export function mutate(bytes: Buffer, dice: Dice, others: readonly Buffer[]): Buffer {
  let mutated = bytes;
  for (let count = 1 + dice.below(4); count > 0; count -= 1) mutated = dice.pick(MUTATIONS)(mutated, dice, others);
  return mutated;
}

function withByte(bytes: Buffer, dice: Dice, change: (byte: number) => number): Buffer {
  if (bytes.length === 0) return bytes;
  const copy = Buffer.from(bytes);
  const at = dice.below(copy.length);
  copy[at] = change(copy[at] as number);
  return copy;
}

function insert(bytes: Buffer, at: number, inserted: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at)]);
}

function part(bytes: Buffer, dice: Dice): readonly [from: number, to: number] {
  const from = dice.below(bytes.length + 1);
  return [from, from + dice.below(bytes.length - from + 1)];
}
