import { KioskWebhooks } from "wise-card-kiosk/webhooks";

let receive;

/** Receives the webhook on Node.js. */
export function POST(request) {
  receive ??= new KioskWebhooks({ publicKeys: [process.env.PUBLIC_KEY] }).handler({
    onProduction: ({ production }) => console.log(production.status),
  });
  return receive(request);
}
