import { createServer } from "node:http";
import { canProduce } from "wise-card-kiosk";
import { cards } from "./backend/records.js";
import { answerTo, answerToError, type TillAnswer } from "./backend/till-answer.js";
import { wise } from "./backend/wise.js";

/**
 * The backend of a bank, for the tills of its branches:
 *
 *     POST /cards/:token/print?kiosk=WIS00001    prints a card, and answers what the clerk has to do
 *     GET  /cards/:token                         looks where it stands
 *
 * Who may call it is for the bank to check before.
 */
const { PORT = "3000", WAIT_MS = "25000" } = process.env;

const NO_SUCH_CARD: TillAnswer = { httpStatus: 404, next: "fix-request", message: "The bank has no such card." };

/** The cards that are being printed, so that a clerk who presses twice prints once. In a bank this is a lock on the row. */
const printing = new Set<string>();

async function look(cardToken: string): Promise<TillAnswer> {
  const card = cards.get(cardToken);
  if (card === undefined) return NO_SUCH_CARD;
  return answerTo(await wise.getProductionStatus({ ...card, cardToken }));
}

async function print(cardToken: string, kioskId: string): Promise<TillAnswer> {
  const card = cards.get(cardToken);
  if (card === undefined) return NO_SUCH_CARD;
  if (printing.has(cardToken)) return { httpStatus: 202, next: "wait", message: "The card is being printed." };
  printing.add(cardToken);
  try {
    return await produce({ ...card, cardToken }, kioskId);
  } finally {
    printing.delete(cardToken);
  }
}

/** No signal of the till's request goes in here: a till that hangs up must not leave the card in doubt. */
async function produce(card: { profileId: string; cardToken: string }, kioskId: string): Promise<TillAnswer> {
  const previous = await wise.getProductionStatus(card);
  if (!canProduce(previous)) return answerTo(previous);
  const started = await wise.produceCard({ ...card, kioskId, previous });
  if (started.status !== "IN_PROGRESS") return answerTo(started);
  try {
    // After a failure the card may read as failed for a moment longer: `after` lets that pass.
    return answerTo(await wise.waitForProduction(card, { after: previous, maxWaitMs: Number(WAIT_MS) }));
  } catch (error) {
    console.error(error);
    return answerTo(started);
  }
}

async function answer(method: string | undefined, url: string): Promise<TillAnswer> {
  const { pathname, searchParams } = new URL(`http://backend${url}`);
  const [, cardToken, action] = /^\/cards\/([^/]+)(\/print)?$/.exec(pathname) ?? [];
  if (cardToken !== undefined && method === "POST" && action !== undefined) {
    return print(decodeURIComponent(cardToken), searchParams.get("kiosk") ?? "");
  }
  if (cardToken !== undefined && method === "GET" && action === undefined) return look(decodeURIComponent(cardToken));
  return { httpStatus: 404, next: "fix-request", message: "There is no such route." };
}

export const server = createServer(async ({ method, url = "/" }, response) => {
  const { httpStatus, ...body } = await answer(method, url).catch((error) => {
    console.error(error);
    return answerToError(error);
  });
  response.writeHead(httpStatus, { "content-type": "application/json" }).end(JSON.stringify(body));
});

server.listen(Number(PORT));
