import { type ProductionIntent, WiseKioskClient } from "wise-card-kiosk";
import { setMachineClock } from "../../support/machine-clock.js";

/** Finds out what became of an intent, and prints the outcome or the code of the error. */
setMachineClock();
const { WISE_URL: baseUrl = "", WISE_TOKEN: token = "", INTENT = "", DEADLINE_MS } = process.env;
const kiosk = new WiseKioskClient({ baseUrl, token, reconcileWindowMs: 5000 });
const intent = JSON.parse(INTENT) as ProductionIntent;
try {
  const { outcome } = await kiosk.reconcileProduction(intent, {
    deadlineMs: DEADLINE_MS ? Number(DEADLINE_MS) : undefined,
  });
  process.stdout.write(outcome);
} catch (error) {
  process.stdout.write((error as { code: string }).code);
}
