import { describeValue, mustBe, quoteValue } from "../arguments/found-value.js";
import { type OptionNames, parseOptions } from "../arguments/parse-options.js";
import { KioskArgumentError } from "../errors/argument-error.js";
import type { BaseUrl } from "../options/base-url.js";
import { parseUrl } from "../options/parse-url.js";
import { SCHEMA_VERSION_PATTERN } from "../schemas/subscription.js";
import { PRODUCTION_EVENT_TYPE } from "../schemas/webhook-event.js";
import { isLoopbackHost } from "../text/loopback-host.js";
import { receiverUrlFault } from "../text/receiver-url.js";

/** The subscription to create or to find. */
export interface SubscriptionRequest {
  /**
   * The URL of your receiver. Wise delivers to `https:` with a domain name, without a port, query, user name or password. If
   * `baseUrl` is on this machine, the URL may be too, such as `http://127.0.0.1:3000`.
   */
  readonly url: string | URL;
  /** The name of the subscription, for people: not blank. Default: `Kiosk production`. */
  readonly name?: string | undefined;
  /** The schema version of the events. Default: `4.0.0`, whose times have milliseconds. */
  readonly version?: "2.0.0" | "4.0.0" | (string & {}) | undefined;
  /**
   * Whether Wise presents a client certificate to your receiver. Import Wise's certificate chain there first. A guide of Wise
   * describes it, but Wise's OpenAPI description does not contain it. Default: not sent.
   *
   * @see https://docs.wise.com/guides/developer/auth-and-security/mtls-for-webhooks
   */
  readonly mtlsEnabled?: boolean | undefined;
}

/** A validated {@link SubscriptionRequest}. */
export interface WantedSubscription {
  readonly url: string;
  readonly name: string;
  readonly version: string;
  readonly mtlsEnabled: boolean | undefined;
}

const REQUEST_NAMES: OptionNames<SubscriptionRequest> = { url: true, name: true, version: true, mtlsEnabled: true };

/**
 * Validates a request and adds the defaults.
 *
 * @throws {KioskArgumentError} if an option is unknown or invalid. The message names the rule that the URL breaks, and does not
 * quote the URL.
 */
export function parseSubscriptionRequest(given: SubscriptionRequest, baseUrl: BaseUrl): WantedSubscription {
  const {
    url,
    name = "Kiosk production",
    version = "4.0.0",
    mtlsEnabled,
  } = parseOptions("request", given, REQUEST_NAMES);
  if (typeof name !== "string" || name.trim() === "") throw mustBe("name", "a non-blank string", describeValue(name));
  if (typeof version !== "string" || !SCHEMA_VERSION_PATTERN.test(version)) {
    throw mustBe("version", "a schema version such as '4.0.0'", quoteValue(version));
  }
  if (mtlsEnabled !== undefined && typeof mtlsEnabled !== "boolean") {
    throw mustBe("mtlsEnabled", "true or false", describeValue(mtlsEnabled));
  }
  return { url: parseReceiverUrl(url, isLoopbackHost(baseUrl.hostname)), name, version, mtlsEnabled };
}

/** Returns the body of the request that creates a subscription. */
export function toRequestBody({ url, name, version, mtlsEnabled }: WantedSubscription): object {
  // JSON leaves out what is `undefined`.
  return { name, trigger_on: PRODUCTION_EVENT_TYPE, delivery: { version, url, mtls_enabled: mtlsEnabled } };
}

/** Returns the URL as `URL` writes it, so that what is sent is what the rules were applied to. */
function parseReceiverUrl(value: string | URL, allowsLoopback: boolean): string {
  if (typeof value !== "string" && parseUrl(value) === undefined) {
    throw mustBe("url", "an absolute URL, as a string or URL", describeValue(value));
  }
  const text = String(value);
  const fault = receiverUrlFault(text, allowsLoopback);
  if (fault !== undefined) throw new KioskArgumentError("url", fault);
  return new URL(text).href;
}
