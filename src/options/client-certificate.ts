import { X509Certificate } from "node:crypto";
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
    cert: parsePem(cert),
    key: parsePem(key),
    ca: ca === undefined ? undefined : parsePem(ca),
    passphrase,
  };
  try {
    // Node.js ignores an unreadable CA, and then trusts none.
    if (tls.ca !== undefined) new X509Certificate(tls.ca);
    createSecureContext(tls);
  } catch {
    throw new KioskArgumentError(
      "mtls",
      "could not be read: `cert` and `ca` must be PEM certificates, and `key` must be the private key of `cert` in PEM, with its `passphrase` if it is encrypted",
    );
  }
  return { tls, proxy: proxy === undefined ? undefined : parseProxyUrl("mtls.proxy", proxy) };
}

function parsePem(value: unknown): string {
  const bytes = toBytes(value);
  const text = bytes === undefined ? value : Buffer.from(bytes).toString();
  if (typeof text === "string" && text !== "") return withLineBreaks(text);
  throw new KioskArgumentError(
    "mtls",
    "must contain `cert` and `key`, and optionally `ca`, in PEM as a string or bytes",
  );
}
