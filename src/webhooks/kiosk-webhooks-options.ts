import type { OptionNames } from "../arguments/read-options.js";
import type { WebhookPublicKey } from "./public-key.js";

/** Whose signatures to believe: Wise's in one of its environments, or those by keys of your own choice. */
export type WebhookSigner =
  | { readonly environment?: undefined; readonly publicKeys: readonly WebhookPublicKey[] }
  | {
      /** Wise's environment, whose published key is believed. There is no default. */
      readonly environment: "production" | "sandbox";
      /** The keys to believe instead of the published one, at least one. A signature by any of them is accepted. */
      readonly publicKeys?: readonly WebhookPublicKey[] | undefined;
    };

/** The options of `KioskWebhooks`. */
export type KioskWebhooksOptions = {
  /**
   * Your subscriptions: the ids that Wise gave when they were created. Give them: Wise signs the deliveries of all its customers
   * with one key and anyone may subscribe your URL, so a good signature says that Wise sent an event, not that it is yours.
   * At least one where given; letter case does not matter. Not applied to test notifications, whose id may be all zeros.
   */
  readonly subscriptionIds?: readonly string[] | undefined;
  /**
   * Your client ids at Wise, as an alternative to `subscriptionIds` where subscriptions are created on the fly. Where both are
   * given, every id that an event carries has to be in its list, and at least one has to be.
   */
  readonly clientIds?: readonly string[] | undefined;
} & WebhookSigner;

/** The names of {@link KioskWebhooksOptions}. */
export const WEBHOOKS_OPTION_NAMES: OptionNames<KioskWebhooksOptions> = {
  environment: true,
  publicKeys: true,
  subscriptionIds: true,
  clientIds: true,
};
