import { expect, it } from "vitest";
import { WiseKioskClient, type WiseKioskClientOptions } from "wise-card-kiosk";
import { memoryPrintJobStore, type PrintJob, PrintJobs } from "wise-card-kiosk/print-jobs";
import { createKioskSimulator, type KioskSimulator, type SimulatedCard } from "wise-card-kiosk/testing";
import { KioskWebhooks } from "wise-card-kiosk/webhooks";
import { toClerkView } from "../../examples/branch-backend/clerk-view.js";

const CARD = { profileId: 123456, cardToken: "ca0c8154-1e14-4464-a1ce-dcea7dc3de52" };

interface Situation {
  readonly prepare?: (card: SimulatedCard, simulator: KioskSimulator) => unknown;
  readonly options?: Partial<WiseKioskClientOptions>;
  /** The code with which Wise refuses the request. */
  readonly refusal?: string;
}

/** Prints a card in a situation, and returns what the clerk sees of the print. */
async function viewAfterPrint({ prepare, options = {}, refusal }: Situation) {
  const outcomes = refusal === undefined ? [] : [{ refuse: refusal }];
  const simulator = createKioskSimulator({ kiosks: ["WIS00001", "WIS00002"], cards: [{ ...CARD, outcomes }] });
  prepare?.(simulator.card(CARD.cardToken), simulator);
  const client = new WiseKioskClient({ ...simulator.clientOptions(), maxRetries: 0, ...options });
  const jobs = new PrintJobs({ client, store: memoryPrintJobStore() });
  return toClerkView(await jobs.print({ ...CARD, kioskId: "WIS00001" }));
}

it.each<[string, Situation, string]>([
  [
    "is printed already",
    { prepare: (card) => card.produce().complete() },
    "Nothing was printed for this request. PRODUCED at kiosk WIS00001. The card is produced and collected. No further action is needed.",
  ],
  [
    "another kiosk is printing",
    { prepare: (card) => card.produce("WIS00002") },
    "Nothing was printed for this request. IN_PROGRESS at kiosk WIS00002. The kiosk is producing the card. Wait for the result.",
  ],
  [
    "the bank has no access to",
    { options: { token: "rejected-token" } },
    "Nothing was printed for this request. The bank has no access to this card at Wise. Ask support.",
  ],
  [
    "Wise does not know",
    { prepare: (_card, simulator) => simulator.injectFault({ fault: { httpStatus: 404 } }) },
    "Nothing was printed for this request. Wise does not know this card. Ask support.",
  ],
  [
    "is older than 60 days",
    { prepare: (card) => card.expire() },
    "Nothing was printed for this request. The card may be older than 60 days. Order a new one.",
  ],
])("the branch backend does not offer to print a card again that %s", async (_which, situation, message) => {
  expect(await viewAfterPrint(situation)).toMatchObject({ state: "not-sent", message, mayPrintAgain: false });
});

it.each<["offers" | "does not offer", string, Situation, string]>([
  [
    "offers",
    "after a refusal that may not happen again",
    { refusal: "PIN_VERIFICATION_FAILED" },
    "Wait a little, then read the status, and repeat the request if the card can still be produced.",
  ],
  [
    "offers",
    "after a refusal of the kiosk id",
    { refusal: "KIOSK_ID_NOT_FOUND" },
    "Check the kiosk id and the card, and send a corrected request. If both are correct, contact Wise.",
  ],
  [
    "does not offer",
    "after a refusal that would happen again",
    { refusal: "CARD_TYPE_NOT_FOUND" },
    "Contact Wise: the same request would be refused again.",
  ],
  [
    "offers",
    "after a request that did not reach Wise",
    { prepare: (_card, simulator) => simulator.injectFault({ fault: "connection-refused" }) },
    "Nothing was printed for this request. Print the card again.",
  ],
  [
    "does not offer",
    "while the kiosk is printing",
    {},
    "The kiosk is printing the card, or will print it. IN_PROGRESS at kiosk WIS00001. The kiosk is producing the card. Wait for the result.",
  ],
])("the branch backend %s to print a card again %s", async (offers, _when, situation, end) => {
  const view = await viewAfterPrint(situation);
  expect(view.mayPrintAgain).toBe(offers === "offers");
  expect(view.message.endsWith(end), view.message).toBe(true);
});

it("the branch backend offers to print a card again after a failure of the kiosk, but not once the card is produced", async () => {
  const simulator = createKioskSimulator({ cards: [CARD] });
  const jobs = new PrintJobs({
    client: new WiseKioskClient(simulator.clientOptions()),
    store: memoryPrintJobStore(),
  });
  const webhooks = new KioskWebhooks(simulator.webhookOptions());
  const printAndEnd = async (end: () => unknown) => {
    const { id } = await jobs.print({ ...CARD, kioskId: "WIS00001" });
    end();
    for (const { body } of simulator.deliveries) {
      const event = webhooks.parseUnverified(body);
      if (event.type !== "other") await jobs.apply(event);
    }
    const view = toClerkView((await jobs.get(id)) as PrintJob);
    return [view.state, view.mayPrintAgain];
  };
  expect(await printAndEnd(() => simulator.card(CARD.cardToken).fail("PRD_HOPPER_JAM"))).toEqual(["failed", true]);
  expect(await printAndEnd(() => simulator.card(CARD.cardToken).complete())).toEqual(["produced", false]);
});
