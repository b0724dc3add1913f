import { createPrivateKey, generateKeyPairSync } from "node:crypto";
import { createServer } from "node:https";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeAuthority } from "../support/certificates.js";
import { type ConnectProxy, startConnectProxy } from "../support/connect-proxy.js";
import { type HttpServer, reply, startHttpServer } from "../support/http-server.js";
import { startMtlsServer } from "../support/mtls-server.js";
import { runProgram } from "../support/run-runtime-program.js";
import { RUNTIMES } from "../support/runtimes.js";

const authority = makeAuthority();
const stranger = makeAuthority().issue("stranger");
const { cert, key } = authority.issue("your-bank");
const { ca } = authority;
const ofRsa = authority.issue("your-bank", newRsaKey());
const encrypted = createPrivateKey(key)
  .export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "open sesame" })
  .toString();

const ACCEPTED: Readonly<Record<string, object>> = {
  "with a plain key": { cert, key },
  "with an encrypted key": { cert, key: encrypted, passphrase: "open sesame" },
  "with an encrypted key before other text": { cert, key: `${encrypted}\nBag\n`, passphrase: "open sesame" },
  "in one PEM, the key first": { cert: key + cert, key: key + cert },
  "in one PEM, the key last, between other text": { cert: `Bag\n${cert}Bag\n${key}`, key: `Bag\n${cert}Bag\n${key}` },
  "with two authorities": { cert, key, ca: `# One\n\n${ca}\n# Another\n\n${ca}` },
};

const CERT = "`cert` must be a certificate in PEM, not a path or DER";
const KEY = "`key` must be a private key in PEM, with its `passphrase` if it is encrypted";
const OTHER_KEY = "`key` must be the private key of `cert`";
const CA = "`ca` must be certificates in PEM";

const REFUSED: Readonly<Record<string, readonly [mtls: object, fault: string]>> = {
  "without PEM": [{ cert: "not a certificate", key: "not a key" }, CERT],
  "with the key of another certificate": [{ cert, key: stranger.key }, OTHER_KEY],
  "with a key of another kind": [{ cert, key: ofRsa.key }, OTHER_KEY],
  "with an encrypted key and no passphrase": [{ cert, key: encrypted }, KEY],
  "with an encrypted key and a wrong passphrase": [{ cert, key: encrypted, passphrase: "open barley" }, KEY],
  "with an unreadable certificate of its authority": [{ cert: cert + ca.slice(0, 200), key }, CERT],
  "with an unreadable second authority": [{ cert, key, ca: ca + ca.slice(0, 200) }, CA],
};

const CERTIFICATES = Object.entries(ACCEPTED).concat(Object.entries(REFUSED).map(([name, [mtls]]) => [name, mtls]));

/** The outcome of a call with each of them: the name of the client, or the message of an error. */
const OUTCOMES = Object.fromEntries([
  ...Object.keys(ACCEPTED).map((name) => [name, "your-bank"]),
  ...Object.entries(REFUSED).map(([name, [, fault]]) => [name, `mtls cannot be used: ${fault}`]),
]);

let server: HttpServer;
let proxy: ConnectProxy;

beforeAll(async () => {
  server = await startMtlsServer(authority);
  proxy = await startConnectProxy();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await proxy[Symbol.asyncDispose]();
});

describe.each(RUNTIMES.filter(([name]) => name !== "Bun"))("under %s", (_name, command) => {
  const read = async (certificates: object, url = server.url) =>
    (await runProgram("client-certificates.mjs", command, url, JSON.stringify(certificates))) as object;

  it("presents each client certificate that can be read, and refuses the others before a call", async () => {
    expect(await read(Object.fromEntries(CERTIFICATES.map(([name, mtls]) => [name, { ca, ...mtls }])))).toEqual(
      OUTCOMES,
    );
  });

  it("an alert of a server that cannot use the kind of key, through a proxy, does not end the process", async () => {
    const options = { ...authority.issue("localhost"), ca, requestCert: true, sigalgs: "ECDSA+SHA256" };
    await using strict = await startHttpServer(reply(200), (listener) => createServer(options, listener));
    const attempts = Array.from({ length: 30 }, (_, index) => [index, { ...ofRsa, ca, proxy: proxy.url }]);
    const outcomes = await read(Object.fromEntries(attempts), strict.url);
    expect(Object.values(outcomes)).toEqual(Array(30).fill("ERR_CONNECTION"));
  });
});

function newRsaKey(): string {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}
