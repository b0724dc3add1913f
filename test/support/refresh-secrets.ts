import { inspect } from "node:util";
import { BASE64_ENCODINGS, TEXT_ENCODINGS } from "./encodings.js";
import { CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN } from "./oauth-server.js";

/** The client id and the client secret, as a refresh sends them. */
export const BASIC_CREDENTIALS = Buffer.from(`${CLIENT_ID}:${CLIENT_SECRET}`).toString("base64");
/** The refresh token, as a form sends it. */
export const ENCODED_REFRESH_TOKEN = "refresh%2Ftoken%2B0123456789%3Dabcdef";
/** The access token in the response to a refresh. */
export const RESPONSE_TOKEN = "an-access-token-0123456789";
const SECRETS = [CLIENT_SECRET, BASIC_CREDENTIALS, REFRESH_TOKEN, ENCODED_REFRESH_TOKEN, RESPONSE_TOKEN];

/** All secrets that a refresh sends, in every encoding. */
export const ENCODED_SECRETS = [CLIENT_SECRET, BASIC_CREDENTIALS, REFRESH_TOKEN].flatMap(everyEncoding);

/** Returns the secrets that a value shows in any encoding: as text, as JSON, when inspected, or through its causes. */
export function secretsIn(value: unknown): string[] {
  const text = shown(value);
  return SECRETS.filter((secret) => everyEncoding(secret).some((form) => text.includes(form)));
}

function everyEncoding(secret: string): string[] {
  return [...TEXT_ENCODINGS, ...BASE64_ENCODINGS].map(([, encode]) => encode(secret));
}

function shown(value: unknown): string {
  const inspected = inspect(value, { depth: null, showHidden: true, getters: true, maxStringLength: null });
  const own = [String(value), JSON.stringify(value), inspected];
  if (!(value instanceof Error)) return own.join("\n");
  return [...own, value.message, value.stack, shown(value.cause ?? null)].join("\n");
}
