import { type Environment, isEnvironment } from "../arguments/environment.js";
import { mustBe, quoteValue } from "../arguments/found-value.js";
import { type BaseUrl, parseBaseUrl } from "./base-url.js";
import { findOrigin } from "./environment.js";

/** Where requests go: to one of Wise's environments, or to a gateway, proxy or simulator. */
export type EndpointOptions =
  // In this order, and with `undefined` for the environment, TypeScript reports a missing `token` and not a missing `baseUrl`.
  | { readonly environment?: undefined; readonly baseUrl: string | URL }
  | {
      /** Wise's environment. There is no default: a silent one would print real cards, or none. */
      readonly environment: Environment;
      /**
       * A gateway, proxy or simulator instead of the environment's host. A path prefix is kept; user name, password, query and
       * fragment are refused, and so is plain `http:` to other than loopback, unless `allowInsecureHttp` is `true`.
       */
      readonly baseUrl?: string | URL | undefined;
    };

/** The options that say where requests go. */
export interface EndpointValues {
  readonly environment?: Environment | undefined;
  readonly baseUrl?: string | URL | undefined;
  readonly allowInsecureHttp?: boolean | undefined;
  readonly mtls?: object | undefined;
}

/** @throws {KioskArgumentError} if neither an environment nor a URL is given, or one that cannot be used. */
export function parseEndpoint({ environment, baseUrl, allowInsecureHttp, mtls }: EndpointValues): BaseUrl {
  if (!isEnvironment(environment) && !(environment === undefined && baseUrl !== undefined)) {
    throw mustBe(
      "environment",
      "'production' or 'sandbox' (there is no default) unless `baseUrl` is given",
      quoteValue(environment),
    );
  }
  const own = isEnvironment(environment) ? findOrigin(environment, mtls !== undefined) : undefined;
  return parseBaseUrl(baseUrl ?? own, allowInsecureHttp === true);
}
