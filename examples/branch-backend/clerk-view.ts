import { describeProduction } from "wise-card-kiosk";
import { isOpenPrintJob, type PrintJob } from "wise-card-kiosk/print-jobs";

/** What the screen of a clerk shows of a print job. */
export interface ClerkView
  extends Pick<PrintJob, "id" | "cardToken" | "kioskId" | "state" | "requestedBy" | "history"> {
  /** What happened and what to do, in one line. */
  readonly message: string;
  /** Whether the clerk may press "print" again, which creates a new job with a new id. */
  readonly mayPrintAgain: boolean;
}

/** Returns what the screen shows of a job. */
export function toClerkView(job: PrintJob): ClerkView {
  const { id, cardToken, kioskId, state, requestedBy, history } = job;
  const mayPrintAgain = !isOpenPrintJob(job) && state !== "produced";
  return { id, cardToken, kioskId, state, requestedBy, history, message: describe(job), mayPrintAgain };
}

function describe({ state, production }: PrintJob): string {
  const details = production === null ? "" : ` ${describeProduction(production)}`;
  switch (state) {
    case "requested":
      return "The request is on its way, or its outcome is not known yet. Wait: this needs no action.";
    case "accepted":
      return `The kiosk is printing the card, or will print it.${details}`;
    case "unresolved":
      return "It is not known whether the card was printed. Check the kiosk, then record what you found.";
    case "produced":
      return "The card is printed, and the customer has it.";
    case "failed":
      return `The kiosk failed.${details}`;
    case "refused":
      return `Wise did not accept the request.${details}`;
    case "not-sent":
      return `Nothing was printed for this request.${details}`;
  }
}
