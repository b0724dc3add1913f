// Tries to print in a worker, for `workerd test`. Prints the outcomes as JSON.
import { WiseKioskClient } from "wise-card-kiosk";

async function print(options) {
  try {
    const kiosk = new WiseKioskClient({ baseUrl: "https://gateway.example", token: "token", ...options });
    return (await kiosk.produceCard({ profileId: 1, cardToken: "card", kioskId: "WIS00001" })).status;
  } catch ({ code, argument, message, mayHaveTakenEffect }) {
    return { code, argument, message, mayHaveTakenEffect };
  }
}

const respond = async () => Response.json({ status: "IN_PROGRESS" });
const neverRespond = () => new Promise(() => {});

export default {
  /** Reads a status with a limit that the timer wheel would measure. */
  async fetch({ url }) {
    const fetch = url.endsWith("/silent") ? neverRespond : respond;
    const kiosk = new WiseKioskClient({ baseUrl: "https://gateway.example", token: "token", maxRetries: 0, fetch });
    const read = kiosk.getProductionStatus({ profileId: 1, cardToken: "card" }, { timeoutMs: 1100 });
    return new Response(await read.then(({ status }) => status).catch(({ code }) => code));
  },

  async test(_controller, { MTLS: mtls, SELF }) {
    const results = { default: await print(), mtls: await print({ mtls }), fetch: await print({ fetch: respond }) };
    const requests = [];
    for (const path of ["/", "/silent"])
      requests.push(await (await SELF.fetch(`https://worker.example${path}`)).text());
    console.log(JSON.stringify({ ...results, requests }));
  },
};
