import type { Environment } from "../arguments/environment.js";
import { withoutTrailing } from "../text/without-trailing.js";

/** Wise's hosts: without a client certificate, and with one. */
const ORIGINS: Readonly<Record<Environment, { readonly tls: string; readonly mtls: string }>> = {
  production: { tls: "https://api.wise.com", mtls: "https://api-mtls.transferwise.com" },
  sandbox: { tls: "https://api.wise-sandbox.com", mtls: "https://api-mtls.wise-sandbox.com" },
};

/** The domains under which only Wise's production is served. */
const PRODUCTION_DOMAINS = ["wise.com", "transferwise.com"];

/**
 * The origin of an environment.
 *
 * @see https://docs.wise.com/guides/developer/environments
 */
export function findOrigin(environment: Environment, withClientCertificate: boolean): string {
  return ORIGINS[environment][withClientCertificate ? "mtls" : "tls"];
}

/** Whether a host is one of Wise's production. */
export function isProductionHost(hostname: string): boolean {
  const host = withoutTrailing(".", hostname.toLowerCase());
  return PRODUCTION_DOMAINS.some((domain) => host === domain || host.endsWith(`.${domain}`));
}
