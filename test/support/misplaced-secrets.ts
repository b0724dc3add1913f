import { DEFAULT_CARDS } from "../../src/sandbox/default-state.js";

const [card] = DEFAULT_CARDS;

/** The path of the first card of a sandbox. */
export const cardPath = `/v3/spend/profiles/${card.profileId}/cards/${card.cardToken}/production`;

/** What no record of a request may contain. */
export const SECRET = crypto.randomUUID();

/** A request with a secret in the wrong place. */
export type MisplacedSecret = readonly [
  place: string,
  path: string,
  init: { readonly method?: string; readonly body?: string; readonly headers?: Readonly<Record<string, string>> },
];

const part = (name: string, value: string) =>
  `--b\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

export const MISPLACED_SECRETS: readonly MisplacedSecret[] = [
  ["a query of the token endpoint", `/oauth/token?client_secret=${SECRET}&x=1`, { method: "POST" }],
  ["a query of a card", `${cardPath}?access_token=${SECRET}`, {}],
  ["a query of a method that is not allowed", `${cardPath}?access_token=${SECRET}`, { method: "POST" }],
  ["a query without its question mark", `/oauth/token&client_secret=${SECRET}`, { method: "POST" }],
  ["a query within a query", `/x?to=${encodeURIComponent(`http://h/?code=${SECRET}`)}`, {}],
  ["each field of a query", `/x?token=${SECRET}&code=${SECRET}&a=1&assertion=${SECRET}`, {}],
  ["a name that is percent-encoded", `/x?client%5Fsecret=${SECRET}`, {}],
  ["a name without its underscore", `/x?accessToken=${SECRET}`, {}],
  ["a name in capitals", `/x?TOKEN=${SECRET}`, {}],
  ["a form to another path", "/oauth/tokens", { method: "POST", body: `a=1&refresh_token=${SECRET}==` }],
  ["a form to a card", cardPath, { method: "PUT", body: `client_secret=${SECRET}` }],
  ["a form with a code", "/x", { method: "POST", body: `grant_type=authorization_code&code=${SECRET}` }],
  ["a form that ends a registration", "/x", { method: "POST", body: `registration_code=${SECRET}&email=a` }],
  ["a form in parts", "/oauth/tokens", { method: "POST", body: `${part("code", SECRET)}${part("a", "1")}--b--` }],
  ["JSON within a form", "/x", { method: "POST", body: `payload={"client_secret":"${SECRET}"}` }],
  ["JSON in a part of a form", "/x", { method: "POST", body: part("a", `{"refresh_token":"${SECRET}"}`) }],
  ["a path before that of the token endpoint", `/client_secret=${SECRET}/oauth/token`, { method: "POST" }],
  ["JSON to another path", "/oauth/tokens", { method: "POST", body: `{"a":[{"client_secret" : "${SECRET}"}]}` }],
  ["JSON to a card", cardPath, { method: "PUT", body: `{"kioskId":"WIS00009","token":"\\"${SECRET}"}` }],
  [
    "JSON of a signed client",
    "/x",
    { method: "POST", body: `{"client_assertion":"${SECRET}","assertion":"${SECRET}"}` },
  ],
  ["JSON with an escaped name", "/x", { method: "POST", body: `{"client\\u005fsecret":"${SECRET}"}` }],
  ["JSON that is cut off", "/x", { method: "POST", body: `{"code":"${SECRET}` }],
  ["a list in JSON", "/x", { method: "POST", body: `{"token":["${SECRET}"]}` }],
  ["an object in JSON", "/x", { method: "POST", body: `{"token":{"value":"${SECRET}"},"a":1}` }],
  ["a URL in JSON", "/x", { method: "POST", body: `{"url":"/?access_token=${SECRET}"}` }],
  ["a header field", "/x", { headers: { referer: `http://127.0.0.1/?code=${SECRET}` } }],
];
