import type { Environment } from "../arguments/environment.js";
import type { OptionNames } from "../arguments/parse-options.js";
import type { KioskWebhookContext } from "./http/handler.js";
import type { WebhookPublicKey } from "./signature/public-key.js";

/** Whose signatures to trust: Wise's in one of its environments, or those by keys of your own choice. */
export type WebhookSigner =
  | { readonly environment?: undefined; readonly publicKeys: readonly WebhookPublicKey[] }
  | {
      /** Wise's environment, whose published key is trusted. There is no default. */
      readonly environment: Environment;
      /** The keys to trust instead of the published one, at least one. A signature by any of them is accepted. */
      readonly publicKeys?: readonly WebhookPublicKey[] | undefined;
    };

/** The options of `KioskWebhooks`. */
export type KioskWebhooksOptions = {
  /**
   * Your subscriptions: the ids that Wise gave when they were created. Give them: Wise signs the deliveries of all its customers
   * with one key and anyone may subscribe your URL, so a valid signature says that Wise sent an event, not that it is yours.
   * At least one id; letter case does not matter. Not applied to test notifications, whose id may be all zeros.
   */
  readonly subscriptionIds?: readonly string[] | undefined;
  /**
   * Your client ids at Wise, as an alternative to `subscriptionIds` if subscriptions are created on the fly. If both are given,
   * every id that an event carries must be in its list, and at least one must be there.
   */
  readonly clientIds?: readonly string[] | undefined;
  /**
   * Called with a `KioskArgumentError` for each of the `publicKeys` that this runtime cannot import or verify with, once for each
   * key, at the first delivery that needs it. The other keys still match. Also the default for the `onError` of handlers, which
   * then get their errors here, with the context of the delivery.
   *
   * Without it, a handler's own `onError` is called for such a key; without either, only the messages of signature errors name
   * it. What it throws is ignored.
   */
  readonly onError?: ((error: unknown, context?: KioskWebhookContext) => unknown) | undefined;
} & WebhookSigner;

/** The names of {@link KioskWebhooksOptions}. */
export const WEBHOOKS_OPTION_NAMES: OptionNames<KioskWebhooksOptions> = {
  environment: true,
  publicKeys: true,
  subscriptionIds: true,
  clientIds: true,
  onError: true,
};
