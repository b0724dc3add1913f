import { type Environment, isEnvironment } from "../arguments/environment.js";
import { mustBe, quoteValue } from "../arguments/found-value.js";
import { type BaseUrl, parseBaseUrl } from "./base-url.js";
import { findOrigin } from "./wise-hosts.js";

/** The destination of requests: a Wise environment, or a gateway, proxy or simulator. */
export type EndpointOptions =
  // In this order, and with `undefined` for the environment, TypeScript reports a missing `token` and not a missing `baseUrl`.
  | {
      /** Not set: `baseUrl` says where requests go. */
      readonly environment?: undefined;
      /** The URL of a gateway, proxy or simulator. The same rules apply as with an `environment`. */
      readonly baseUrl: string | URL;
    }
  | {
      /** The Wise environment. There is no default: a silent one would print real cards, or none. */
      readonly environment: Environment;
      /**
       * The URL of a gateway, proxy or simulator. Default: the environment's host. A path prefix is kept. A user name, password,
       * query or fragment is refused. Plain `http:` is refused unless the host is loopback or `allowInsecureHttp` is `true`.
       */
      readonly baseUrl?: string | URL | undefined;
    };

/** The options that decide where requests go, before validation. */
export interface EndpointValues {
  readonly environment?: Environment | undefined;
  readonly baseUrl?: string | URL | undefined;
  readonly allowInsecureHttp?: boolean | undefined;
  /** If it is set, requests go to the environment's mTLS host, unless `baseUrl` is given. */
  readonly mtls?: object | undefined;
}

/**
 * Returns the base URL of requests: `baseUrl`, or else the environment's host.
 *
 * @throws {KioskArgumentError} if neither an environment nor a URL is given, or if one of them is not valid.
 */
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
