import { parseArgs } from "node:util";
import {
  canProduce,
  describeErrorCode,
  describeProduction,
  type Environment,
  isKioskError,
  type Production,
  WiseKioskClient,
} from "wise-card-kiosk";

const USAGE = `Prints one card at a kiosk, and follows it until the customer holds it.

  WISE_ENVIRONMENT=sandbox WISE_API_TOKEN=… npx tsx examples/print-one-card.ts \\
    --profile 123456 --card ca0c8154-1e14-4464-a1ce-dcea7dc3de52 --kiosk WIS00001

WISE_ENVIRONMENT is sandbox or production, and WISE_BASE_URL names a gateway before it.

Exit code:
  0  the card is produced
  1  it is not, and the last line says what to do
  2  an argument or variable is wrong; nothing is printed
  3  nobody knows yet: read the status before you print again
  4  the request failed, and surely nothing is printed`;

const EXIT = { produced: 0, notProduced: 1, usage: 2, unknown: 3, failed: 4 };

const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort(new Error("Interrupted.")));
const { signal } = interrupt;

/** Whether the card may be at the kiosk already, so that a failure from then on says nothing about it. */
let isUnderWay = false;
let lastLine = "";

process.exitCode = await printOneCard().catch(explain);

async function printOneCard(): Promise<number> {
  const text = { type: "string" } as const;
  const {
    profile = "",
    card: cardToken = "",
    kiosk: kioskId = "",
  } = parseArgs({
    options: { profile: text, card: text, kiosk: text },
  }).values;
  const { WISE_ENVIRONMENT, WISE_BASE_URL, WISE_API_TOKEN } = process.env;
  const wise = new WiseKioskClient({
    environment: WISE_ENVIRONMENT as Environment,
    ...(WISE_BASE_URL === undefined ? {} : { baseUrl: WISE_BASE_URL }),
    token: WISE_API_TOKEN ?? "",
  });
  const card = { profileId: profile, cardToken };

  const before = await wise.getProductionStatus(card, { signal });
  show(before);
  if (canProduce(before)) {
    const answer = await wise.produceCard({ ...card, kioskId, previous: before }, { signal });
    show(answer);
    if (answer.status === "REQUEST_ERROR") return exitCodeOf(answer);
  } else if (before.status !== "IN_PROGRESS") {
    return exitCodeOf(before);
  }
  isUnderWay = true;
  return exitCodeOf(await wise.waitForProduction(card, { after: before, onChange: show, signal }));
}

function show(production: Production): void {
  const line = describeProduction(production);
  if (line !== lastLine) console.log(line);
  lastLine = line;
}

function exitCodeOf(production: Production): number {
  switch (production.status) {
    case "PRODUCED":
      return EXIT.produced;
    case "PRODUCTION_ERROR":
      return EXIT.notProduced;
    case "REQUEST_ERROR": {
      const { nextStep } = describeErrorCode("request", production.errorCode) ?? { nextStep: "check-status" };
      return nextStep === "check-status" ? EXIT.unknown : EXIT.notProduced;
    }
    default:
      return EXIT.unknown;
  }
}

function explain(error: unknown): number {
  console.error(String(error));
  if (isUnderWay || signal.aborted) return EXIT.unknown;
  if (!isKioskError(error) || error.code === "ERR_ARGUMENT") {
    console.error(`\n${USAGE}`);
    return EXIT.usage;
  }
  return error.mayHaveTakenEffect ? EXIT.unknown : EXIT.failed;
}
