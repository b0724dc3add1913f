import type { Environment } from "../arguments/environment.js";
import type { OptionNames } from "../arguments/parse-options.js";
import type { KioskWebhookContext } from "./http/handler.js";
import type { WebhookPublicKey } from "./signature/public-key.js";

/** The signatures to trust: those of a Wise environment, or those by keys of your own choice. */
export type WebhookSigner =
  | {
      /** Omitted: `publicKeys` alone are trusted. */
      readonly environment?: undefined;
      /** The keys to trust, at least one. A signature by any of them is accepted. */
      readonly publicKeys: readonly WebhookPublicKey[];
    }
  | {
      /** The Wise environment: its published key is trusted, unless you pass `publicKeys`. There is no default. */
      readonly environment: Environment;
      /** The keys to trust instead of the published one, at least one. A signature by any of them is accepted. */
      readonly publicKeys?: readonly WebhookPublicKey[] | undefined;
    };

/** Options for `KioskWebhooks`. */
export type KioskWebhooksOptions = {
  /**
   * The ids of your subscriptions, as Wise returned them on creation: at least one, letter case does not matter. Default: the
   * subscription of an event is not checked.
   *
   * Set it: Wise signs the deliveries of all its customers with one key, and anyone can subscribe your URL. A valid signature
   * proves that Wise sent an event, not that the event is yours. Test notifications are not checked, because their id may be
   * all zeros.
   */
  readonly subscriptionIds?: readonly string[] | undefined;
  /**
   * Your client ids at Wise, as an alternative to `subscriptionIds` if subscriptions are created on the fly: at least one, letter
   * case does not matter. Default: the client of an event is not checked. If you set both, an event must carry at least one of
   * the two ids, and each id that it carries must be in its list.
   *
   * An event is not yours either if Wise left such an id out: `onError` gets a `KioskWebhookForeignError`.
   */
  readonly clientIds?: readonly string[] | undefined;
  /**
   * Called with a `KioskArgumentError` for each of the `publicKeys` that this runtime cannot import or verify with: once for each
   * key, at the first delivery that needs it. The other keys still match. It is also the default `onError` of handlers, and then
   * receives their errors with the context of the delivery. It is awaited for at most a second, and what it throws is ignored.
   *
   * Default: none. Then such a key is reported to the `onError` of the handler; without that, only the messages of signature
   * errors name it.
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
