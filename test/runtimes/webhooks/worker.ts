import { type KioskWebhookHandler, KioskWebhooks } from "wise-card-kiosk/webhooks";

let handler: KioskWebhookHandler | undefined;

/** A worker as a user would deploy it: one receiver for all requests to an isolate. */
export default {
  async fetch(request: Request, { PUBLIC_KEY }: { readonly PUBLIC_KEY: string }): Promise<Response> {
    handler ??= new KioskWebhooks({ publicKeys: [PUBLIC_KEY] }).handler({
      onProduction: (event) => console.log(event.production.status),
    });
    return handler(request);
  },
};
