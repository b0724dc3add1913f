import { inspect } from "node:util";
import type { Dice } from "../support/dice.js";
import { BASE64_ENCODINGS, TEXT_ENCODINGS } from "../support/encodings.js";

const VISIBLE = Array.from({ length: 0x7e - 0x21 + 1 }, (_, index) => String.fromCharCode(0x21 + index)).join("");
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** The ways in which a response may quote a secret. */
const ENCODINGS = [...TEXT_ENCODINGS, ...BASE64_ENCODINGS];

/** So many characters of a secret, at its beginning or its end, show too much of it. Random text does not hold them by chance. */
const RECOGNISED_BY = 12;

/** The secrets of one run, and what recognises them. */
export class RunSecrets {
  /** The access token of the client's calls: any visible ASCII characters. */
  readonly token: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  /** The access token in responses of the token endpoint. */
  readonly receivedToken: string;
  /** A value in the headers and bodies of deliveries. */
  readonly ofDelivery: string;
  readonly #parts: readonly string[];

  constructor(dice: Dice) {
    this.token = pickText(dice, VISIBLE, 48);
    this.clientSecret = pickText(dice, VISIBLE, 32);
    this.refreshToken = pickText(dice, VISIBLE, 300);
    this.receivedToken = pickText(dice, LETTERS, 40);
    this.ofDelivery = pickText(dice, LETTERS, 40);
    const sent = [this.token, this.clientSecret, this.refreshToken].flatMap(partsOf);
    const credentials = [this.basicCredentials.slice(0, 28), this.basicCredentials.slice(-16)];
    const forms = credentials.flatMap((part) => TEXT_ENCODINGS.map(([, encode]) => encode(part)));
    const received = [this.receivedToken, this.ofDelivery].flatMap((secret) => [
      secret.slice(0, RECOGNISED_BY),
      secret.slice(-RECOGNISED_BY),
    ]);
    this.#parts = [...new Set([...sent, ...forms, ...received])];
  }

  /** The client id and the client secret, as a request for tokens sends them. */
  get basicCredentials(): string {
    return Buffer.from(`client-id:${this.clientSecret}`).toString("base64");
  }

  /** Returns a secret that the client sends, in any encoding. */
  quote(dice: Dice, secrets: readonly string[]): string {
    const [, encode] = dice.pick(ENCODINGS);
    return encode(dice.pick(secrets));
  }

  /** Returns the first part of a secret that a value shows in any of its texts; `undefined` if it shows none. */
  findIn(value: unknown): string | undefined {
    const text = shownText(value);
    return this.#parts.find((part) => text.includes(part));
  }
}

/** Returns the beginning and the end of a secret in every encoding. */
function partsOf(secret: string): readonly string[] {
  const [beginning, end] = [secret.slice(0, RECOGNISED_BY), secret.slice(-RECOGNISED_BY)];
  return [
    ...TEXT_ENCODINGS.flatMap(([, encode]) => [encode(beginning), encode(end)]),
    // The Base64 text of an end depends on how many bytes come before it.
    ...BASE64_ENCODINGS.flatMap(([, encode]) => [encode(beginning), encode(secret).slice(-16)]),
  ];
}

/** Returns every text that may show something of a value. */
function shownText(value: unknown): string {
  const inspected = inspect(value, { depth: null, showHidden: true, getters: true, maxStringLength: null });
  if (!(value instanceof Error)) return `${JSON.stringify(value)}\n${inspected}`;
  const { message, stack, cause } = value;
  const own = [message, stack, String(value), JSON.stringify(value), inspected].join("\n");
  return cause === undefined ? own : `${own}\n${shownText(cause)}`;
}

function pickText(dice: Dice, characters: string, length: number): string {
  return Array.from({ length }, () => characters.charAt(dice.below(characters.length))).join("");
}
