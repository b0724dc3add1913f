import { inspect } from "node:util";
import type { Dice } from "../support/dice.js";
import { BASE64_ENCODINGS, TEXT_ENCODINGS } from "../support/encodings.js";

const VISIBLE = Array.from({ length: 0x7e - 0x21 + 1 }, (_, index) => String.fromCharCode(0x21 + index)).join("");
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/** The ways in which a response may quote a secret. */
const ENCODINGS = [...TEXT_ENCODINGS, ...BASE64_ENCODINGS];

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
  readonly #forms: readonly string[];

  constructor(dice: Dice) {
    this.token = pickText(dice, VISIBLE, 48);
    this.clientSecret = pickText(dice, VISIBLE, 32);
    this.refreshToken = pickText(dice, VISIBLE, 300);
    this.receivedToken = pickText(dice, LETTERS, 40);
    this.ofDelivery = pickText(dice, LETTERS, 40);
    const sent = [this.token, this.clientSecret, this.refreshToken, this.basicCredentials];
    const forms = sent.flatMap((secret) => ENCODINGS.map(([, encode]) => encode(secret)));
    this.#forms = [...new Set([...forms, this.receivedToken, this.ofDelivery])];
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

  /** Returns the first secret that a value shows in any of its texts; `undefined` if it shows none. */
  findIn(value: unknown): string | undefined {
    const text = shownText(value);
    return this.#forms.find((form) => text.includes(form));
  }
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
