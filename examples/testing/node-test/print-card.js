import { describeProduction } from "wise-card-kiosk";

/** The code under test: prints a card, and returns the line for the clerk's screen. */
export async function printCard(kiosk, request) {
  const started = await kiosk.produceCard(request);
  if (started.status !== "IN_PROGRESS") return describeProduction(started);
  return describeProduction(await kiosk.waitForProduction(request));
}
