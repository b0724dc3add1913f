import { isKioskError, KioskWebhooks } from "wise-card-kiosk/webhooks";
import { runAll } from "./assert.js";
import { conformance } from "./conformance.js";

/** What the tests call in a page of a browser. */
export interface TestPage {
  /** Runs the conformance cases, and returns the names of those that passed. */
  runConformance(): Promise<readonly string[]>;
  /** Returns the status in a delivery, or the code and the reason of the error. */
  unwrap(body: string, headers: Record<string, string>, publicKey: string): Promise<string>;
}

const page: TestPage = {
  runConformance: () => runAll(conformance),
  async unwrap(body, headers, publicKey) {
    try {
      const event = await new KioskWebhooks({ publicKeys: [publicKey] }).unwrap(body, headers);
      return event.type === "other" ? event.type : event.production.status;
    } catch (error) {
      if (isKioskError(error) && error.code === "ERR_WEBHOOK_SIGNATURE") return `${error.code} ${error.reason}`;
      throw error;
    }
  },
};

Object.assign(globalThis, { testPage: page });
