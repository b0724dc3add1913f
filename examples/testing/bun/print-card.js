import { describeProduction } from "wise-card-kiosk";

/** The code under test: prints a card, and gives the line for the clerk's screen. */
export async function printCard(kiosk, request) {
  const answer = await kiosk.produceCard(request);
  if (answer.status !== "IN_PROGRESS") return describeProduction(answer);
  return describeProduction(await kiosk.waitForProduction(request));
}
