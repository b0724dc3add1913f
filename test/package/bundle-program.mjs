// A program that users bundle. It receives two deliveries of a webhook, and prints a card over each kind of connection that the
// client can open. Its first argument holds the options as JSON. It prints the URL of its receiver, and then its results as JSON.
import { once } from "node:events";
import { createServer } from "node:http";
import { WiseKioskClient } from "wise-card-kiosk";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";
import { nodeListener } from "wise-card-kiosk/webhooks/node";

const { plainUrl, mtlsUrl, mtls, proxy, publicKey, deliveries, withoutHeaders } = JSON.parse(process.argv[2]);

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
  const printed = await findOutcome(async () => {
    const kiosk = new WiseKioskClient({ token, ...options });
    try {
      return (await kiosk.produceCard({ profileId: 123456, cardToken: "ca0c", kioskId: "WIS00001" })).status;
    } finally {
      await kiosk.close();
    }
  });
  return { printed, attempts: tokens };
}

/** Receives as many deliveries as will come. Returns what became of each. */
async function receive() {
  const received = [];
  const receiver = new KioskWebhooks({ publicKeys: [publicKey] }).handler({
    onProduction: ({ production }) => received.push(production.status),
    onError: ({ code, reason }) => received.push(`${code} ${reason}`),
  });
  const server = createServer(nodeListener(receiver));
  await once(server.listen(0, "127.0.0.1"), "listening");
  console.log(`http://127.0.0.1:${server.address().port}/`);
  for (let open = deliveries; open > 0; open -= 1) {
    const [, response] = await once(server, "request");
    await once(response, "close");
  }
  server.close();
  return received;
}

async function main() {
  const received = await receive();
  // Without this class, Node.js does not load its own undici.
  if (withoutHeaders) globalThis.Headers = undefined;
  return {
    plain: await print({ baseUrl: plainUrl }),
    mtls: await print({ baseUrl: mtlsUrl, mtls }),
    proxy: await print({ baseUrl: mtlsUrl, mtls: { ...mtls, proxy } }),
    received,
  };
}

void main().then((results) => console.log(JSON.stringify(results)));
