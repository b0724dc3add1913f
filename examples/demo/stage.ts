import type { CardReference, KioskWebhookEvent, WiseKioskClientOptions } from "wise-card-kiosk";

/** Where the demo is played: which Wise, and which card at which kiosk. */
export interface Stage extends AsyncDisposable {
  /** One line for the spectator. */
  readonly title: string;
  readonly clientOptions: WiseKioskClientOptions;
  readonly card: CardReference;
  readonly kioskId: string;
  /** The events that a webhook receives, where there is one. */
  readonly events?: AsyncIterable<KioskWebhookEvent>;
}
