// Reads a status with each of several client certificates, and prints the outcomes as JSON.
// Arguments: the URL of a server, and the client certificates as JSON.
import { WiseKioskClient } from "wise-card-kiosk";

const [, , baseUrl, certificates] = process.argv;

async function read(mtls) {
  try {
    const kiosk = new WiseKioskClient({ baseUrl, token: "token", maxRetries: 0, mtls });
    const read = kiosk.getProductionStatus({ profileId: 123456, cardToken: "ca0c" });
    return (await read.finally(() => kiosk.close())).description;
  } catch ({ code, message }) {
    return code === "ERR_ARGUMENT" ? message : code;
  }
}

const outcomes = {};
for (const [name, mtls] of Object.entries(JSON.parse(certificates))) outcomes[name] = await read(mtls);
console.log(JSON.stringify(outcomes));
process.exit();
