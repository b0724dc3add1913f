/** An encoding of text that servers, proxies or logs use. */
export type Encoding = readonly [name: string, encode: (text: string) => string];

const hexCode = (character: string, digits = 2) => character.charCodeAt(0).toString(16).padStart(digits, "0");

const each = (encode: (character: string) => string) => (text: string) => [...text].map(encode).join("");

/** The characters with a meaning in HTML. */
const NAMED: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** All punctuation with a named entity. */
const ALL_NAMED: Readonly<Record<string, string>> = {
  ...NAMED,
  "'": "&apos;",
  "!": "&excl;",
  "#": "&num;",
  $: "&dollar;",
  "%": "&percnt;",
  "(": "&lpar;",
  ")": "&rpar;",
  "*": "&ast;",
  "+": "&plus;",
  ",": "&comma;",
  ".": "&period;",
  "/": "&sol;",
  ":": "&colon;",
  ";": "&semi;",
  "=": "&equals;",
  "?": "&quest;",
  "@": "&commat;",
  "[": "&lsqb;",
  "\\": "&bsol;",
  "]": "&rsqb;",
  "^": "&Hat;",
  _: "&lowbar;",
  "`": "&grave;",
  "{": "&lcub;",
  "|": "&verbar;",
  "}": "&rcub;",
};

/** Encodings of single characters. */
export const CHARACTER_ENCODINGS: readonly Encoding[] = [
  ["as it is", (text) => text],
  ["in %HH", each((character) => `%${hexCode(character).toUpperCase()}`)],
  ["in %hh", each((character) => `%${hexCode(character)}`)],
  ["in decimal entities", each((character) => `&#${character.charCodeAt(0)};`)],
  ["in decimal entities with zeros", each((character) => `&#0${character.charCodeAt(0)};`)],
  ["in hexadecimal entities", each((character) => `&#x${hexCode(character)};`)],
  ["in hexadecimal entities in capitals", each((character) => `&#X${hexCode(character).toUpperCase()};`)],
  ["in named entities", each((character) => ALL_NAMED[character] ?? character)],
  ["in \\uhhhh", each((character) => `\\u${hexCode(character, 4)}`)],
  ["in \\uHHHH", each((character) => `\\u${hexCode(character, 4).toUpperCase()}`)],
  ["in \\xhh", each((character) => `\\x${hexCode(character)}`)],
  ["in \\u{h}", each((character) => `\\u{${hexCode(character)}}`)],
  ["in %uHHHH", each((character) => `%u${hexCode(character, 4).toUpperCase()}`)],
];

/** Encodings of a whole text. */
export const TEXT_ENCODINGS: readonly Encoding[] = [
  ...CHARACTER_ENCODINGS,
  ["for a URL", encodeURIComponent],
  ["for a URL, in small letters", (text) => encodeURIComponent(text).replace(/%../g, (code) => code.toLowerCase())],
  ["for a form", (text) => new URLSearchParams({ text }).toString().slice("text=".length)],
  ["for HTML", each((character) => NAMED[character] ?? character)],
  ["for JSON", (text) => JSON.stringify(text).slice(1, -1)],
  ["for JSON with slashes escaped", (text) => JSON.stringify(text).slice(1, -1).replaceAll("/", "\\/")],
  ["for JSON within JSON", (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3)],
  ["for JSON within HTML", (text) => each((it) => NAMED[it] ?? it)(JSON.stringify(text).slice(1, -1))],
];

/** Encodings in which the beginning of a text cannot be recognised. */
export const BASE64_ENCODINGS: readonly Encoding[] = [
  ["Base64", (text) => Buffer.from(text).toString("base64")],
  ["Base64 without padding", (text) => Buffer.from(text).toString("base64").replace(/=+$/, "")],
  ["Base64url", (text) => Buffer.from(text).toString("base64url")],
  ["Base64 in a URL", (text) => encodeURIComponent(Buffer.from(text).toString("base64"))],
  ["Base64 in JSON with slashes escaped", (text) => Buffer.from(text).toString("base64").replaceAll("/", "\\/")],
  ["Base64 in lines", (text) => Buffer.from(text).toString("base64").replace(/.{19}/g, "$&\r\n")],
  ["Base64 in folded lines", (text) => Buffer.from(text).toString("base64").replace(/.{19}/g, "$&\r\n ")],
  ["Base64 in indented lines", (text) => Buffer.from(text).toString("base64").replace(/.{19}/g, "$&\n\t\t")],
  ["Base64 in groups", (text) => Buffer.from(text).toString("base64").replace(/.{4}/g, "$& ")],
  ["Base64 in lines in JSON", (text) => Buffer.from(text).toString("base64").replace(/.{19}/g, "$&\\r\\n")],
];
