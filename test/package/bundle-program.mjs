// A program that users bundle. It prints a card over each kind of connection that the client can open, and verifies a webhook.
// Its first argument holds the options as JSON.
import { WiseKioskClient } from "wise-card-kiosk";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";

const { plainUrl, mtlsUrl, mtls, proxy, webhook, withoutHeaders } = JSON.parse(process.argv[2]);

// Without this class, Node.js does not load its own undici.
if (withoutHeaders) globalThis.Headers = undefined;

async function findOutcome(work) {
  try {
    return await work();
  } catch (error) {
    const { code, argument, message, mayHaveTakenEffect } = error;
    return { code, argument, message, mayHaveTakenEffect };
  }
}

async function print(options) {
  let tokens = 0;
  const token = () => {
    tokens += 1;
    return "a-token-of-visible-ascii-0123456789";
  };
  const kiosk = new WiseKioskClient({ token, ...options });
  const printed = await findOutcome(async () => {
    const { status } = await kiosk.produceCard({ profileId: 123456, cardToken: "ca0c", kioskId: "WIS00001" });
    return status;
  });
  await kiosk.close();
  return { printed, attempts: tokens };
}

async function verify() {
  const webhooks = new KioskWebhooks({ publicKeys: [webhook.publicKey] });
  return (await webhooks.unwrap(webhook.body, webhook.headers)).type;
}

async function main() {
  return {
    plain: await print({ baseUrl: plainUrl }),
    mtls: await print({ baseUrl: mtlsUrl, mtls }),
    proxy: await print({ baseUrl: mtlsUrl, mtls: { ...mtls, proxy } }),
    webhook: await findOutcome(verify),
  };
}

void main().then((results) => console.log(JSON.stringify(results)));
