import { parseArgs } from "node:util";
import {
  adviceFor,
  describeProduction,
  type Environment,
  isFinal,
  isKioskError,
  mayHaveTakenEffect,
  type ProduceCardRequest,
  type Production,
  WiseKioskClient,
} from "wise-card-kiosk";

const USAGE = `Prints one card at a kiosk and follows it until the customer holds it.

  WISE_ENVIRONMENT=sandbox WISE_API_TOKEN=… npx tsx examples/print-one-card.ts \\
    --profile 123456 --card ca0c8154-1e14-4464-a1ce-dcea7dc3de52 --kiosk WIS00001

WISE_ENVIRONMENT is sandbox or production. WISE_BASE_URL names a gateway that receives the requests instead.

Exit code:
  0  the card is produced
  1  the card is not produced; the last line says what to do
  2  an argument or variable is wrong; nothing is printed
  3  the outcome is unknown: read the status before you print again
  4  the request failed; nothing is printed`;

const EXIT = { produced: 0, notProduced: 1, usage: 2, unknown: 3, failed: 4 };

const interrupt = new AbortController();
process.once("SIGINT", () => interrupt.abort(new Error("Interrupted.")));
const { signal } = interrupt;

/** Whether the kiosk may be printing the card: from then on, an error says nothing about the print. */
let isUnderWay = false;
let lastLine = "";

const request = readArguments();
process.exitCode = request === undefined ? EXIT.usage : await printOneCard(request).catch(explain);

function readArguments(): ProduceCardRequest | undefined {
  const text = { type: "string" } as const;
  try {
    const { values } = parseArgs({ options: { profile: text, card: text, kiosk: text } });
    return { profileId: values.profile ?? "", cardToken: values.card ?? "", kioskId: values.kiosk ?? "" };
  } catch (error) {
    showUsage(error);
    return undefined;
  }
}

async function printOneCard({ profileId, cardToken, kioskId }: ProduceCardRequest): Promise<number> {
  const { WISE_ENVIRONMENT, WISE_BASE_URL, WISE_API_TOKEN } = process.env;
  const wise = new WiseKioskClient({
    environment: WISE_ENVIRONMENT as Environment,
    ...(WISE_BASE_URL === undefined ? {} : { baseUrl: WISE_BASE_URL }),
    token: WISE_API_TOKEN ?? "",
  });

  const card = { profileId, cardToken };
  const before = await wise.getProductionStatus(card, { signal });
  show(before);
  if (adviceFor(before).canProduce) {
    const started = await wise.produceCard({ ...card, kioskId, previous: before }, { signal });
    show(started);
    if (started.status === "REQUEST_ERROR") return toExitCode(started);
  } else if (before.status !== "IN_PROGRESS") {
    return toExitCode(before);
  }
  isUnderWay = true;
  return toExitCode(await wise.waitForProduction(card, { previous: before, onChange: show, signal }));
}

function show(production: Production): void {
  const line = describeProduction(production);
  if (line !== lastLine) console.log(line);
  lastLine = line;
}

function toExitCode(production: Production): number {
  if (isFinal(production)) return EXIT.produced;
  const isUnknown = production.status === "UNRECOGNIZED" || adviceFor(production).nextStep === "check-status";
  return isUnknown ? EXIT.unknown : EXIT.notProduced;
}

function explain(error: unknown): number {
  if (isKioskError(error) && error.code === "ERR_ARGUMENT") {
    showUsage(error);
    return EXIT.usage;
  }
  console.error(String(error));
  return isUnderWay || mayHaveTakenEffect(error) ? EXIT.unknown : EXIT.failed;
}

function showUsage(error: unknown): void {
  console.error(`${error}\n\n${USAGE}`);
}
