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
  if (!isUsable(tls)) {
    throw new KioskArgumentError(
      "mtls",
      "must contain `cert`, its private `key`, with the `passphrase` if that is encrypted, and optionally `ca`: in PEM, as strings or bytes",
    );
  }
  return { tls, proxy: proxy === undefined ? undefined : parseProxyUrl("mtls.proxy", proxy) };
}

/** Returns the text of a string or bytes, and an empty one for any other value. */
function toPem(value: unknown): string {
  const bytes = toBytes(value);
  const text = bytes === undefined ? value : Buffer.from(bytes).toString();
  return typeof text === "string" ? withLineBreaks(text) : "";
}

/** Whether everything can be read, and the key is that of the certificate. */
function isUsable(tls: { cert: string; key: string; ca: string | undefined; passphrase: string | undefined }): boolean {
  const { cert, ca } = tls;
  try {
    // It ignores an unreadable CA and a key of another kind, and that of Deno whatever it cannot use: a connection then has none.
    createSecureContext(tls);
    if (ca !== undefined) new X509Certificate(ca);
    const [own] = `\n${cert}\n${ca}`
      .split(/^(?=[^\S\n]*-----BEGIN .*CERTIFICATE-----)/m)
      .slice(1)
      .map((pem) => new X509Certificate(pem)) as [X509Certificate];
    // In workerd, `checkPrivateKey` always returns `false`.
    return createPublicKey(own.toString()).equals(createPublicKey(createPrivateKey(tls)));
  } catch {
    return false;
  }
}
