import type { CardReference, KioskWebhookEvent, WiseKioskClientOptions } from "wise-card-kiosk";

/** Where the demo runs: against which Wise, and with which card and kiosk. */
export interface Stage extends AsyncDisposable {
  /** One line that says where the demo runs. */
  readonly title: string;
  readonly clientOptions: WiseKioskClientOptions;
  readonly card: CardReference;
  readonly kioskId: string;
  /** The events that a webhook receives, if there is one. */
  readonly events?: AsyncIterable<KioskWebhookEvent>;
}
