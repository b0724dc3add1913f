import type { Environment } from "../arguments/environment.js";
import { withoutTrailing } from "../text/without-trailing.js";

/** Wise's hosts: without a client certificate (`tls`), and with one (`mtls`). */
const ORIGINS: Readonly<Record<Environment, { readonly tls: string; readonly mtls: string }>> = {
  production: { tls: "https://api.wise.com", mtls: "https://api-mtls.transferwise.com" },
  sandbox: { tls: "https://api.wise-sandbox.com", mtls: "https://api-mtls.wise-sandbox.com" },
};

/** The domains that serve only Wise's production environment. */
const PRODUCTION_DOMAINS = ["wise.com", "transferwise.com"];

/**
 * Returns the origin of an environment.
 *
 * @see https://docs.wise.com/guides/developer/environments
 */
export function findOrigin(environment: Environment, withClientCertificate: boolean): string {
  return ORIGINS[environment][withClientCertificate ? "mtls" : "tls"];
}

/** Returns whether a host belongs to Wise's production environment. */
export function isProductionHost(hostname: string): boolean {
  const host = withoutTrailing(".", hostname.toLowerCase());
  return PRODUCTION_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
