import { WiseKioskClient } from "wise-card-kiosk";
import { setMachineClock } from "../../support/machine-clock.js";
import { CARD, PRODUCE } from "../../support/transports.js";

/** Reads the card, stores the intent to print it on stdout, and is killed while the request is under way. */
setMachineClock();
const { WISE_URL: baseUrl = "", WISE_TOKEN: token = "" } = process.env;
const kiosk = new WiseKioskClient({ baseUrl, token, timeoutMs: 20_000 });
await kiosk.getProductionStatus(CARD);
const onIntent = (intent: object) => void process.stdout.write(JSON.stringify(intent));
await kiosk.produceCard({ ...PRODUCE, onIntent });
