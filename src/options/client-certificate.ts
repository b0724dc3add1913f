import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { type OptionNames, readNestedOptions } from "../arguments/read-options.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import { toBytes } from "../text/bytes.js";
import { withLineBreaks } from "../text/pem.js";
import type { ClientCertificate, ClientIdentity } from "../transport/mtls-pool.js";
import { readProxyUrl } from "./proxy-url.js";

const OPTION_NAMES: OptionNames<ClientCertificate> = { cert: true, key: true, ca: true, passphrase: true, proxy: true };

/**
 * Reads the option `mtls`. No message quotes anything of it.
 *
 * @throws {KioskArgumentError} if it cannot be used to connect.
 */
export function readClientCertificate(mtls: ClientCertificate): ClientIdentity {
  const { cert, key, ca, passphrase, proxy } = readNestedOptions("mtls", mtls, OPTION_NAMES);
  const tls = {
    cert: readPem(cert),
    key: readPem(key),
    ...(ca === undefined ? {} : { ca: readPem(ca) }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
  try {
    // TLS would skip an authority that it cannot read, and then trust nobody.
    if (tls.ca !== undefined) new X509Certificate(tls.ca);
    createSecureContext(tls);
  } catch {
    throw new KioskArgumentError(
      "mtls",
      "could not be read: `cert` and `ca` must be PEM certificates, and `key` the private key of `cert` in PEM, with its `passphrase` if it is encrypted",
    );
  }
  return { tls, proxy: proxy === undefined ? undefined : readProxyUrl("mtls.proxy", proxy) };
}

function readPem(value: unknown): string {
  const bytes = toBytes(value);
  const text = bytes === undefined ? value : Buffer.from(bytes).toString();
  if (typeof text === "string" && text !== "") return withLineBreaks(text);
  throw new KioskArgumentError("mtls", "must have `cert` and `key`, and may have `ca`, in PEM as a string or bytes");
}
