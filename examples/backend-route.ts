import { createServer } from "node:http";
import { canProduce, isKioskError, mayHaveTakenEffect } from "wise-card-kiosk";
import { claimPrint, releasePrint } from "./backend/print-claims.js";
import { cards } from "./backend/records.js";
import { errorToTillResponse, type TillResponse, toTillResponse } from "./backend/till-response.js";
import { wise } from "./backend/wise.js";

/**
 * The backend of a bank, for the clerks' screens in its branches:
 *
 *     POST /cards/:token/print?kiosk=WIS00001    prints a card, and returns what the clerk must do
 *     GET  /cards/:token                         returns the state of the card
 *
 * This example does not authenticate its callers. Add that before you use it.
 */
const { PORT = "3000", WAIT_MS = "25000" } = process.env;

const NO_SUCH_CARD: TillResponse = { httpStatus: 404, next: "fix-request", message: "The bank has no such card." };
const CLAIMED: TillResponse = { httpStatus: 202, next: "wait", message: "The card may already be printing." };

async function showCard(cardToken: string): Promise<TillResponse> {
  const card = cards.get(cardToken);
  if (card === undefined) return NO_SUCH_CARD;
  return toTillResponse(await wise.getProductionStatus({ ...card, cardToken }));
}

/** Prints a card once, even if the clerk presses twice, or again while the outcome of the first press is unknown. */
async function print(cardToken: string, kioskId: string): Promise<TillResponse> {
  const card = cards.get(cardToken);
  if (card === undefined) return NO_SUCH_CARD;
  const claim = claimPrint(cardToken);
  if (claim === undefined) return CLAIMED;
  try {
    const { isUnseen = false, ...result } = await produce({ ...card, cardToken }, kioskId);
    if (!isUnseen && result.next !== "check-status") releasePrint(cardToken, claim);
    return result;
  } catch (error) {
    if (!mayHaveTakenEffect(error)) releasePrint(cardToken, claim);
    throw error;
  }
}

/**
 * Prints a card and waits for the result. The calls get no signal from the screen's request: a screen that disconnects must not
 * leave the card in doubt.
 */
async function produce(
  card: { profileId: string; cardToken: string },
  kioskId: string,
): Promise<TillResponse & { readonly isUnseen?: boolean }> {
  const previous = await wise.getProductionStatus(card);
  if (!canProduce(previous)) return toTillResponse(previous);
  const started = await wise.produceCard({ ...card, kioskId, previous });
  if (started.status !== "IN_PROGRESS") return toTillResponse(started);
  try {
    // A read may show the failure before this print for a moment longer. `previous` keeps it from ending the wait.
    return toTillResponse(await wise.waitForProduction(card, { previous, maxWaitMs: Number(WAIT_MS) }));
  } catch (error) {
    console.error(error);
    // Reads may lag. Keep the claim until one has shown the print: otherwise the next press could read READY and print again.
    const isSeen =
      isKioskError(error) && error.code === "ERR_WAIT_TIMEOUT" && error.lastProduction?.status === "IN_PROGRESS";
    return { ...toTillResponse(started), isUnseen: !isSeen };
  }
}

async function handle(method: string | undefined, url: string): Promise<TillResponse> {
  const { pathname, searchParams } = new URL(`http://backend${url}`);
  const [, cardToken, action] = /^\/cards\/([\w-]+)(\/print)?$/.exec(pathname) ?? [];
  if (cardToken !== undefined && method === "POST" && action !== undefined) {
    return print(cardToken, searchParams.get("kiosk") ?? "");
  }
  if (cardToken !== undefined && method === "GET" && action === undefined) return showCard(cardToken);
  return { httpStatus: 404, next: "fix-request", message: "There is no such route." };
}

export const server = createServer(async ({ method, url = "/" }, response) => {
  const { httpStatus, ...body } = await handle(method, url).catch((error) => {
    console.error(error);
    return errorToTillResponse(error);
  });
  response.writeHead(httpStatus, { "content-type": "application/json" }).end(JSON.stringify(body));
});

server.listen(Number(PORT));
