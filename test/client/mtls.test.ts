import { createPrivateKey, generateKeyPairSync, X509Certificate } from "node:crypto";
import { createServer } from "node:https";
import { inspect } from "node:util";
import { runInNewContext } from "node:vm";
import { Agent } from "undici";
import { describe, expect, it } from "vitest";
import {
  type ClientCertificate,
  KioskArgumentError,
  WiseKioskClient,
  type WiseKioskClientOptions,
} from "../../src/index.js";
import { type Certificate, makeAuthority } from "../support/certificates.js";
import { reply, startHttpServer } from "../support/http-server.js";
import { startMtlsServer } from "../support/mtls-server.js";
import { CARD, catchRejection, createClient, PRODUCE, TOKEN } from "../support/transports.js";

const authority = makeAuthority();
const stranger = makeAuthority();
const own = authority.issue("your-bank");

const mtls = { ...own, ca: authority.ca };

describe("a client with a certificate", () => {
  it.each<[string, ClientCertificate]>([
    ["in text", mtls],
    [
      "in bytes",
      { cert: Buffer.from(own.cert), key: new TextEncoder().encode(own.key), ca: Buffer.from(authority.ca) },
    ],
    [
      "in text with line breaks written as \\n",
      { cert: inOneLine(own.cert), key: inOneLine(own.key), ca: inOneLine(authority.ca) },
    ],
    [
      "in text with line breaks written as \\r\\n",
      { cert: inOneLine(own.cert, "\\r\\n"), key: inOneLine(own.key, "\\r\\n"), ca: inOneLine(authority.ca, "\\r\\n") },
    ],
    [
      "in bytes with line breaks written as \\n",
      { cert: Buffer.from(inOneLine(own.cert)), key: Buffer.from(inOneLine(own.key)), ca: authority.ca },
    ],
    [
      "in bytes of another realm",
      { cert: inAnotherRealm(own.cert), key: inAnotherRealm(own.key), ca: inAnotherRealm(authority.ca) },
    ],
    ["with an encrypted key", { ...mtls, key: encrypted(own, "open sesame"), passphrase: "open sesame" }],
    ["followed by the certificate of its CA", { ...mtls, cert: own.cert + authority.ca }],
    [
      "with comments and blank lines in `ca`",
      { ...mtls, ca: `# A CA\r\n\r\n${stranger.ca}\n\n# Ours\n${authority.ca}` },
    ],
    ["in one text with its key", { ...mtls, cert: own.key + own.cert, key: own.cert + own.key }],
  ])("connects with a client certificate %s", async (_how, certificate) => {
    await using server = await startMtlsServer(authority);
    await using kiosk = createClient(server, { mtls: certificate });
    expect((await kiosk.getProductionStatus(CARD)).description).toBe("your-bank");
    expect(server.requests).toHaveLength(1);
  });

  it("speaks HTTP/1.1 with a server that prefers HTTP/2", async () => {
    const options = { ...authority.issue("localhost"), ALPNProtocols: ["h2", "http/1.1"] };
    const protocols: unknown[] = [];
    await using server = await startHttpServer(reply(200, { status: "READY" }), (listener) =>
      createServer(options, listener).on("secureConnection", (socket) => protocols.push(socket.alpnProtocol)),
    );
    await using kiosk = createClient(server, { mtls });
    expect((await kiosk.getProductionStatus(CARD)).status).toBe("READY");
    expect(protocols).toEqual(["http/1.1"]);
  });

  it.each(["https://localhost", "https://127.0.0.1"])("verifies that the server is %s", async (url) => {
    await using server = await startMtlsServer(authority);
    await using kiosk = createClient({ url: `${url}:${server.port}` }, { mtls });
    expect((await kiosk.getProductionStatus(CARD)).status).toBe("READY");
  });

  it.each([
    ["with a certificate from an unknown CA", () => startMtlsServer(stranger)],
    ["with a certificate for another name", () => startMtlsServer(authority)],
  ])("sends nothing to a server %s", async (what, start) => {
    await using server = await start();
    const url = what.includes("name") ? `https://kiosk.localhost:${server.port}` : server.url;
    await using kiosk = createClient({ url }, { mtls });
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject({
      name: "KioskConnectionError",
      requestSent: false,
      mayHaveTakenEffect: false,
    });
    expect(server.requests).toEqual([]);
  });

  it("trusts only the CAs of Node.js if `ca` is not set", async () => {
    await using server = await startMtlsServer(authority);
    await using kiosk = createClient(server, { mtls: own });
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject({ requestSent: false });
  });

  it("rejects the call if the client certificate is from an unknown CA", async () => {
    await using server = await startMtlsServer(authority);
    await using kiosk = createClient(server, { mtls: { ...stranger.issue("your-bank"), ca: authority.ca } });
    expect(await catchRejection(kiosk.produceCard(PRODUCE))).toMatchObject({ name: "KioskConnectionError" });
    expect(server.requests).toEqual([]);
  });

  it("does not show the certificate, key or token of an inspected client", () => {
    const kiosk = createClient({ url: "https://localhost" }, { mtls });
    const shown = inspect(kiosk, { depth: null, showHidden: true, getters: true }) + JSON.stringify(kiosk);
    expect(shown).not.toMatch(/PRIVATE|CERTIFICATE|a-token/);
  });
});

it("rejects the call of a client without a certificate", async () => {
  await using server = await startMtlsServer(authority);
  const dispatcher = new Agent({ connect: { ca: authority.ca } });
  expect(await catchRejection(createClient(server, { dispatcher }).produceCard(PRODUCE))).toMatchObject({
    name: "KioskConnectionError",
  });
  expect(server.requests).toEqual([]);
  await dispatcher.destroy();
});

describe("invalid client certificates", () => {
  const { key } = own;
  const rsaKey = newRsaKey(2048);
  const shortKeyed = authority.issue("your-bank", newRsaKey(512));
  const CERT = "cannot be used: `cert` must be a certificate in PEM, not a path or DER";
  const KEY = "cannot be used: `key` must be a private key in PEM, with its `passphrase` if it is encrypted";
  const OTHER_KEY = "cannot be used: `key` must be the private key of `cert`";
  const CA = "cannot be used: `ca` must be certificates in PEM";
  const TOO_SHORT = "cannot be used: TLS refuses it: use RSA of 2048 bits or more, and SHA-256";
  it.each<[string, unknown, string]>([
    ["that is not an object", "PEM", "must be an options object, not a string"],
    ["that is null", null, "must be an options object, not null"],
    ["without a key", { cert: own.cert }, KEY],
    ["without a certificate", { key }, CERT],
    ["that is empty, like an unset variable", { cert: "", key: "" }, CERT],
    ["with an empty key", { ...own, key: "" }, KEY],
    ["with an empty ca", { ...own, ca: "" }, CA],
    ["that is neither text nor bytes", { cert: 7, key }, CERT],
    ["that is a path", { cert: "/etc/ssl/client.pem", key }, CERT],
    ["that is DER", { cert: new X509Certificate(own.cert).raw, key }, CERT],
    ["that is not PEM", { cert: own.cert.replaceAll("-", "_"), key }, CERT],
    ["that is a key", { cert: key, key: own.cert }, CERT],
    ["with a key that is not PEM", { cert: own.cert, key: key.replaceAll("-", "_") }, KEY],
    ["with an indented key", { cert: own.cert, key: ` ${key}` }, KEY],
    ["with a truncated key", { cert: own.cert, key: key.slice(0, 100) }, KEY],
    ["with the key of another certificate", { cert: own.cert, key: stranger.issue("x").key }, OTHER_KEY],
    ["with a key of another kind", { cert: own.cert, key: rsaKey }, OTHER_KEY],
    ["with a key that is too short for TLS", shortKeyed, TOO_SHORT],
    ["with an encrypted key and no passphrase", { cert: own.cert, key: encrypted(own, "open sesame") }, KEY],
    [
      "with an encrypted key and a wrong passphrase",
      { ...own, key: encrypted(own, "open sesame"), passphrase: "wrong-passphrase" },
      KEY,
    ],
    ["with a passphrase that is not a string", { ...own, key: encrypted(own, "7"), passphrase: 7 }, KEY],
    ["with a ca that is not PEM", { ...own, ca: "authority" }, CA],
    ["with a ca whose second certificate is truncated", { ...mtls, ca: authority.ca + authority.ca.slice(0, 200) }, CA],
    ["with a ca whose second certificate is indented", { ...mtls, ca: `${authority.ca} ${authority.ca}` }, CA],
    ["followed by a truncated certificate of its CA", { ...mtls, cert: own.cert + authority.ca.slice(0, 200) }, CERT],
  ])("refuses a client certificate %s", (_what, certificate, advice) => {
    const error = thrownBy({ environment: "sandbox", token: TOKEN, mtls: certificate as ClientCertificate });
    expect(error).toBeInstanceOf(KioskArgumentError);
    expect(error).toMatchObject({ argument: "mtls", message: `mtls ${advice}` });
    const shown = inspect(error, { depth: null, showHidden: true });
    const secret = key.split("\n")[1] ?? "";
    expect(secret).toHaveLength(64);
    expect(shown).not.toContain(secret.slice(0, 20));
    expect(shown).not.toContain("wrong-passphrase");
  });

  it.each([
    ["a dispatcher", { dispatcher: new Agent() }],
    ["a fetch", { fetch }],
  ])("refuses a client certificate beside %s, which makes its own connections", (_what, options) => {
    const error = thrownBy({ environment: "sandbox", token: TOKEN, mtls, ...options });
    expect(error).toMatchObject({ name: "KioskArgumentError", argument: "mtls" });
    expect((error as Error).message).toMatch(/cannot be combined with `dispatcher` or `fetch`/);
  });
});

function newRsaKey(modulusLength: number): string {
  return generateKeyPairSync("rsa", { modulusLength }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
}

/** Writes line breaks as in an environment variable. */
function inOneLine(pem: string, lineBreak = "\\n"): string {
  return pem.trim().replaceAll("\n", lineBreak);
}

function inAnotherRealm(pem: string): Uint8Array {
  const bytes = runInNewContext("Uint8Array.from(bytes)", { bytes: Buffer.from(pem) }) as Uint8Array;
  expect(bytes).not.toBeInstanceOf(Uint8Array);
  return bytes;
}

function encrypted({ key }: Certificate, passphrase: string): string {
  return createPrivateKey(key).export({ type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase }).toString();
}

function thrownBy(options: WiseKioskClientOptions): unknown {
  try {
    return new WiseKioskClient(options);
  } catch (error) {
    return error;
  }
}
