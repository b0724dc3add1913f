import { adviceFor, describeProduction } from "wise-card-kiosk";
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
  const mayPrintAgain = !isOpenPrintJob(job) && isPrintable(job);
  return { id, cardToken, kioskId, state, requestedBy, history, message: describe(job), mayPrintAgain };
}

/** Returns whether a new print of a closed job's card may succeed. It reads the card first, so it prints nothing twice. */
function isPrintable(job: PrintJob): boolean {
  if (job.state === "produced" || findObstacle(job) !== undefined) return false;
  if (job.production === null) return true;
  const { canProduce, nextStep } = adviceFor(job.production);
  // A refusal is not the state of the card. Only some requests would be refused again.
  return job.state === "refused" ? nextStep !== "contact-wise" : canProduce;
}

/** Returns what a clerk does about an error that the next print would meet again. */
function findObstacle({ state, error }: PrintJob): string | undefined {
  if (state !== "not-sent") return undefined;
  switch (error?.code) {
    case "ERR_TOKEN":
    case "ERR_AUTHENTICATION":
    case "ERR_PERMISSION":
      return "The bank has no access to this card at Wise. Ask support.";
    case "ERR_NOT_FOUND":
      return "Wise does not know this card. Ask support.";
    case "ERR_UNPROCESSABLE":
      return "The card may be older than 60 days. Order a new one.";
    default:
      return undefined;
  }
}

function describe(job: PrintJob): string {
  const { state, production } = job;
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
      return `The kiosk failed.${details || " Check the machine, then print the card again."}`;
    case "refused":
      return `Wise did not accept the request.${details}`;
    case "not-sent":
      return `Nothing was printed for this request. ${findObstacle(job) ?? (details.trim() || "Print the card again.")}`;
  }
}
