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

export default {
  async test() {
    const fetch = async () => Response.json({ status: "IN_PROGRESS" });
    const mtls = { cert: "no certificate", key: "no key" };
    console.log(JSON.stringify({ default: await print(), mtls: await print({ mtls }), fetch: await print({ fetch }) }));
  },
};
