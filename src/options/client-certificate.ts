import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { type OptionNames, parseNestedOptions } from "../arguments/parse-options.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { toBytes } from "../text/bytes.js";
import { withLineBreaks } from "../text/pem.js";
import type { ClientCertificate, ClientIdentity } from "../transport/mtls-pool.js";
import { parseProxyUrl } from "./proxy-url.js";

const MTLS_OPTION_NAMES: OptionNames<ClientCertificate> = {
  cert: true,
  key: true,
  ca: true,
  passphrase: true,
  proxy: true,
};

/**
 * Parses the `mtls` option. Error messages quote nothing of it.
 *
 * @throws {KioskArgumentError} if it cannot be used to connect.
 */
export function parseClientCertificate(mtls: ClientCertificate): ClientIdentity {
  const { cert, key, ca, passphrase, proxy } = parseNestedOptions("mtls", mtls, MTLS_OPTION_NAMES);
  const tls = {
    cert: toPem(cert),
    // Deno finds it only if nothing surrounds it.
    key: String(/^-----BEGIN .*PRIVATE KEY-----[\s\S]+?-----END.*/m.exec(toPem(key))),
    ca: ca === undefined ? undefined : toPem(ca),
    passphrase,
  };
  requireUsable(tls);
  return { tls, proxy: proxy === undefined ? undefined : parseProxyUrl("mtls.proxy", proxy) };
}

/** Returns the text of a string or bytes, and an empty one for any other value. */
function toPem(value: unknown): string {
  return withLineBreaks(typeof value === "string" ? value : Buffer.from(toBytes(value) ?? "").toString());
}

/** @throws {KioskArgumentError} if a part cannot be read, or the key is not that of the certificate. */
function requireUsable(tls: ClientIdentity["tls"] & { cert: string; key: string; ca: string | undefined }): void {
  const { cert, ca } = tls;
  const own = read("`cert` must be a certificate in PEM, not a path or DER", () =>
    createPublicKey(firstCertificate(cert)),
  );
  const key = read("`key` must be a private key in PEM, with its `passphrase` if it is encrypted", () =>
    createPrivateKey(tls),
  );
  // In workerd, `checkPrivateKey` always returns `false`.
  if (!createPublicKey(key).equals(own)) throw unusable("`key` must be the private key of `cert`");
  if (ca !== undefined) read("`ca` must be certificates in PEM", () => firstCertificate(ca));
  // `createSecureContext` ignores an unreadable CA and a key of another kind, and Deno's ignores whatever it cannot use and then
  // connects without a certificate. Hence the checks above.
  read("TLS refuses it: use RSA of 2048 bits or more, and SHA-256", () => createSecureContext(tls));
}

function read<T>(fault: string, parse: () => T): T {
  try {
    return parse();
  } catch {
    throw unusable(fault);
  }
}

function unusable(fault: string): KioskArgumentError {
  return new KioskArgumentError("mtls", `cannot be used: ${fault}`);
}

/** Reads all certificates of a PEM text, and returns the first one. Throws if there is none, or if one cannot be read. */
function firstCertificate(pem: string): string {
  const [first] = `\n${pem}`
    .split(/^(?=[^\S\n]*-----BEGIN .*CERTIFICATE-----)/m)
    .slice(1)
    .map((text) => new X509Certificate(text)) as [X509Certificate];
  return first.toString();
}
